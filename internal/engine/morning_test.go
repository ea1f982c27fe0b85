package engine

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

func TestAMorningTellsWhatTheBranchShouldSee(t *testing.T) {
	h, branch, _, _ := town(t)
	ctx := t.Context()
	for _, i := range []veille.Incident{
		{ID: "low", TopicID: branch, BranchID: river, State: veille.IncidentOpen, Score: 30},
		{ID: "over", TopicID: branch, BranchID: river, State: veille.IncidentResolved, Score: 90},
	} {
		i.Level, i.OpenedAt = veille.LevelWatch, h.now
		h.ok(h.PutIncident(ctx, i, nil, nil))
	}
	wide := h.topic(movement, veille.SubjectMovement, "Autre", "Desrivières")
	h.ok(h.PutIncident(ctx, veille.Incident{ID: "high", TopicID: wide, BranchID: movement, State: veille.IncidentAcknowledged, Level: veille.LevelCrisis, Score: 80, OpenedAt: h.now}, nil, nil))
	h.ok(h.PutChannel(ctx, veille.Channel{ID: "page", BranchID: river, Network: veille.NetworkManual, Cadence: 3, CreatedAt: h.now,
		Slots: []veille.Slot{{Weekday: 1, Hour: 6, Zone: "America/Toronto"}, {Weekday: 3, Hour: 12, Zone: "America/Toronto"}, {Weekday: 5, Hour: 12, Zone: "America/Toronto"}}}))
	post := func(id veille.PostID, s veille.PostState, day int) {
		h.ok(h.PutPost(ctx, veille.Post{ID: id, BranchID: river, ChannelID: "page", Text: "t", State: s, CreatedAt: h.now,
			At: time.Date(2026, 11, day, 17, 0, 0, 0, time.UTC), Zone: "America/Toronto"}))
	}
	post("wednesday", veille.PostScheduled, 25)
	post("next-week", veille.PostScheduled, 30)
	post("lost", veille.PostUnknown, 20)
	post("kept", veille.PostHeld, 24)
	h.ok(h.PutGoal(ctx, veille.Goal{ID: "g", BranchID: river, Name: "Abonnés", Start: 160, StartAt: h.now.AddDate(0, -1, 0), Target: 200, DueAt: h.now.AddDate(0, 1, 0), CreatedAt: h.now}))

	m := must(NewMornings(h, h, h, h, h, h).Of(ctx, river, h.now))(h)
	h.same("live incidents of its own and of those above, gravest first", names(m.Incidents, func(i veille.Incident) veille.IncidentID { return i.ID }), []string{"high", "low"})
	theft := entry(h, "hebdo", "vol")
	if len(m.News) == 0 || m.News[0].Story.ID != theft.Reading.StoryID {
		t.Fatalf("the news begins with %+v", m.News)
	}
	n := m.News[0]
	h.same("of its topic, with the sentence behind", []any{n.Topics[0].ID, len(n.Passages), n.Passages[0].Field}, []any{branch, 1, "text"})
	h.same("counted", []int{m.Entries, m.Folded, m.Others}, []int{3, 3, 0})
	h.same("posts of the week", names(m.Posts, func(p veille.Post) veille.PostID { return p.ID }), []string{"kept", "wednesday"})
	h.same("posts that wait for a person", names(m.Waiting, func(p veille.Post) veille.PostID { return p.ID }), []string{"lost", "kept"})
	h.same("slots that are free", m.Free, []time.Time{time.Date(2026, 11, 27, 17, 0, 0, 0, time.UTC)})
	h.same("wanted", m.Wanted, 3)
	h.same("goals", []any{len(m.Goals), m.Goals[0].Pace.Value}, []any{1, 160.0})
	_, err := NewMornings(h, h, h, h, h, h).Of(ctx, "none", h.now)
	h.is(err, veille.ErrNotFound)
}

