package web

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"veilleur/internal/veille"
)

// htmxConfig forbids what the content policy forbids, keeps no page in the
// browser, and shows the answers of refused requests.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,` +
	`"selfRequestsOnly":true,"responseHandling":[{"code":"204","swap":false},{"code":"[2345]..","swap":true}]}`

// favicon is the lamp of the brand.
const favicon templ.SafeURL = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
	"%3Ccircle cx='16' cy='16' r='15' fill='%23f0b75a' opacity='.35'/%3E%3Ccircle cx='16' cy='16' r='9' fill='%23f0b75a'/%3E%3C/svg%3E"

// currentPage marks the link to the page one reads.
func currentPage(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func otherLocale(v *visit) string {
	if v.Locale() == "fr" {
		return "en"
	}
	return "fr"
}

// otherLanguagePath is the same page in the other language, its other
// parameters kept.
func otherLanguagePath(v *visit) string {
	if v.Context == nil {
		return "?langue=" + otherLocale(v)
	}
	q := v.Request().URL.Query()
	q.Set("langue", otherLocale(v))
	return "?" + q.Encode()
}

// noticeIcon is the shape beside the colour of a notice.
func noticeIcon(kind string) string {
	switch kind {
	case "ok":
		return "circle-check"
	case "warn":
		return "triangle-alert"
	case "bad":
		return "circle-x"
	}
	return "info"
}

// levelLook is the colour and the icon of a level; its word stands beside.
func levelLook(l veille.Level) (class, icon string) {
	switch l {
	case veille.LevelCrisis, veille.LevelEscalate:
		return "bad", "siren"
	case veille.LevelReview:
		return "warn", "triangle-alert"
	case veille.LevelWatch:
		return "warn", "eye"
	}
	return "calm", "shield-check"
}

// toneWords names the words that made a tone, at most three, strongest first
// as they come, quoted: « inquiets », « fermer ».
func toneWords(v *visit, class string, words []veille.ToneWord) string {
	way := map[string]float64{"negative": -1, "positive": 1}
	words = veille.Pulling(words, way[class])
	var out []string
	for _, w := range words[:min(3, len(words))] {
		out = append(out, v.Quote(w.Word))
	}
	return strings.Join(out, ", ")
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// A field is one question of a form.
type field struct {
	Name, Label  string
	Hint         string // how to answer; "" for none
	Error        string // what is wrong with the answer; "" for nothing
	Value        string
	Type         string // of the input: text when ""
	Autocomplete string
	Placeholder  string
	Required     bool
	Rows         int // of a textarea: 5 when 0
	Options      []option
	Extra        templ.Attributes // any other attribute of the control
}

// An option is one answer of a choice.
type option struct {
	Value, Label string
	On           bool // a checkbox that is ticked; a select follows field.Value
}

func (f field) id() string { return "f-" + f.Name }

// attributes are those that every control shares.
func (f field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name, "required": f.Required}
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	if f.Placeholder != "" {
		a["placeholder"] = f.Placeholder
	}
	var by []string
	if f.Hint != "" {
		by = append(by, f.id()+"-hint")
	}
	if f.Error != "" {
		by = append(by, f.id()+"-error")
		a["aria-invalid"] = "true"
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
	for k, x := range f.Extra {
		a[k] = x
	}
	return a
}

func (f field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f field) rows() int {
	if f.Rows == 0 {
		return 5
	}
	return f.Rows
}
