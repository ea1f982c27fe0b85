package engine

import (
	"testing"

	"veilleur/index/query"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// quarrel is a house whose movement's topic found a company of the same name.
func quarrel(t *testing.T) (*house, *Corrections, veille.TopicID) {
	h := build(t)
	id := h.topic(river, veille.SubjectMovement, "Mouvement", `Desrivières`)
	h.read(
		news("hebdo", "un", 900, "Un chantier", "La rue est fermée, car une pelle de desrivières ltée creuse. Les voisins dorment mal."),
		news("hebdo", "deux", 800, "Un autre chantier", "Devant l’église, la pelle de desrivières ltée tourne encore. On attend la fin."),
		news("quotidien", "trois", 700, "Une pelle neuve", "La pelle de desrivières ltée est neuve. Le maire a signé."),
		news("quotidien", "taux", 600, "Des taux", "Le Mouvement Desrivières revoit ses taux et la pelle de desrivières reste au garage."),
		news("quotidien", "juge", 500, "Le juge Desrivières", "Le juge Normand Desrivières part."),
	)
	c := NewCorrections(h, h, h.match, h.search)
	c.now = h.watch.now
	return h, c, id
}

func (h *house) say(c *Corrections, topic veille.TopicID, e veille.EntryID, kind veille.CorrectionKind, value string) {
	h.Helper()
	h.ok(c.Correct(h.Context(), veille.Correction{TopicID: topic, EntryID: e, Kind: kind, Value: value, By: "ana"}))
	h.backfill()
}

// backfill runs the last job that reads the archive again.
func (h *house) backfill() {
	h.Helper()
	keys := h.jobs(job.KindBackfill)
	h.ok(h.watch.Backfill(h.Context(), h.attempt(job.KindBackfill, keys[len(keys)-1])))
	h.now = h.now.Add(1e9)
}

func TestARefusalIsKeptLearnedAndTakenBack(t *testing.T) {
	h, c, id := quarrel(t)
	one, two, judge := veille.NewEntryID("hebdo", "un"), veille.NewEntryID("hebdo", "deux"), veille.NewEntryID("quotidien", "juge")
	before := h.standings(id)
	h.same("before", before, map[string]string{"Un chantier": "", "Un autre chantier": "", "Une pelle neuve": "", "Des taux": "named",
		"Le juge Desrivières": "homonym: person Normand Desrivières"})
	h.is(c.Correct(t.Context(), veille.Correction{TopicID: id, EntryID: one, Kind: veille.CorrectAbout, Value: "perhaps"}), veille.ErrInvalid)
	h.is(c.Correct(t.Context(), veille.Correction{TopicID: id, EntryID: "none", Kind: veille.CorrectAbout, Value: veille.AboutUs}), veille.ErrNotFound)

	h.say(c, id, one, veille.CorrectAbout, veille.AboutNotUs)
	h.same("one refusal of common words teaches nothing", len(must(c.Learned(t.Context(), id))(h)), 0)
	h.same("refused", h.standings(id)["Un chantier"], "refused")
	h.say(c, id, two, veille.CorrectAbout, veille.AboutNotUs)
	learned := must(c.Learned(t.Context(), id))(h)
	if len(learned) != 1 || learned[0].Word != "ltée" || learned[0].Times != 2 {
		t.Fatalf("learned %+v, not what the refused share and the kept have not", learned)
	}
	h.same("the next of the kind is marked", h.standings(id)["Une pelle neuve"], "like: word ltée")
	h.same("and counts no more", h.mentioned(id), []string{"Des taux"})
	h.read(news("hebdo", "quatre", 100, "Encore", "Hier, desrivières ltée a fini."))
	h.same("so is one that comes", h.standings(id)["Encore"], "like: word ltée")

	h.say(c, id, judge, veille.CorrectAbout, veille.AboutUs)
	h.same("a person's word wins", h.standings(id)["Le juge Desrivières"], "kept")
	h.same("and it counts", h.found(river, "juge", id), []string{"Le juge Desrivières"})
	for _, e := range []veille.EntryID{one, two, judge} {
		h.ok(c.TakeBack(t.Context(), id, e, veille.CorrectAbout))
		h.backfill()
	}
	h.is(c.TakeBack(t.Context(), id, judge, veille.CorrectAbout), veille.ErrNotFound)
	before["Encore"] = ""
	h.same("taken back, all is as before", h.standings(id), before)
}

func TestWhatLeavingOutWouldHide(t *testing.T) {
	h, c, id := quarrel(t)
	h.say(c, id, veille.NewEntryID("quotidien", "trois"), veille.CorrectAbout, veille.AboutUs)
	h.say(c, id, veille.NewEntryID("hebdo", "un"), veille.CorrectAbout, veille.AboutNotUs)
	q := func(s string) query.Query { return must(query.Parse(s))(h) }
	losses := must(c.Losses(t.Context(), id, []query.Query{q("pelle"), q(`"juge Normand"`), q("source:hebdo"), q("zèbre")}))(h)
	count := func(l Loss) [3]int { return [3]int{l.All, l.Counted, l.Kept} }
	h.same("a word", count(losses[0]), [3]int{4, 3, 1})
	h.same("those kept first, those hidden last", []veille.Standing{losses[0].Mentions[0].Standing, losses[0].Mentions[3].Standing},
		[]veille.Standing{veille.StandingKept, veille.StandingRefused})
	h.same("only what is hidden already", count(losses[1]), [3]int{1, 0, 0})
	h.same("a source", count(losses[2]), [3]int{2, 1, 0})
	h.same("nothing", count(losses[3]), [3]int{})
}

func TestAToneIsCorrectedWithItsReprints(t *testing.T) {
	h := build(t)
	id := h.topic(river, veille.SubjectBranch, "Caisse", `"Caisse de la Rivière"`)
	h.read(corpus()...)
	c := NewCorrections(h, h, h.match, h.search)
	c.now = h.watch.now
	tones := func() map[string]string {
		out := map[string]string{}
		for _, j := range must(h.JudgedMentions(t.Context(), id, morning.AddDate(0, -1, 0)))(h) {
			out[string(j.Entry.SourceID)+" "+j.Entry.GUID] = j.Mention.Tone.From + " " + j.Entry.Reading.ToneClass()
		}
		return out
	}
	before := tones()
	if before["hebdo vol"] != "sentence negative" {
		t.Fatalf("the tone toward the branch: %v", before)
	}
	h.say(c, id, veille.NewEntryID("quotidien", "vol"), veille.CorrectTone, "neutral")
	after := tones()
	h.same("corrected", after["quotidien vol"], "person neutral")
	h.same("so is the article it reprints", after["hebdo vol"], "person neutral")
	h.same("not the article of another", after["radio vol"], before["radio vol"])
	h.ok(c.TakeBack(t.Context(), id, veille.NewEntryID("quotidien", "vol"), veille.CorrectTone))
	h.same("taken back", tones(), before)
}