func TestNewsIsToldMostTellingFirstAndInTheBranchsWords(t *testing.T) {
	h, _, _, _ := town(t)
	h.topic(river, veille.SubjectTheme, "Police", "police")
	h.topic(river, veille.SubjectMovement, "Mouvement", "Desrivières")
	h.topic(river, veille.SubjectTheme, "Fêtes", "marché OR concert")
	h.read(
		news("hebdo", "marche", 60, "Le marché de Noël s’installe devant l’église", "Une trentaine d’artisans tiendront boutique devant l’église dès vendredi : chandelles, tuques et confitures."),
		news("radio", "concert", 70, "Un concert gratuit pour la guignolée", "La chorale des aînés chantera samedi au gymnase de l’école secondaire; chacun apporte une denrée."),
		news("hebdo", "moulin", 140, "Un incendie détruit le vieux moulin", "Un incendie a détruit le vieux moulin (« old sugar mill ») de la vallée dans la nuit. Personne n’est blessé; la police cherche la cause."),
		news("radio", "fees", 30, "Police warn of a new phone scam", "The police warn residents of a phone scam that targets elderly people in the valley."))
	for _, topic := range must(h.Topics(t.Context(), []veille.BranchID{river}))(h) {
		h.ok(h.watch.BackfillNow(t.Context(), topic.ID))
	}
	m := must(NewMornings(h, h, h, h, h, h).Of(t.Context(), river, h.now))(h)
	got := make([]veille.StoryID, len(m.News))
	for i, n := range m.News {
		got[i] = n.Story.ID
	}
	story := func(src veille.SourceID, guid string) veille.StoryID { return entry(h, src, guid).Reading.StoryID }
	h.same("the caisse, the movement, then the rest", got[:2], []veille.StoryID{story("hebdo", "vol"), story("quotidien", "mouvement")})
	h.same("three at most", []bool{len(m.News) == told, m.Others >= 1, m.Entries > m.Folded}, []bool{true, true, true})

	s := veille.Story{ID: "s", LeadID: "en", Title: "Fire", Lang: "en"}
	both := []veille.Entry{{ID: "en", Title: "Fire", Reading: veille.Reading{Lang: "en"}}, {ID: "fr", Title: "Incendie", Reading: veille.Reading{Lang: "fr"}}}
	for locale, want := range map[string]string{"fr": "Incendie", "en": "Fire", "es": "Fire"} {
		st, lead := toldIn(locale, s, both, nil)
		h.same("in "+locale, []string{st.Title, lead.Title}, []string{want, want})
	}
}

func names[N any, ID ~string](ns []N, id func(N) ID) []string {
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = string(id(n))
	}
	return out
}

func TestABranchIsToldOnlyWhatItsSourcesTell(t *testing.T) {
	h := build(t)
	h.topic(hill, veille.SubjectTheme, "Vols", "vol*")
	h.read(corpus()...)
	m := must(NewMornings(h, h, h, h, h, h).Of(t.Context(), hill, h.now))(h)
	if len(m.News) != 1 {
		t.Fatalf("the hill is told %+v", m.News)
	}
	n, st := m.News[0], must(h.Story(t.Context(), m.News[0].Story.ID))(h)
	h.same("three tell it, the hill reads one", []int{st.Entries, n.Story.Entries, n.Story.Independent}, []int{3, 1, 1})
	h.same("whose words lead", []any{n.Lead.SourceID, n.Source.ID, n.Story.Title},
		[]any{veille.SourceID("quotidien"), veille.SourceID("quotidien"), "Vol de données : la Caisse de la Rivière confirme"})
}

