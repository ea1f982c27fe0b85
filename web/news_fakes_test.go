package web

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/internal/engine"
	"veilleur/internal/goal"
	"veilleur/internal/veille"
)

// fakeNews is a small archive in memory: it really searches, entry by entry.
type fakeNews struct {
	mu       sync.Mutex
	morning  engine.Morning
	settings map[string]string
	sources  []veille.Source
	entries  []veille.Entry
	stories  []veille.Story
	aliases  map[veille.StoryID]veille.StoryID
	topics   []veille.Topic
	saved    []veille.SavedSearch
	kept     []veille.Topic // as saved
	hidden   []veille.Mention
	said     []veille.Correction
	learned  []relevance.Lesson
	weak     map[veille.EntryID]veille.Clue // why the entries' mentions are
	changes  []veille.StoryChange
}

func (f *fakeNews) deps() NewsDeps {
	return NewsDeps{
		Mornings: f, Memory: f, Reach: f, Archive: f, Finder: f, Mentions: f, Topics: f, Watch: f, Saved: f, Sorter: f, Changes: f, Reasons: f, Corrections: f, Said: f,
		Flux: func(kind, id, ext string) string { return "/flux/" + kind + "-" + id + "." + ext + "?cle=c" },
	}
}

func (f *fakeNews) Of(_ context.Context, b veille.BranchID, now time.Time) (engine.Morning, error) {
	m := f.morning
	m.Now = now
	m.Branch.ID = b
	return m, nil
}

func (f *fakeNews) Setting(_ context.Context, key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if text, ok := f.settings[key]; ok {
		return text, nil
	}
	return "", veille.ErrNotFound
}

func (f *fakeNews) PutSetting(_ context.Context, key, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settings[key] = value
	return nil
}

func (f *fakeNews) Scope(_ context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	if id == "b0" {
		return []veille.BranchID{"b0"}, nil
	}
	return []veille.BranchID{id, "b0"}, nil
}

func (f *fakeNews) Sources(_ context.Context, scope []veille.BranchID) ([]veille.Source, error) {
	var out []veille.Source
	for _, s := range f.sources {
		if slices.Contains(scope, s.BranchID) {
			out = append(out, s)
		}
	}
	return out, nil
}

func (f *fakeNews) Story(_ context.Context, id veille.StoryID) (veille.Story, error) {
	if now, ok := f.aliases[id]; ok {
		id = now
	}
	for _, s := range f.stories {
		if s.ID == id {
			return s, nil
		}
	}
	return veille.Story{}, veille.ErrNotFound
}

func (f *fakeNews) EntriesOfStory(_ context.Context, id veille.StoryID) ([]veille.Entry, error) {
	var out []veille.Entry
	for _, e := range f.entries {
		if e.Reading.StoryID == id {
			out = append(out, e)
		}
	}
	return out, nil
}

