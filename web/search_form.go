package web

import (
	"net/http"
	"net/url"
	"strings"

	"veilleur/index/query"
)

// plainForm is a search for who does not know the query language: each field
// says what it does.
type plainForm struct {
	All, Phrase, Any, None, Title string
	Lang                          string // fr, en, autre or ""
	From, To                      string
	TooRich                       bool // the query asked cannot be shown in these fields
}

// searchForm shows the form; sent, it builds the query and goes to what it
// finds.
func (s *Server) searchForm(v *visit) error {
	values := v.QueryParams()
	if values.Has("tous") {
		return v.goTo(readPlain(values).inquiry().path())
	}
	f := plainOf(readInquiry(values))
	return v.page(http.StatusOK, page{Title: v.T("search.form_title"), Nav: "watch"}, searchFormPage(v, f))
}

func readPlain(values url.Values) plainForm {
	get := func(name string) string { return strings.TrimSpace(values.Get(name)) }
	return plainForm{All: get("tous"), Phrase: get("phrase"), Any: get("un"), None: get("sans"), Title: get("titre"),
		Lang: get("langue"), From: get("du"), To: get("au")}
}

// inquiry is the search the form describes. Every word is taken as a word,
// whatever it means in the query language, but a star at its end.
func (f plainForm) inquiry() inquiry {
	var parts []string
	parts = append(parts, each(strings.Fields(f.All), plainWord)...)
	if f.Phrase != "" {
		parts = append(parts, plainWord(f.Phrase))
	}
	if any := each(strings.Fields(f.Any), plainWord); len(any) > 0 {
		parts = append(parts, "("+strings.Join(any, " OR ")+")")
	}
	parts = append(parts, each(strings.Fields(f.Title), func(w string) string { return "title:" + plainWord(w) })...)
	parts = append(parts, each(strings.Fields(f.None), func(w string) string { return "-" + plainWord(w) })...)
	a := inquiry{From: dayOrNone(f.From), To: dayOrNone(f.To), Langs: several([]string{f.Lang}, []string{"fr", "en", "autre"}), Page: 1}
	q, err := query.Parse(strings.Join(parts, " "))
	if err != nil {
		a.Q = strings.Join(parts, " ") // the page says what is wrong
		return a
	}
	a.Q = q.String()
	return a
}

// plainWord is a word or phrase of the query language, with its star.
func plainWord(w string) string {
	out := quotedWords(w)
	if strings.HasSuffix(w, "*") && len([]rune(w)) > 2 {
		out = strings.TrimSuffix(out, `"`) + `*"`
	}
	return out
}

// plainOf shows a search in the form, when it is simple enough.
func plainOf(a inquiry) plainForm {
	f := plainForm{From: a.From, To: a.To}
	if len(a.Langs) == 1 {
		f.Lang = a.Langs[0]
	}
	q, err := query.Parse(a.Q)
	if err == nil && (q.Empty() || f.take(q.Root)) {
		return f
	}
	return plainForm{From: a.From, To: a.To, Lang: f.Lang, TooRich: true}
}

// take puts one node of a query into its field, and tells whether it has one.
func (f *plainForm) take(n query.Node) bool {
	switch n := n.(type) {
	case query.And:
		for _, part := range n {
			if !f.take(part) {
				return false
			}
		}
		return true
	case query.Or:
		for _, part := range n {
			t, ok := part.(query.Text)
			if !ok || !single(t) || t.In != query.Anywhere {
				return false
			}
			add(&f.Any, t)
		}
		return true
	case query.Not:
		t, ok := n.Of.(query.Text)
		if !ok || !single(t) || t.In != query.Anywhere {
			return false
		}
		add(&f.None, t)
		return true
	case query.Text:
		return f.takeText(n)
	}
	return false
}

func (f *plainForm) takeText(t query.Text) bool {
	switch {
	case t.Near > 0:
		return false
	case t.In == query.Title && single(t):
		add(&f.Title, t)
	case t.In != query.Anywhere:
		return false
	case single(t):
		add(&f.All, t)
	case f.Phrase == "":
		f.Phrase = t.Text
	default:
		return false
	}
	return true
}

func single(t query.Text) bool { return len(t.Words) == 1 && t.Near == 0 }

func add(to *string, t query.Text) {
	word := t.Text
	if t.Prefix {
		word += "*"
	}
	*to = strings.TrimSpace(*to + " " + word)
}

func langOptions(v *visit) []option {
	return []option{{Value: "", Label: v.T("search.lang_any")}, {Value: "fr", Label: v.T("search.lang_fr")},
		{Value: "en", Label: v.T("search.lang_en")}, {Value: "autre", Label: v.T("search.lang_autre")}}
}