func TestHowFarAMorningReachesBack(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Toronto")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ now, want string }{
		"a Tuesday tells since Monday at midnight":       {"2026-11-24T06:00", "2026-11-23T00:00"},
		"a Monday tells the weekend":                     {"2026-11-23T06:00", "2026-11-20T00:00"},
		"a Sunday evening is no Monday, whatever in UTC": {"2026-11-22T21:00", "2026-11-21T15:00"},
	} {
		at := func(s string) time.Time {
			d, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if got := sinceYesterday(at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: since %v", name, got.In(zone))
		}
	}
	from, to := Week(time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC), zone) // a Sunday evening there, after the clocks went back
	if from.Format("2006-01-02 15:04") != "2026-10-26 00:00" || to.Format("2006-01-02 15:04") != "2026-11-02 00:00" {
		t.Errorf("the week is %v to %v", from, to)
	}
}

func TestHealthOfSources(t *testing.T) {
	t.Parallel()
	problem := veille.Say("fetch.timeout")
	source := func(id veille.SourceID, s veille.SourceState, ok, entry time.Time, p *veille.Sentence) veille.Source {
		h := veille.Health{OKAt: ok, EntryAt: entry, Problem: p}
		if p != nil {
			h.Failures = 3
		}
		return veille.Source{ID: id, State: s, Health: h}
	}
	h := HealthOf([]veille.Source{
		source("well", veille.SourceActive, morning.Add(-time.Hour), morning.Add(-time.Hour), nil),
		source("silent", veille.SourceActive, morning.Add(-time.Minute), morning.AddDate(0, 0, -4), nil),
		source("failing", veille.SourceActive, morning.Add(-8*time.Hour), morning, &problem),
		source("failed once", veille.SourceActive, morning.Add(-2*time.Hour), morning, &problem),
		source("ended", veille.SourceEnded, morning, morning, nil),
		source("never", veille.SourceActive, time.Time{}, time.Time{}, nil),
		source("paused", veille.SourcePaused, morning, morning.AddDate(0, 0, -9), nil),
	}, morning)
	id := func(s veille.Source) veille.SourceID { return s.ID }
	got := fmt.Sprint(h.Read, h.ReadAt.Equal(morning.Add(-time.Minute)), names(h.Silent, id), names(h.Failing, id))
	if got != "3 true [silent] [failing ended]" {
		t.Error(got)
	}
}

func TestAFinderShowsWhyAndOnlyWhatABranchMaySee(t *testing.T) {
	h, branch, _, _ := town(t)
	f := NewFinder(h.ix, h)
	res := must(f.Search(t.Context(), river, SearchRequest{Query: "donnees", ByStory: true, Days: 7}))(h)
	h.same("one story, its three entries", []int{res.Stories, res.Entries, len(res.Found), res.Found[0].More}, []int{1, 3, 1, 2})
	hit := res.Found[0]
	if hit.Source.ID == "" || hit.Story.ID != hit.Entry.Reading.StoryID || len(hit.Passages) == 0 || len(hit.Passages[0].Marks) == 0 {
		t.Errorf("shown as %+v", hit)
	}
	h.same("days", len(res.Histogram), 7)
	res = must(f.Search(t.Context(), river, SearchRequest{Topics: []veille.TopicID{branch}, Tiers: []veille.Tier{2}}))(h)
	h.same("by boxes alone", res.Entries, 1)
	res = must(f.Search(t.Context(), river, SearchRequest{Offset: 6}))(h)
	h.same("a page further", []int{res.Entries, len(res.Found)}, []int{7, 1})
	_, err := f.Search(t.Context(), river, SearchRequest{Query: "(caisse"})
	var mistake *query.Error
	if !errors.As(err, &mistake) {
		t.Errorf("a mistake gives %v", err)
	}
	_, err = f.Search(t.Context(), "none", SearchRequest{})
	h.is(err, veille.ErrNotFound)

	h.ok(h.DeleteSource(t.Context(), "radio")) // the index does not know yet
	h.same("what is gone is not shown", h.found(river, "donnees"), []string{
		"Vol de données : la Caisse de la Rivière confirme", "Vol de données à la Caisse de la Rivière"})
}
