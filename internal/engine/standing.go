package engine

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/index/tone"
	"veilleur/internal/veille"
)

// Opinions is what a standing is told from beside the text: the names of the
// house, and what people said of mentions.
type Opinions interface {
	Branches(ctx context.Context) ([]veille.Branch, error)
	Corrections(ctx context.Context, topics []veille.TopicID) ([]veille.Correction, error)
	SettledMentions(ctx context.Context, topic veille.TopicID, limit int) ([]veille.Mention, error)
}

// A sieve tells how mentions stand: what people said of them, what
// index/relevance reads around the names, and what was learned from refusals.
type sieve struct {
	opinions Opinions
	branches []veille.Branch // as last read
	root     map[veille.BranchID]veille.BranchID
	guards   map[veille.BranchID]guarded         // by root
	asks     map[veille.TopicID]*relevance.Guard // of the topics whose mentions it is asked of
	said     map[veille.TopicID]said
}

// A guarded is a Guard with the names it was made of.
type guarded struct {
	names relevance.Names
	guard *relevance.Guard
}

// A said is what people said of the mentions of one topic, the latest first,
// and what was learned from it.
type said struct {
	corrections []veille.Correction
	lessons     []relevance.Lesson
	settled     int // kept mentions the refusals were held against; -1 when nothing was refused
}

func newSieve(o Opinions) *sieve {
	return &sieve{opinions: o, guards: map[veille.BranchID]guarded{}, said: map[veille.TopicID]said{}}
}

// refresh brings the sieve to the names and corrections as stored. changed
// tells that the topics are others than the last time.
func (s *sieve) refresh(ctx context.Context, topics map[veille.TopicID]watched, changed bool) error {
	branches, err := s.opinions.Branches(ctx)
	if err != nil {
		return fmt.Errorf("branches: %w", err)
	}
	if changed || !reflect.DeepEqual(s.branches, branches) {
		s.branches, s.root = branches, rootsOf(branches)
		s.guard(branches, topics)
		s.ask(topics)
	}
	all, err := s.opinions.Corrections(ctx, nil)
	if err != nil {
		return fmt.Errorf("corrections: %w", err)
	}
	by := map[veille.TopicID][]veille.Correction{}
	for _, c := range all {
		by[c.TopicID] = append(by[c.TopicID], c)
	}
	for id := range s.said {
		if len(by[id]) == 0 {
			delete(s.said, id)
		}
	}
	for id, cs := range by {
		old := s.said[id]
		if reflect.DeepEqual(old.corrections, cs) && (old.settled < 0 || old.settled >= settledEnough) {
			continue
		}
		if err := s.learn(ctx, id, cs); err != nil {
			return err
		}
	}
	return nil
}

// rootsOf gives the branch without a parent above each; a branch whose parent
// is gone is its own.
func rootsOf(branches []veille.Branch) map[veille.BranchID]veille.BranchID {
	parent := map[veille.BranchID]veille.BranchID{}
	for _, b := range branches {
		parent[b.ID] = b.ParentID
	}
	root := map[veille.BranchID]veille.BranchID{}
	for _, b := range branches {
		at := b.ID
		for range branches { // never longer than the list, whatever circle is stored
			up := parent[at]
			if _, known := parent[up]; !known {
				break
			}
			at = up
		}
		root[b.ID] = at
	}
	return root
}

// guard makes the guards whose names changed.
func (s *sieve) guard(branches []veille.Branch, topics map[veille.TopicID]watched) {
	asks := map[veille.BranchID][]asked{}
	for _, w := range topics {
		if w.topic.Subject != veille.SubjectTheme {
			r := s.root[w.topic.BranchID]
			asks[r] = append(asks[r], asked{w.topic, w.query})
		}
	}
	under := map[veille.BranchID][]veille.Branch{}
	for _, b := range branches {
		if r := s.root[b.ID]; r != b.ID {
			under[r] = append(under[r], b)
		}
	}
	for _, b := range branches {
		if s.root[b.ID] != b.ID {
			continue
		}
		names := namesOf(b, under[b.ID], asks[b.ID])
		if old, ok := s.guards[b.ID]; !ok || !reflect.DeepEqual(old.names, names) {
			s.guards[b.ID] = guarded{names, relevance.New(names)}
		}
	}
}

