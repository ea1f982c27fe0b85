package replay

import (
	"slices"
	"time"

	"veilleur/index/crisis"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// A player is where a replay stands.
type player struct {
	topics   []veille.Topic // the movement first
	mentions map[veille.TopicID][]veille.JudgedMention
	live     map[veille.TopicID]*veille.Incident
	level    map[veille.TopicID]veille.Level
	memo     *crisis.Memo
	since    time.Time
}

func newPlayer(r Replay) (*player, error) {
	p := &player{
		mentions: map[veille.TopicID][]veille.JudgedMention{}, live: map[veille.TopicID]*veille.Incident{},
		level: map[veille.TopicID]veille.Level{}, memo: crisis.NewMemo(), since: r.Entries[0].T,
	}
	m := match.New()
	for _, tp := range r.Topics {
		t := veille.Topic{ID: veille.TopicID(tp.ID), Name: tp.Name, Query: tp.Query, Subject: veille.SubjectBranch}
		if tp.Branch == nil {
			t.Subject = veille.SubjectMovement
		}
		q, err := query.Parse(tp.Query)
		if err != nil {
			return nil, err
		}
		m.Set(t.ID, q)
		p.topics = append(p.topics, t)
		p.level[t.ID] = veille.LevelNone
	}
	slices.SortStableFunc(p.topics, func(a, b veille.Topic) int { return rankOf(a) - rankOf(b) })
	p.read(r, m)
	return p, nil
}

// rankOf puts the movement before its branches, which inherit from it.
func rankOf(t veille.Topic) int {
	if t.Subject == veille.SubjectMovement {
		return 0
	}
	return 1
}

// EntryID is the id an entry of a replay is judged under.
func EntryID(e Entry) veille.EntryID { return veille.NewEntryID(veille.SourceID(e.Source), e.ID) }

// read gives every entry its reading, and every topic its mentions, as the
// engine does.
func (p *player) read(r Replay, m *match.Matcher) {
	sources := map[veille.SourceID]veille.Source{}
	for _, s := range r.Sources {
		sources[veille.SourceID(s.ID)] = veille.Source{ID: veille.SourceID(s.ID), Title: s.Name, Group: s.Group, Tier: veille.Tier(s.Tier)}
	}
	reader := engine.NewReader()
	for _, x := range r.Entries {
		src := sources[veille.SourceID(x.Source)]
		e := veille.Entry{ID: EntryID(x), SourceID: src.ID, Title: x.Title, Text: x.Text, Author: x.Author, Published: x.Published, Seen: x.T}
		if e.Published.IsZero() {
			e.Published = x.T
		}
		e.Reading = reader.Read(e, src.Press())
		for _, h := range m.Match(match.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}) {
			p.mentions[h.TopicID] = append(p.mentions[h.TopicID], veille.JudgedMention{
				Mention: veille.Mention{TopicID: h.TopicID, EntryID: e.ID, InTitle: h.InTitle, Passages: h.Passages, At: e.Published}, Entry: e, Source: src})
		}
	}
}

// judge judges every topic at one time.
func (p *player) judge(now time.Time, tell func(Judgement) error) error {
	var parent *veille.Incident
	for _, t := range p.topics {
		in := crisis.Input{Topic: t, Mentions: p.mentions[t.ID], Since: p.since, Previous: p.live[t.ID], Memo: p.memo}
		if t.Subject == veille.SubjectBranch {
			in.Parent = parent
		}
		v := crisis.Judge(in, now)
		next, _ := crisis.Apply(p.live[t.ID], t, v, now)
		level := veille.LevelNone
		if next != nil {
			p.live[t.ID] = next
			if next.Live() {
				level = next.Level
			}
		}
		if t.Subject == veille.SubjectMovement && next != nil && next.Live() {
			parent = next
		}
		j := Judgement{At: now, Topic: t, Level: level, Changed: level != p.level[t.ID], Verdict: v}
		p.level[t.ID] = level
		if err := tell(j); err != nil {
			return err
		}
	}
	return nil
}
