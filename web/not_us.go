package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/internal/veille"
)

// A notUsModel is an entry that a topic found by mistake, and what would keep
// such entries out.
type notUsModel struct {
	Entry   veille.Entry
	Medium  string
	Topic   veille.Topic
	Mention veille.Mention
	Refused bool           // she said so
	Learned []lesson       // what the topic learned from that and the others
	Others  []veille.Topic // of her branch, which found it too
	Ways    []exclusion
	Own     string // what she typed herself
	Error   string
}

// An exclusion is one way to keep entries out, and those it would hide.
type exclusion struct {
	Says    string
	Except  string // in the query language
	Query   string // the topic's query with it
	All     int    // stored mentions it would hide
	Counted int    // of them, those that count today
	Kept    int    // of them, those she or another said are theirs
	Cut     bool   // only the latest mentions were tried
	Rows    []hiddenRow
	Path    string // opens all of them
}

// notUsForm shows what each exclusion would hide; it changes nothing.
func (s *Server) notUsForm(v *visit) error {
	m, err := s.notUsOf(v)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("search.not_us"), Nav: "watch"}, notUsPage(v, m))
}

func (s *Server) notUsOf(v *visit) (notUsModel, error) {
	sc, err := s.scene(v)
	if err != nil {
		return notUsModel{}, err
	}
	e, err := s.entrySeen(v, sc, veille.EntryID(v.value("article")))
	if err != nil {
		return notUsModel{}, err
	}
	t, err := ownTopic(v, sc)
	if err != nil {
		return notUsModel{}, err
	}
	m := notUsModel{Entry: e, Medium: mediumOf(e, sc.Sources), Topic: t, Own: v.value("sauf")}
	if err := s.readNotUs(v, sc, &m); err != nil {
		return m, err
	}
	return m, s.weigh(v, sc, &m)
}

// ownTopic is the topic of her branch that she acts on.
func ownTopic(v *visit, sc scene) (veille.Topic, error) {
	t, ok := sc.topic(veille.TopicID(v.value("sujet")))
	if !ok || t.BranchID != v.Branch.ID {
		return t, veille.ErrNotFound
	}
	return t, nil
}

// readNotUs reads how the mention stands, and what was learned.
func (s *Server) readNotUs(v *visit, sc scene, m *notUsModel) error {
	ids := []veille.EntryID{m.Entry.ID}
	by, err := s.foundBy(v, sc, ids)
	if err != nil {
		return err
	}
	hidden, err := s.hiddenBy(v, sc, ids)
	if err != nil {
		return err
	}
	for _, found := range append(by[m.Entry.ID], hidden[m.Entry.ID]...) {
		switch {
		case found.Topic.ID == m.Topic.ID:
			m.Mention = found.Mention
		case found.Topic.BranchID == v.Branch.ID && !found.Mention.Standing.Hidden():
			m.Others = append(m.Others, found.Topic)
		}
	}
	m.Refused = m.Mention.Standing == veille.StandingRefused
	m.Learned, err = s.lessons(v, m.Topic.ID)
	return err
}

// weigh tries each exclusion on the mentions stored.
func (s *Server) weigh(v *visit, sc scene, m *notUsModel) error {
	of, err := query.Parse(m.Topic.Query)
	if err != nil {
		return err
	}
	var leaves []query.Query
	for _, way := range exclusions(v, *m, sc, of) {
		no, err := query.Parse(way.Except)
		if err != nil || no.Empty() {
			m.Error = v.problem(err)
			continue
		}
		way.Query = query.Except(of, no).Format(v.Locale())
		way.Path = inquiry{Q: query.All(of, no).Format(v.Locale()), ByEntry: true, Page: 1}.path()
		m.Ways, leaves = append(m.Ways, way), append(leaves, no)
	}
	losses, err := s.deps.News.Corrections.Losses(v.ctx(), m.Topic.ID, leaves)
	if err != nil {
		return err
	}
	for i, l := range losses {
		way := &m.Ways[i]
		way.All, way.Counted, way.Kept, way.Cut = l.All, l.Counted, l.Kept, l.Cut
		if way.Rows, err = s.mentionRows(v, sc, l.Mentions); err != nil {
			return err
		}
	}
	return nil
}

// mostPhrases is how many phrases of an entry are proposed, beside its source.
const mostPhrases = 4

// exclusions proposes what to leave out: what she typed, what the name stands
// beside, the telling phrases of the entry that the topic does not ask for,
// then its source.
func exclusions(v *visit, m notUsModel, sc scene, of query.Query) []exclusion {
	var out []exclusion
	if m.Own != "" {
		out = append(out, exclusion{Says: v.T("search.except_own", "words", m.Own), Except: plainWord(m.Own)})
	}
	said := map[string]bool{}
	propose := func(phrase string) {
		if folded := wordsFolded(phrase); !said[folded] && len(said) < mostPhrases {
			said[folded] = true
			out = append(out, exclusion{Says: v.T("search.except_words", "words", phrase), Except: quotedWords(phrase)})
		}
	}
	for _, c := range m.Mention.Clues {
		if strings.Contains(c.Word, " ") {
			propose(c.Word)
		}
	}
	for _, phrase := range relevance.Beside(m.Mention.Passages) {
		propose(phrase)
	}
	e := m.Entry
	keys := slices.Clone(e.Reading.Keyphrases) // several words tell homonyms apart better than one
	slices.SortStableFunc(keys, func(a, b string) int { return min(2, len(strings.Fields(b))) - min(2, len(strings.Fields(a))) })
	for _, phrase := range keys {
		if words := query.Passages(of, e.Reading.Lang, phrase, "", 1); len(words) == 0 { // else the topic asks for these very words
			propose(phrase)
		}
	}
	if src, ok := sc.Sources[e.SourceID]; ok {
		out = append(out, exclusion{Says: v.T("search.except_source", "source", src.Name()), Except: "source:" + quotedWords(src.Name())})
	}
	return out
}

// notUs keeps the topic with the exclusion she chose.
func (s *Server) notUs(v *visit) error {
	sc, err := s.scene(v)
	if err != nil {
		return err
	}
	t, err := ownTopic(v, sc)
	if err != nil {
		return err
	}
	of, err1 := query.Parse(t.Query)
	no, err2 := query.Parse(v.value("sauf"))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if no.Empty() {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("search.except_needed"), nil)
	}
	t.Query = query.Except(of, no).String()
	if _, err := s.deps.News.Watch.Save(v.ctx(), t); err != nil {
		return err
	}
	return v.done(inquiry{Topics: []string{string(t.ID)}, Page: 1}.path(), veille.Say("search.excepted", "name", t.Name))
}

func notUsPath(e veille.EntryID, t veille.TopicID) string {
	return "/veille/pas-nous?" + url.Values{"article": {string(e)}, "sujet": {string(t)}}.Encode()
}

func wayID(i int) string { return "way-" + strconv.Itoa(i) }
