package storetest

import (
	"time"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// standing gives a mention a standing and all that goes with one.
func (f *fixture) standing(topic veille.TopicID, n int, is veille.Standing) veille.Mention {
	m := f.mention(topic, f.entry("s1", n))
	m.Standing = is
	p := veille.Passage{Field: "text", Text: "Le juge Desrivières", Marks: [][2]int{{3, 20}}}
	m.Clues = []veille.Clue{{Kind: "person", Word: "juge Desrivières", Passage: p}}
	m.Tone = veille.Toward{From: veille.ToneClause, Tone: -.4, Words: []veille.ToneWord{{Word: "colère", Weight: -.5}}, Passage: p}
	return m
}

func testHiddenMentions(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	ids := f.putEntries("s1", 1, 6)
	f.ok(f.PutStories(ctx, []veille.Story{f.story("a", 10)}))
	f.group("a", ids[1])
	all := []veille.Mention{f.standing("t1", 1, veille.StandingNamed), f.standing("t1", 2, veille.StandingHomonym), f.standing("t1", 3, veille.StandingLike),
		f.standing("t1", 4, veille.StandingRefused), f.standing("t1", 5, veille.StandingWeak), f.standing("t1", 6, veille.StandingKept)}
	f.ok(f.PutMentions(ctx, all))
	countedOnes := []veille.Mention{all[0], all[4], all[5]}
	f.same("those that count", must(f.MentionsOf(ctx, "t1", time.Time{}))(f), countedOnes)
	f.same("of entries", must(f.MentionsOfEntries(ctx, ids))(f), countedOnes)
	f.same("those hidden, latest first", must(f.HiddenMentions(ctx, "t1", time.Time{}))(f), []veille.Mention{all[3], all[2], all[1]})
	f.same("hidden since", must(f.HiddenMentions(ctx, "t1", f.at(3)))(f), []veille.Mention{all[3], all[2]})
	f.same("hidden of entries", must(f.HiddenOfEntries(ctx, ids[:2]))(f), []veille.Mention{all[1]})
	f.same("count", must(f.CountMentions(ctx, "t1", time.Time{}))(f), 3)
	f.same("count hidden", must(f.CountHidden(ctx, "t1", f.at(3)))(f), 2)
	f.same("settled", must(f.SettledMentions(ctx, "t1", 10))(f), []veille.Mention{all[5], all[0]})
	f.same("settled, some", must(f.SettledMentions(ctx, "t1", 1))(f), []veille.Mention{all[5]})
	f.same("no story by a hidden one", len(must(f.StoriesOf(ctx, veille.StoryFilter{Topics: []veille.TopicID{"t1"}}))(f)), 0)
	f.same("nor a topic of an entry", len(must(f.TopicsOfEntries(ctx, ids))(f)), 3)

	all[4].Tone = veille.Toward{From: veille.TonePerson, Tone: .5}
	f.ok(f.PutMentions(ctx, all[4:5]))
	judged := must(f.JudgedMentions(ctx, "t1", f.now))(f)
	f.same("judged", len(judged), 3)
	for _, j := range judged {
		want := 0.0
		if j.Entry.ID == ids[4] {
			want = .5
		}
		f.same("with the tone a person gave", j.Entry.Reading.Tone, want)
	}
}

func testCorrections(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	f.ok(f.PutTopic(ctx, f.topic("t2", movement)))
	ids := f.putEntries("s1", 1, 2)
	c := veille.Correction{TopicID: "t1", EntryID: ids[0], Kind: veille.CorrectAbout, Value: veille.AboutNotUs, Original: ids[1], Title: "Le juge",
		Passages: []veille.Passage{{Field: "text", Text: "Le juge Desrivières", Marks: [][2]int{{8, 20}}}}, By: "ana", At: f.at(1)}
	tone := c
	tone.Kind, tone.Value, tone.At = veille.CorrectTone, "positive", f.at(2)
	other := c
	other.TopicID, other.At = "t2", f.at(3)
	f.ok(f.PutCorrection(ctx, c))
	c.Value = veille.AboutUs
	f.ok(f.PutCorrection(ctx, c, job.Job{Kind: job.KindBackfill, Key: "again", Args: map[string]string{"topic": "t1"}}))
	f.ok(f.PutCorrection(ctx, tone))
	f.ok(f.PutCorrection(ctx, other))
	f.same("all, latest first", must(f.Corrections(ctx, nil))(f), []veille.Correction{other, tone, c})
	f.same("of topics", must(f.Corrections(ctx, []veille.TopicID{"t1"}))(f), []veille.Correction{tone, c})
	f.same("of no topic", len(must(f.Corrections(ctx, []veille.TopicID{}))(f)), 0)
	none := c
	none.TopicID = "none"
	f.is(f.PutCorrection(ctx, none), veille.ErrInvalid)

	f.ok(f.ClearDerived(ctx))
	f.same("no rebuild touches them", len(must(f.Corrections(ctx, nil))(f)), 3)
	f.ok(f.DeleteSource(ctx, "s1"))
	f.same("nor does the end of a source", len(must(f.Corrections(ctx, nil))(f)), 3)
	f.ok(f.DeleteCorrection(ctx, "t1", ids[0], veille.CorrectAbout))
	f.is(f.DeleteCorrection(ctx, "t1", ids[0], veille.CorrectAbout), veille.ErrNotFound)
	f.same("taken back", must(f.Corrections(ctx, []veille.TopicID{"t1"}))(f), []veille.Correction{tone})
	f.ok(f.DeleteTopic(ctx, "t1"))
	f.same("they go with their topic", must(f.Corrections(ctx, nil))(f), []veille.Correction{other})
}