// ask notes the topics relevance is asked of: those about the movement or a
// branch, and those that ask for one by name.
func (s *sieve) ask(topics map[veille.TopicID]watched) {
	s.asks = map[veille.TopicID]*relevance.Guard{}
	for id, w := range topics {
		g := s.guards[s.root[w.topic.BranchID]].guard
		if g != nil && (w.topic.Subject != veille.SubjectTheme || namesOne(g, w.query)) {
			s.asks[id] = g
		}
	}
}

// settledMost is how many kept mentions a refusal is held against: what a
// year of a busy topic holds.
const settledMost = 500

// settledEnough is from how many kept mentions refusals are not read again
// until a person says more: a rebuild begins with none.
const settledEnough = 50

// learn takes what people said of the mentions of a topic.
func (s *sieve) learn(ctx context.Context, id veille.TopicID, cs []veille.Correction) error {
	now := said{corrections: cs, settled: -1}
	var refused, kept []relevance.Example
	for _, c := range cs {
		switch {
		case c.Kind != veille.CorrectAbout:
		case c.Value == veille.AboutNotUs:
			refused = append(refused, relevance.Example{Family: c.Original, Passages: c.Passages})
		default:
			kept = append(kept, relevance.Example{Family: c.Original, Passages: c.Passages})
		}
	}
	if len(refused) > 0 {
		settled, err := s.opinions.SettledMentions(ctx, id, settledMost)
		if err != nil {
			return fmt.Errorf("settled mentions of topic %s: %w", id, err)
		}
		now.settled = len(settled)
		for _, m := range settled {
			if !now.of(m.EntryID, veille.AboutNotUs) {
				kept = append(kept, relevance.Example{Family: m.EntryID, Passages: m.Passages})
			}
		}
		now.lessons = relevance.Learn(refused, kept)
	}
	s.said[id] = now
	return nil
}

// of tells whether a person said that of an entry.
func (s said) of(id veille.EntryID, value string) bool {
	return slices.ContainsFunc(s.corrections, func(c veille.Correction) bool {
		return c.Kind == veille.CorrectAbout && c.EntryID == id && c.Value == value
	})
}

// correction gives what a person said of a mention, or of a reprint in which
// the topic stands in the very same passages.
func (s said) correction(kind veille.CorrectionKind, m veille.Mention, original veille.EntryID) (c veille.Correction, own, ok bool) {
	for _, x := range s.corrections {
		if x.Kind == kind && x.EntryID == m.EntryID {
			return x, true, true
		}
	}
	for _, x := range s.corrections {
		if x.Kind == kind && x.Original == original && samePassages(x.Passages, m.Passages) {
			return x, false, true
		}
	}
	return c, false, false
}

// samePassages tells whether the passages of the text are word for word the
// same; the title is each medium's own.
func samePassages(a, b []veille.Passage) bool {
	texts := func(ps []veille.Passage) (out []string) {
		for _, p := range ps {
			if p.Field == "text" {
				out = append(out, p.Text)
			}
		}
		return out
	}
	x, y := texts(a), texts(b)
	return len(x) > 0 && slices.Equal(x, y)
}

func original(e veille.Entry) veille.EntryID {
	if e.Reading.DuplicateOf != "" {
		return e.Reading.DuplicateOf
	}
	return e.ID
}

// A weighing is one entry whose mentions are weighed: it is read once for all
// the topics of a movement.
type weighing struct {
	sieve    *sieve
	entry    veille.Entry
	verdicts map[*relevance.Guard]relevance.Verdict
}

func (s *sieve) weigh(e veille.Entry) *weighing { return &weighing{sieve: s, entry: e} }

