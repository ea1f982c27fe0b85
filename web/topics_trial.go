package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// A topicTrial is what a query finds in the archive, or the mistake in it.
type topicTrial struct {
	Query   string
	Explain []query.Line
	Entries int // in topicDays
	Found   []engine.Found
	Mistake *query.Error
	Says    string // a refusal that is no mistake of writing
	Fix     string // the page with the query mended; "" when there is no mend
}

// try looks for what a query finds.
func (s *Server) try(v *visit, t veille.Topic) (topicTrial, error) {
	out := topicTrial{Query: t.Query}
	if t.Query == "" {
		return out, nil
	}
	res, err := s.deps.Settings.Finder.Search(v.ctx(), v.Branch.ID, engine.SearchRequest{
		Query: t.Query, After: topicSince(v.Now), Sort: "recent", Limit: 5, Zone: v.Zone,
	})
	if errors.As(err, &out.Mistake) {
		if mended := t; out.Mistake.Mend != "" {
			mended.Query = out.Mistake.Mend
			out.Fix = topicFormPath(mended)
		}
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if !query.Positive(res.Query) {
		out.Says = v.T("topic.query_needed")
		return out, nil
	}
	out.Explain, out.Entries, out.Found = query.Explain(res.Query), res.Entries, res.Found
	return out, nil
}

// topicTry is the part of the form that shows what its query finds.
func (s *Server) topicTry(v *visit) error {
	t := v.readTopicForm(veille.Topic{ID: veille.TopicID(v.value("id"))})
	if !v.wantsPart() {
		return v.goTo(topicFormPath(t))
	}
	trial, err := s.try(v, t)
	if err != nil {
		return err
	}
	return v.part(http.StatusOK, topicTrialPart(v, trial))
}

// tryAsTyped asks for the trial again as the query is typed.
func tryAsTyped() templ.Attributes {
	return templ.Attributes{
		"spellcheck": "false", "hx-get": "/reglages/sujets/apercu", "hx-trigger": "input changed delay:400ms",
		"hx-target": "#trial", "hx-include": "closest form",
	}
}

// mistakeAt is a query cut where its mistake begins, the character there
// marked. A mistake at the end, where something is missing, marks its place.
func mistakeAt(e *query.Error, q string) veille.Passage {
	at := min(max(0, e.At), len(q))
	for at > 0 && at < len(q) && q[at]&0xC0 == 0x80 { // within a character
		at--
	}
	if at == len(q) {
		q += "␣"
	}
	end := at + 1
	for end < len(q) && q[end]&0xC0 == 0x80 {
		end++
	}
	return veille.Passage{Text: q, Marks: [][2]int{{at, end}}}
}

// foundPath leads to the story of an entry, or to the entry itself while it
// has none.
func foundPath(f engine.Found) string {
	if f.Story.ID == "" {
		return f.Entry.URL
	}
	return "/nouvelles/" + url.PathEscape(string(f.Story.ID))
}

// mistakeColumn is the place of the mistake, in characters from 1.
func mistakeColumn(e *query.Error, q string) int {
	return len([]rune(q[:min(max(0, e.At), len(q))])) + 1
}

// depthClass moves a line of an explanation to the right, four steps at most.
func depthClass(depth int) string {
	return "in-" + string(rune('0'+min(4, max(0, depth))))
}
