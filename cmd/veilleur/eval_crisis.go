package main

import (
	"encoding/json"
	"slices"
	"time"

	"veilleur/index/crisis"
	"veilleur/index/dedup"
	"veilleur/index/lang"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/index/story"
	"veilleur/index/tone"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

type evalCrisisCmd struct {
	evalFile `embed:""`
	Locale   string `enum:"fr,en" default:"fr" help:"Language of the reasons."`
}

// Run plays a replay and prints every change of level.
func (e evalCrisisCmd) Run(w *world) error {
	in, err := e.open(w)
	if err != nil {
		return err
	}
	defer in.Close()
	var r replay
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return wrong("read the replay: %v", err)
	}
	if len(r.Entries) == 0 {
		return nil
	}
	enc := json.NewEncoder(w.out)
	enc.SetEscapeHTML(false)
	return r.play(func(l levelChange) error { return enc.Encode(l) }, i18n.For(e.Locale))
}

// A replay is a timeline of entries as they were received, and the topics that
// watch them. Labels it may carry are not read.
type replay struct {
	Topics []struct {
		ID     string  `json:"id"`
		Name   string  `json:"name"`
		Branch *string `json:"branch"` // nil for the movement
		Query  string  `json:"query"`
	} `json:"topics"`
	Sources []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Group string `json:"publisher_group"`
		Tier  int    `json:"tier"`
	} `json:"sources"`
	Entries []struct {
		ID        string    `json:"id"`
		T         time.Time `json:"t"`
		Published time.Time `json:"published"`
		Source    string    `json:"source"`
		Author    string    `json:"author"`
		Title     string    `json:"title"`
		Text      string    `json:"text"`
	} `json:"entries"`
}

type levelChange struct {
	T       time.Time    `json:"t"`
	Topic   string       `json:"topic"`
	Level   string       `json:"level"` // none, watch, review, escalate or crisis
	Score   float64      `json:"score"`
	Because []levelPoint `json:"because"`
}

type levelPoint struct {
	Points  float64  `json:"points"`
	Reason  string   `json:"reason"`
	Entries []string `json:"entries"`
}

const (
	replayTick = 10 * time.Minute
	replayTail = 14 * 24 * time.Hour
)

// A player is where a replay stands.
type player struct {
	topics   []veille.Topic // the movement first
	mentions map[veille.TopicID][]veille.JudgedMention
	names    map[veille.EntryID]string
	live     map[veille.TopicID]*veille.Incident
	level    map[veille.TopicID]veille.Level
	memo     *crisis.Memo
	since    time.Time
	say      *i18n.Printer
	tell     func(levelChange) error
}

func (r replay) play(tell func(levelChange) error, say *i18n.Printer) error {
	p := &player{
		mentions: map[veille.TopicID][]veille.JudgedMention{}, names: map[veille.EntryID]string{}, live: map[veille.TopicID]*veille.Incident{},
		level: map[veille.TopicID]veille.Level{}, memo: crisis.NewMemo(), say: say, tell: tell,
	}
	if err := p.read(r); err != nil {
		return err
	}
	p.since = r.Entries[0].T
	end, next := r.Entries[len(r.Entries)-1].T.Add(replayTail), 0
	for tick := p.since; !tick.After(end); tick = tick.Add(replayTick) {
		for ; next < len(r.Entries) && r.Entries[next].T.Before(tick); next++ {
			if err := p.judge(r.Entries[next].T); err != nil {
				return err
			}
		}
		if err := p.judge(tick); err != nil {
			return err
		}
	}
	return nil
}

// read gives every entry its reading, and every topic its mentions, as the
// engine does.
func (p *player) read(r replay) error {
	m := match.New()
	for _, tp := range r.Topics {
		t := veille.Topic{ID: veille.TopicID(tp.ID), Name: tp.Name, Query: tp.Query, Subject: veille.SubjectBranch}
		if tp.Branch == nil {
			t.Subject = veille.SubjectMovement
		}
		q, err := query.Parse(tp.Query)
		if err != nil {
			return err
		}
		m.Set(t.ID, q)
		p.topics = append(p.topics, t)
		p.level[t.ID] = veille.LevelNone
	}
	slices.SortStableFunc(p.topics, func(a, b veille.Topic) int { return rankOf(a) - rankOf(b) })
	sources := map[veille.SourceID]veille.Source{}
	for _, s := range r.Sources {
		sources[veille.SourceID(s.ID)] = veille.Source{ID: veille.SourceID(s.ID), Title: s.Name, Group: s.Group, Tier: veille.Tier(s.Tier)}
	}
	dups, stories := dedup.New(dedup.Config{}), story.New(story.Config{})
	for _, x := range r.Entries {
		src := sources[veille.SourceID(x.Source)]
		e := veille.Entry{ID: veille.NewEntryID(veille.SourceID(x.Source), x.ID), SourceID: src.ID, Title: x.Title, Text: x.Text, Author: x.Author,
			Published: x.Published, Seen: x.T}
		if e.Published.IsZero() {
			e.Published = x.T
		}
		p.names[e.ID] = x.ID
		g := &e.Reading
		g.Lang, _ = lang.Detect(e.Title + ". " + e.Text)
		g.Tone, g.ToneWords = tone.Score(g.Lang, e.Title, e.Text)
		g.DuplicateOf, _ = dups.Add(dedup.Doc{ID: e.ID, Title: e.Title, Text: e.Text, At: e.Published})
		g.StoryID = stories.Add(story.Doc{ID: e.ID, Lang: g.Lang, Title: e.Title, Text: e.Text, Published: e.Published, Voice: src.Press(), DuplicateOf: g.DuplicateOf})
		for _, h := range m.Match(match.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}) {
			p.mentions[h.TopicID] = append(p.mentions[h.TopicID], veille.JudgedMention{
				Mention: veille.Mention{TopicID: h.TopicID, EntryID: e.ID, InTitle: h.InTitle, Passages: h.Passages, At: e.Published}, Entry: e, Source: src})
		}
	}
	return nil
}

// rankOf puts the movement before its branches, which inherit from it.
func rankOf(t veille.Topic) int {
	if t.Subject == veille.SubjectMovement {
		return 0
	}
	return 1
}

// judge judges every topic at one time and tells what changed.
func (p *player) judge(now time.Time) error {
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
		if level == p.level[t.ID] {
			continue
		}
		p.level[t.ID] = level
		if err := p.tell(p.change(now, t, level, v)); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) change(now time.Time, t veille.Topic, level veille.Level, v crisis.Verdict) levelChange {
	c := levelChange{T: now, Topic: string(t.ID), Level: "none", Score: v.Score, Because: []levelPoint{}}
	if level != veille.LevelNone {
		c.Level = string(level)
	}
	for _, s := range v.Signals {
		pt := levelPoint{Points: s.Points, Reason: p.say.Say(s.Reason), Entries: []string{}}
		for _, e := range s.Evidence {
			if id := p.names[e.EntryID]; id != "" && !slices.Contains(pt.Entries, id) {
				pt.Entries = append(pt.Entries, id)
			}
		}
		c.Because = append(c.Because, pt)
	}
	return c
}