// settle tells how a mention of a topic stands. What a person said wins; what
// the text says is still told beside a refusal.
func (w *weighing) settle(t watched, m *veille.Mention) {
	heard := w.sieve.said[m.TopicID]
	if g := w.sieve.asks[m.TopicID]; g != nil {
		m.Standing, m.Clues = w.read(g, t, *m)
	}
	if m.Standing == "" || m.Standing == veille.StandingWeak {
		if l, where, ok := relevance.Known(heard.lessons, m.Passages); ok {
			m.Standing, m.Clues = veille.StandingLike, []veille.Clue{{Kind: "word", Word: l.Word, Passage: where}}
		}
	}
	c, own, ok := heard.correction(veille.CorrectAbout, *m, original(w.entry))
	if !ok {
		return
	}
	if !m.Standing.Hidden() || c.Value == veille.AboutUs {
		m.Clues = nil
	}
	m.Standing = standingSaid(c.Value, own)
	if !own {
		m.Clues = []veille.Clue{{Kind: "reprint"}}
	}
}

// tone tells the tone of a mention toward its topic's subject: a person's
// word, else that of the clauses the subject stands in. A theme is no subject
// anything is said of.
func (w *weighing) tone(t watched, m *veille.Mention) {
	if c, _, ok := w.sieve.said[m.TopicID].correction(veille.CorrectTone, *m, original(w.entry)); ok {
		m.Tone = veille.Toward{From: veille.TonePerson, Tone: veille.Tones()[c.Value]}
		return
	}
	if t.topic.Subject != veille.SubjectTheme {
		m.Tone = tone.Toward(w.entry.Reading.Lang, m.Passages)
	}
}

func standingSaid(value string, own bool) veille.Standing {
	switch {
	case value == veille.AboutUs:
		return veille.StandingKept
	case own:
		return veille.StandingRefused
	}
	return veille.StandingLike
}

// read asks index/relevance. What a topic asks for beside the names speaks for
// a mention: it is then weak, not hidden, and a theme keeps it as it is.
func (w *weighing) read(g *relevance.Guard, t watched, m veille.Mention) (veille.Standing, []veille.Clue) {
	v := w.verdict(g)
	theme := t.topic.Subject == veille.SubjectTheme
	named := slices.ContainsFunc(v.Because, func(r relevance.Reason) bool { return r.What == "name" || r.What == "place" })
	switch {
	case len(v.Because) == 0:
		return "", nil
	case v.About == relevance.Neither && onlyNames(g, m.Passages):
		return veille.StandingHomonym, w.clues(v)
	case theme:
		return "", nil
	case v.About == relevance.Neither || v.Weak:
		return veille.StandingWeak, w.clues(v)
	case named:
		return veille.StandingNamed, nil
	}
	return "", nil
}

func (w *weighing) verdict(g *relevance.Guard) relevance.Verdict {
	v, ok := w.verdicts[g]
	if !ok {
		v = g.Judge(w.entry.Title, w.entry.Text)
		if w.verdicts == nil {
			w.verdicts = map[*relevance.Guard]relevance.Verdict{}
		}
		w.verdicts[g] = v
	}
	return v
}

// onlyNames tells whether a topic found nothing but names in passages.
func onlyNames(g *relevance.Guard, passages []veille.Passage) bool {
	for _, p := range passages {
		for _, k := range p.Marks {
			if !g.Own(p.Text[k[0]:k[1]]) {
				return false
			}
		}
	}
	return true
}

// mostClues is how many reasons a mention keeps: a person wants the telling
// ones, the text has the rest.
const mostClues = 3

func (w *weighing) clues(v relevance.Verdict) []veille.Clue {
	var out []veille.Clue
	for _, r := range v.Because[:min(len(v.Because), mostClues)] {
		field, s := "text", w.entry.Text
		if r.Title {
			field, s = "title", w.entry.Title
		}
		kind := r.What
		if kind == "bare" {
			kind = "thanked"
		}
		out = append(out, veille.Clue{Kind: kind, Word: r.Word, Passage: query.PassageAt(field, s, r.At, r.At+len(r.Word))})
	}
	return out
}