func (f *fakeNews) EntriesByID(_ context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	var out []veille.Entry
	for _, id := range ids {
		for _, e := range f.entries {
			if e.ID == id {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

func (f *fakeNews) Topics(_ context.Context, scope []veille.BranchID) ([]veille.Topic, error) {
	var out []veille.Topic
	for _, t := range f.topics {
		if slices.Contains(scope, t.BranchID) {
			out = append(out, t)
		}
	}
	return out, nil
}

func (f *fakeNews) MentionsOfEntries(_ context.Context, ids []veille.EntryID) ([]veille.Mention, error) {
	var out []veille.Mention
	for _, e := range f.entries {
		for _, t := range f.topics {
			q, err := query.Parse(t.Query)
			if err != nil {
				return nil, err
			}
			if slices.Contains(ids, e.ID) && query.Matches(q, f.doc(e)) {
				m := veille.Mention{TopicID: t.ID, EntryID: e.ID, At: e.Published,
					Passages: query.Passages(q, e.Reading.Lang, e.Title, e.Text, 3)}
				if c, ok := f.weak[e.ID]; ok {
					m.Standing, m.Clues = veille.StandingWeak, []veille.Clue{c}
				}
				for _, c := range f.said {
					if c.TopicID == t.ID && c.EntryID == e.ID && c.Kind == veille.CorrectTone {
						m.Tone = veille.Toward{From: veille.TonePerson, Tone: veille.Tones()[c.Value]}
					}
				}
				out = append(out, m)
			}
		}
	}
	return out, nil
}

func (f *fakeNews) HiddenOfEntries(_ context.Context, ids []veille.EntryID) ([]veille.Mention, error) {
	return slices.DeleteFunc(slices.Clone(f.hidden), func(m veille.Mention) bool { return !slices.Contains(ids, m.EntryID) }), nil
}

func (f *fakeNews) HiddenMentions(_ context.Context, topic veille.TopicID, _ time.Time) ([]veille.Mention, error) {
	return slices.DeleteFunc(slices.Clone(f.hidden), func(m veille.Mention) bool { return m.TopicID != topic }), nil
}

func (f *fakeNews) CountHidden(ctx context.Context, topic veille.TopicID, since time.Time) (int, error) {
	of, err := f.HiddenMentions(ctx, topic, since)
	return len(of), err
}

func (f *fakeNews) Correct(_ context.Context, c veille.Correction) error {
	if c.Value == "" {
		return veille.ErrInvalid
	}
	f.said = append(f.said, c)
	return nil
}

func (f *fakeNews) TakeBack(_ context.Context, topic veille.TopicID, e veille.EntryID, kind veille.CorrectionKind) error {
	n := len(f.said)
	f.said = slices.DeleteFunc(f.said, func(c veille.Correction) bool { return c.TopicID == topic && c.EntryID == e && c.Kind == kind })
	if len(f.said) == n {
		return veille.ErrNotFound
	}
	return nil
}

func (f *fakeNews) Corrections(_ context.Context, topics []veille.TopicID) ([]veille.Correction, error) {
	return slices.DeleteFunc(slices.Clone(f.said), func(c veille.Correction) bool { return !slices.Contains(topics, c.TopicID) }), nil
}

func (f *fakeNews) Learned(context.Context, veille.TopicID) ([]relevance.Lesson, error) {
	return f.learned, nil
}

// Losses tries each query on what the topic finds, then on what it hides.
func (f *fakeNews) Losses(ctx context.Context, topic veille.TopicID, leaves []query.Query) ([]engine.Loss, error) {
	out := make([]engine.Loss, len(leaves))
	for i, q := range leaves {
		for _, e := range f.entries {
			ms, err := f.MentionsOfEntries(ctx, []veille.EntryID{e.ID})
			if err != nil {
				return nil, err
			}
			hidden, _ := f.HiddenOfEntries(ctx, []veille.EntryID{e.ID})
			for _, m := range append(ms, hidden...) {
				if m.TopicID != topic || !query.Matches(q, f.doc(e)) {
					continue
				}
				if slices.ContainsFunc(f.said, func(c veille.Correction) bool { return c.EntryID == e.ID && c.Value == veille.AboutUs }) {
					m.Standing = veille.StandingKept
					out[i].Kept++
				}
				if !m.Standing.Hidden() {
					out[i].Counted++
				}
				out[i].All++
				out[i].Mentions = append(out[i].Mentions, m)
			}
		}
	}
	return out, nil
}

func (f *fakeNews) Save(_ context.Context, t veille.Topic) (veille.TopicID, error) {
	if _, err := query.Parse(t.Query); err != nil {
		return "", err
	}
	if t.Name == "" {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("topic.name_needed"), nil)
	}
	if t.ID == "" {
		t.ID = "t-new"
	}
	f.kept = append(f.kept, t)
	return t.ID, nil
}

func (f *fakeNews) Searches(_ context.Context, scope []veille.BranchID) ([]veille.SavedSearch, error) {
	var out []veille.SavedSearch
	for _, s := range f.saved {
		if slices.Contains(scope, s.BranchID) {
			out = append(out, s)
		}
	}
	return out, nil
}

func (f *fakeNews) PutSearch(_ context.Context, q veille.SavedSearch) error {
	f.saved = slices.DeleteFunc(f.saved, func(s veille.SavedSearch) bool { return s.ID == q.ID })
	f.saved = append(f.saved, q)
	return nil
}

func (f *fakeNews) DeleteSearch(_ context.Context, id veille.SearchID) error {
	f.saved = slices.DeleteFunc(f.saved, func(s veille.SavedSearch) bool { return s.ID == id })
	return nil
}

func (f *fakeNews) source(id veille.SourceID) veille.Source {
	at := slices.IndexFunc(f.sources, func(s veille.Source) bool { return s.ID == id })
	return f.sources[at]
}

func (f *fakeNews) doc(e veille.Entry) query.Doc {
	src := f.source(e.SourceID)
	return query.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}
}

// Search answers with what matches, by story or by entry, newest first.
func (f *fakeNews) Search(ctx context.Context, branch veille.BranchID, r engine.SearchRequest) (engine.Results, error) {
	q, err := query.Parse(r.Query)
	if err != nil {
		return engine.Results{}, err
	}
	scope, _ := f.Scope(ctx, branch)
	out := engine.Results{Query: q, Took: 6 * time.Millisecond}
	seen := map[veille.StoryID]int{}
	for i := len(f.entries) - 1; i >= 0; i-- {
		e := f.entries[i]
		if !f.asked(e, q, scope, r) {
			continue
		}
		out.Entries++
		f.count(&out.Facets, e)
		if at, ok := seen[e.Reading.StoryID]; ok && r.ByStory {
			out.Found[at].More++
			continue
		}
		seen[e.Reading.StoryID] = len(out.Found)
		st, _ := f.Story(ctx, e.Reading.StoryID)
		out.Found = append(out.Found, engine.Found{Entry: e, Story: st, Source: f.source(e.SourceID)})
	}
	out.Stories = len(seen)
	if out.Found = out.Found[min(r.Offset, len(out.Found)):]; len(out.Found) > r.Limit {
		out.Found = out.Found[:r.Limit]
	}
	out.Histogram = f.histogram(q, r)
	return out, nil
}

// count adds an entry to the facets.
func (f *fakeNews) count(to *index.Facets, e veille.Entry) {
	src := f.source(e.SourceID)
	one := func(list *[]index.Count, key string) {
		at := slices.IndexFunc(*list, func(c index.Count) bool { return c.Key == key })
		if at < 0 {
			*list = append(*list, index.Count{Key: key})
			at = len(*list) - 1
		}
		(*list)[at].N++
	}
	one(&to.Tiers, string('0'+rune(src.Tier)))
	one(&to.Tones, e.Reading.ToneClass())
	one(&to.Langs, e.Reading.Lang)
	one(&to.Sources, string(e.SourceID))
	for _, t := range f.topics {
		if q, err := query.Parse(t.Query); err == nil && query.Matches(q, f.doc(e)) {
			one(&to.Topics, string(t.ID))
		}
	}
}

func (f *fakeNews) asked(e veille.Entry, q query.Query, scope []veille.BranchID, r engine.SearchRequest) bool {
	src := f.source(e.SourceID)
	in := func(ok bool, n int) bool { return n == 0 || ok }
	return slices.Contains(scope, src.BranchID) && query.Matches(q, f.doc(e)) &&
		in(slices.Contains(r.Langs, e.Reading.Lang), len(r.Langs)) && in(slices.Contains(r.Tiers, src.Tier), len(r.Tiers)) &&
		in(slices.Contains(r.Tones, e.Reading.ToneClass()), len(r.Tones)) && in(slices.Contains(r.Sources, e.SourceID), len(r.Sources)) &&
		(r.After.IsZero() || !e.Published.Before(r.After)) && (r.Before.IsZero() || e.Published.Before(r.Before))
}

func (f *fakeNews) histogram(q query.Query, r engine.SearchRequest) []index.Day {
	var out []index.Day
	for i := range r.Days {
		y, m, d := morning.In(r.Zone).Date()
		day := index.Day{Date: time.Date(y, m, d-r.Days+1+i, 0, 0, 0, 0, r.Zone)}
		for _, e := range f.entries {
			if query.Matches(q, f.doc(e)) && !e.Published.Before(day.Date) && e.Published.Before(day.Date.AddDate(0, 0, 1)) {
				day.N++
			}
		}
		out = append(out, day)
	}
	return out
}

// newFakeNews is a Monday: a counter that cuts its hours, told by two voices
// and a reprint, and a fridge.
func newFakeNews() *fakeNews {
	hours := func(n int) time.Time { return morning.Add(-time.Duration(n) * time.Hour) }
	f := &fakeNews{settings: map[string]string{}, aliases: map[veille.StoryID]veille.StoryID{"st-old": "st1"}}
	health := veille.Health{FetchedAt: hours(2), OKAt: hours(2), EntryAt: hours(3)}
	f.sources = []veille.Source{
		{ID: "s1", BranchID: "b0", Title: "Le Courrier du Fleuve", Group: "Groupe Rivage", Tier: 2, State: veille.SourceActive, Health: health},
		{ID: "s2", BranchID: "b1", Title: "L’Écho des Saules", Tier: 3, State: veille.SourceActive, Health: health},
		{ID: "s3", BranchID: "b0", Title: "La Voix du Rivage", Group: "Groupe Rivage", Tier: 2, State: veille.SourceActive, Health: health},
		{ID: "s9", BranchID: "b9", Title: "Source d’une autre caisse", Tier: 3, State: veille.SourceActive, Health: health},
	}
	bad := []veille.ToneWord{{Word: "inquiets", Weight: -.5}, {Word: "fermer", Weight: -.3}}
	read := func(story veille.StoryID, tone float64, words []veille.ToneWord) veille.Reading {
		return veille.Reading{Lang: "fr", StoryID: story, Tone: tone, ToneWords: words, Keyphrases: []string{"comptoir de Saint-Rémi", "aînés inquiets"}}
	}
	counter := "La Caisse de la Rivière dit vouloir fermer le comptoir le vendredi. <b>Des aînés</b> sont inquiets.\nLe maire demande une rencontre."
	f.entries = []veille.Entry{
		{ID: "e5", SourceID: "s9", Title: "La caisse d’à côté", Text: "La caisse voisine.", Published: hours(40), Reading: read("st9", 0, nil)},
		{ID: "e4", SourceID: "s1", URL: "https://courrier.example/frigo", Title: "Un frigo communautaire à Saint-Aubin", Text: "Le projet, appuyé par le Mouvement Desrivières, a servi 900 repas.",
			Published: hours(30), Reading: read("st2", .4, []veille.ToneWord{{Word: "appuyé", Weight: .4}})},
		{ID: "e1", SourceID: "s2", URL: "https://echo.example/comptoir", Title: "Le comptoir de Saint-Rémi réduit ses heures", Text: counter, Published: hours(12), Reading: read("st1", -.5, bad)},
		{ID: "e2", SourceID: "s1", URL: "javascript:alert(1)", Title: "Heures réduites au comptoir", Text: counter, Published: hours(11), Reading: read("st1", -.4, bad)},
		{ID: "e3", SourceID: "s3", Title: "Heures réduites au comptoir", Text: counter, Published: hours(10), Reading: read("st1", -.4, bad)},
	}
	f.entries[4].Reading.DuplicateOf = "e2"
	f.stories = []veille.Story{
		{ID: "st1", LeadID: "e1", Title: "Le comptoir de Saint-Rémi réduit ses heures, des aînés <inquiets>", Lang: "fr", Entries: 3, Sources: 3, Independent: 2, Tone: -.45, First: hours(12), Last: hours(10)},
		{ID: "st2", LeadID: "e4", Title: "Un frigo communautaire à Saint-Aubin", Lang: "fr", Entries: 1, Sources: 1, Independent: 1, Tone: .4, First: hours(30), Last: hours(30)},
		{ID: "st9", LeadID: "e5", Title: "La caisse d’à côté", Lang: "fr", Entries: 1, Sources: 1, Independent: 1, First: hours(40), Last: hours(40)},
	}
	f.topics = []veille.Topic{
		{ID: "t1", BranchID: "b1", Name: "Caisse de la Rivière", Query: `"Caisse de la Rivière"`, Subject: veille.SubjectBranch},
		{ID: "t0", BranchID: "b0", Name: "Mouvement", Query: `"Mouvement Desrivières"`, Subject: veille.SubjectMovement},
		{ID: "t9", BranchID: "b9", Name: "Sujet d’une autre caisse", Query: "caisse"},
	}
	f.saved = []veille.SavedSearch{
		{ID: "r1", BranchID: "b1", Name: "Fermetures", Query: "fermer", SeenAt: hours(24), CreatedAt: hours(48)},
		{ID: "r9", BranchID: "b9", Name: "D’une autre caisse", Query: "caisse", SeenAt: hours(24), CreatedAt: hours(48)},
	}
	f.morning = f.newMorning(hours)
	return f
}

func (f *fakeNews) newMorning(hours func(int) time.Time) engine.Morning {
	branch := branches()[0]
	branch.CreatedAt = hours(24 * 60)
	passage := veille.Passage{Field: "text", Text: "La Caisse de la Rivière dit vouloir fermer le comptoir le vendredi.", Marks: [][2]int{{3, 24}, {37, 43}}}
	await := veille.Say("publish.await_person")
	manual := veille.Channel{ID: "c1", BranchID: "b1", Network: veille.NetworkManual, Name: "Page Facebook", Cadence: 3,
		Slots: []veille.Slot{{Weekday: 1, Hour: 17, Zone: branch.Zone}, {Weekday: 3, Hour: 9, Zone: branch.Zone}, {Weekday: 5, Hour: 12, Zone: branch.Zone}}}
	wednesday := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	posts := []veille.Post{
		{ID: "p1", BranchID: "b1", ChannelID: "c1", Title: "Portrait : nos bénévoles", State: veille.PostScheduled, At: wednesday},
		{ID: "p2", BranchID: "b1", ChannelID: "c1", Title: "Bonne semaine", State: veille.PostPublishing, At: hours(20), Problem: &await},
	}
	g := veille.Goal{ID: "g1", BranchID: "b1", Name: "Abonnés", Unit: "abonnés", Start: 160, StartAt: hours(24 * 90), Target: 200,
		DueAt:    time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC),
		Measures: []veille.Measure{{At: hours(24 * 60), Value: 168}, {At: hours(24 * 30), Value: 172}, {At: hours(24), Value: 178}}}
	return engine.Morning{
		Branch: branch,
		Incidents: []veille.Incident{{ID: "i1", TopicID: "t1", StoryID: "st1", Title: "Caisse de la Rivière", State: veille.IncidentOpen,
			Level: veille.LevelWatch, Score: 31, Independent: 2}},
		News: []engine.News{
			{Story: f.stories[1], Lead: f.entries[1], Source: f.sources[0], Topics: f.topics[1:2]},
			{Story: f.stories[0], Lead: f.entries[2], Source: f.sources[1], Topics: f.topics[:1], Passages: []veille.Passage{passage}},
		},
		Others: 4,
		Ideas: []engine.SuggestedIdea{{Entry: f.entries[1], Source: f.sources[0], Idea: veille.Idea{ID: "d1", BranchID: "b1", StoryID: "st2", EntryID: "e4",
			Angle: veille.AngleTranspose, Title: veille.Say("digest.own", "text", "Un frigo communautaire chez vous?"),
			Question: veille.Say("digest.own", "text", "Quel organisme d’ici mériterait un coup de pouce?"),
			Photo:    veille.Say("digest.own", "text", "photo : votre équipe"), Effort: 10, ExpiresAt: morning.Add(100 * time.Hour),
			Reasons: []veille.Reason{{Points: 20, Says: veille.Say("digest.own", "text", "Votre sujet")}}, State: veille.IdeaNew}}},
		Posts: posts[:1], Waiting: posts[1:], Channels: []veille.Channel{manual}, Wanted: 3,
		Free:    []time.Time{time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC), time.Date(2026, 11, 27, 17, 0, 0, 0, time.UTC)},
		Goals:   []engine.GoalPace{{Goal: g, Pace: goal.PaceOf(g, morning)}},
		Sources: engine.SourceHealth{All: f.sources, Read: 3, ReadAt: hours(2), Silent: f.sources[2:3]},
	}
}

// newsBrowser is a signed-in browser over a fake archive.
func newsBrowser(t *testing.T, f *fakeNews, locale string) *browser {
	t.Helper()
	deps := testDeps(ana(locale))
	deps.News = f.deps()
	return signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
}
