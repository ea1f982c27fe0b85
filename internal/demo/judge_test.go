package demo

import (
	"testing"
	"time"

	"veilleur/index/crisis"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

// mentions is what a topic mentions of all the demo will ever publish, as the
// engine would store it, tone apart: none is read here, so that levels are
// the least that words and voices alone give.
func mentions(t *testing.T, topic veille.Topic, w *Web, sources []veille.Source) []veille.JudgedMention {
	t.Helper()
	q, err := query.Parse(topic.Query)
	if err != nil {
		t.Fatalf("%s: %v", topic.Name, err)
	}
	byPath := map[string]veille.EntryID{}
	var out []veille.JudgedMention
	for _, a := range w.articles {
		byPath[a.Path()] = veille.NewEntryID(sourceOf(a), a.GUID())
	}
	for _, a := range w.articles {
		e := veille.Entry{
			ID: byPath[a.Path()], SourceID: sourceOf(a), Title: a.Title, Text: a.plain(), Published: a.At, Seen: a.At,
			Reading: veille.Reading{Lang: a.Medium.Lang, DuplicateOf: byPath[a.CopyOf]},
		}
		ps := query.Passages(q, a.Medium.Lang, a.Title, e.Text, 3)
		if !query.Matches(q, query.Doc{Entry: e}) {
			continue
		}
		m := veille.Mention{TopicID: topic.ID, EntryID: e.ID, Passages: ps, At: a.At}
		for _, p := range ps {
			m.InTitle = m.InTitle || p.Field == "title"
		}
		for _, s := range sources {
			if s.ID == e.SourceID {
				out = append(out, veille.JudgedMention{Mention: m, Entry: e, Source: s})
			}
		}
	}
	return out
}

func sourceOf(a Article) veille.SourceID { return veille.SourceID("demo-source-" + a.Medium.Key) }

func TestOnlyTheClosingCounterIsACrisis(t *testing.T) {
	t.Parallel()
	w, m := webAt(t, 0), seed(t, start)
	for _, topic := range m.Topics {
		ms := mentions(t, topic, w, m.Sources)
		if len(ms) == 0 {
			t.Errorf("%s has no mention", topic.Name)
		}
		var top crisis.Verdict
		var when time.Duration
		for age := 42 * 24 * time.Hour; age >= -Loop; age -= 3 * time.Hour {
			v := crisis.Judge(crisis.Input{Topic: topic, Mentions: ms, Since: start.AddDate(0, 0, -42)}, start.Add(-age))
			if v.Score > top.Score {
				top, when = v, age
			}
		}
		t.Logf("%-28s %3d mentions, at most %5.1f %s %v before the start: %s", topic.Name, len(ms), top.Score, top.Level, when, top.Title)
		flagged := top.Level.Rank() >= veille.LevelEscalate.Rank()
		if flagged != (topic.ID == BranchTopicID) || flagged && when > 30*time.Hour {
			t.Errorf("%s reaches %s", topic.Name, top.Level)
		}
	}
}
