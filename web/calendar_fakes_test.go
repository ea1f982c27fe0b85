package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// fakeDesk keeps posts in memory and moves them by the table of publish.
type fakeDesk struct {
	mu       sync.Mutex
	posts    []veille.Post
	channels []veille.Channel
	n        int
}

func (f *fakeDesk) find(id veille.PostID) (*veille.Post, error) {
	for i := range f.posts {
		if f.posts[i].ID == id {
			return &f.posts[i], nil
		}
	}
	return nil, fmt.Errorf("post %s: %w", id, veille.ErrNotFound)
}

func (f *fakeDesk) Post(_ context.Context, id veille.PostID) (veille.Post, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(id)
	if err != nil {
		return veille.Post{}, err
	}
	return *p, nil
}

func (f *fakeDesk) Posts(_ context.Context, filter veille.PostFilter) ([]veille.Post, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []veille.Post
	for _, p := range f.posts {
		switch {
		case filter.Branch != "" && p.BranchID != filter.Branch,
			!filter.From.IsZero() && p.At.Before(filter.From),
			!filter.To.IsZero() && (p.At.IsZero() || !p.At.Before(filter.To)),
			len(filter.States) > 0 && !slices.Contains(filter.States, p.State):
		default:
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b veille.Post) int { return a.At.Compare(b.At) })
	return out, nil
}

func (f *fakeDesk) Channels(_ context.Context, branch veille.BranchID) ([]veille.Channel, error) {
	return slices.DeleteFunc(slices.Clone(f.channels), func(c veille.Channel) bool { return c.BranchID != branch }), nil
}

func (f *fakeDesk) Draft(_ context.Context, p veille.Post, channels []veille.ChannelID) ([]veille.PostID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []veille.PostID
	for _, c := range channels {
		f.n++
		p.ID, p.ChannelID, p.Batch, p.State = veille.PostID(fmt.Sprintf("new%d", f.n)), c, "batch", veille.PostDraft
		p.CreatedAt = morning
		f.posts = append(f.posts, p)
		ids = append(ids, p.ID)
	}
	return ids, nil
}

func (f *fakeDesk) change(id veille.PostID, edit func(*veille.Post) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(id)
	if err != nil {
		return err
	}
	return edit(p)
}

func (f *fakeDesk) Edit(_ context.Context, id veille.PostID, title, text string, media []veille.Media) error {
	return f.change(id, func(p *veille.Post) error {
		p.Title, p.Text, p.Media = title, text, media
		return nil
	})
}

func (f *fakeDesk) Delete(_ context.Context, id veille.PostID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts = slices.DeleteFunc(f.posts, func(p veille.Post) bool { return p.ID == id && p.State == veille.PostDraft })
	return nil
}

func (f *fakeDesk) Schedule(_ context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error) {
	at, notice, err := publish.WallTime(wall, zone)
	if err != nil {
		return nil, err
	}
	return notice, f.change(id, func(p *veille.Post) error {
		p.At, p.Wall, p.Zone = at, wall, zone
		if p.State == veille.PostScheduled {
			return nil
		}
		return publish.Move(p, veille.PostScheduled, morning)
	})
}

func (f *fakeDesk) Move(_ context.Context, id veille.PostID, to veille.PostState) error {
	return f.change(id, func(p *veille.Post) error { return publish.Move(p, to, morning) })
}

func (f *fakeDesk) Done(_ context.Context, id veille.PostID, url string) error {
	return f.change(id, func(p *veille.Post) error {
		p.RemoteURL = url
		return publish.Move(p, veille.PostPublished, morning)
	})
}

func (f *fakeDesk) Again(_ context.Context, id veille.PostID) error {
	return f.change(id, func(p *veille.Post) error { return publish.Move(p, veille.PostDraft, morning) })
}

// state is that of a post, "" when there is none.
func (f *fakeDesk) state(id veille.PostID) veille.PostState {
	p, _ := f.Post(context.Background(), id)
	return p.State
}

// fakeShelf keeps ideas in memory.
type fakeShelf struct {
	mu    sync.Mutex
	ideas []veille.Idea
}

func (f *fakeShelf) Ideas(_ context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.ideas), func(i veille.Idea) bool {
		return i.BranchID != branch || !slices.Contains(states, i.State)
	}), nil
}

func (f *fakeShelf) Idea(_ context.Context, id veille.IdeaID) (veille.Idea, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, i := range f.ideas {
		if i.ID == id {
			return i, nil
		}
	}
	return veille.Idea{}, veille.ErrNotFound
}

func (f *fakeShelf) turn(id veille.IdeaID, s veille.IdeaState, why string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := range f.ideas {
		if f.ideas[n].ID == id {
			f.ideas[n].State, f.ideas[n].Refusal = s, why
		}
	}
	return nil
}

func (f *fakeShelf) Refuse(_ context.Context, id veille.IdeaID, why string) error {
	return f.turn(id, veille.IdeaRefused, why)
}

func (f *fakeShelf) Use(_ context.Context, id veille.IdeaID) error {
	return f.turn(id, veille.IdeaUsed, "")
}

// fakePress is what is read: sources, one story, one live incident.
type fakePress struct {
	sources  []veille.Source
	entries  []veille.Entry
	live     []veille.Incident
	topic    veille.Topic
	scopeErr error
}

func (f *fakePress) EntriesByID(_ context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	return slices.DeleteFunc(slices.Clone(f.entries), func(e veille.Entry) bool { return !slices.Contains(ids, e.ID) }), nil
}

func (f *fakePress) EntriesOfStory(_ context.Context, id veille.StoryID) ([]veille.Entry, error) {
	return slices.DeleteFunc(slices.Clone(f.entries), func(e veille.Entry) bool { return e.Reading.StoryID != id }), nil
}

func (f *fakePress) Story(_ context.Context, id veille.StoryID) (veille.Story, error) {
	for _, e := range f.entries {
		if e.Reading.StoryID == id {
			return veille.Story{ID: id, LeadID: e.ID, Title: e.Title, Lang: "fr"}, nil
		}
	}
	return veille.Story{}, veille.ErrNotFound
}

func (f *fakePress) Scope(_ context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	return []veille.BranchID{id, "b0"}, f.scopeErr
}

func (f *fakePress) Sources(_ context.Context, scope []veille.BranchID) ([]veille.Source, error) {
	return slices.DeleteFunc(slices.Clone(f.sources), func(s veille.Source) bool { return !slices.Contains(scope, s.BranchID) }), nil
}

func (f *fakePress) Incidents(context.Context, veille.IncidentFilter) ([]veille.Incident, error) {
	return f.live, nil
}

func (f *fakePress) Topic(context.Context, veille.TopicID) (veille.Topic, error) { return f.topic, nil }

// fakePictures keeps files in memory.
type fakePictures struct {
	mu    sync.Mutex
	files map[veille.MediaID][]byte
}

func (f *fakePictures) Save(name, alt string, r io.Reader) (veille.Media, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return veille.Media{}, err
	}
	if !bytes.HasPrefix(body, []byte("\x89PNG")) {
		return veille.Media{}, veille.NewProblem(veille.ErrInvalid, veille.Say("media.no_picture"), nil)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	m := veille.Media{ID: veille.MediaID(fmt.Sprintf("m%d", len(f.files)+1)), Name: name, Type: "image/png", Alt: alt, Size: int64(len(body))}
	f.files[m.ID] = body
	return m, nil
}

func (f *fakePictures) Open(m veille.Media) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, ok := f.files[m.ID]
	if !ok {
		return nil, veille.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// wall is an instant of the week of morning in Montréal.
func wall(s string) time.Time {
	at, _, err := publish.WallTime(s, "America/Toronto")
	if err != nil {
		panic(err)
	}
	return at
}

// calendarDeps are fakes of what ideas and the calendar need.
func calendarDeps() CalendarDeps {
	desk, shelf, press := newDesk(), newShelf(), newPress()
	return CalendarDeps{
		Ideas: shelf, IdeaActs: shelf, Cites: press, Reach: press, Live: press,
		Posts: desk, Drafts: desk, Moves: desk, Outcomes: desk,
		Pictures: &fakePictures{files: map[veille.MediaID][]byte{"m0": []byte(tinyPNG)}},
		ICS:      func(b veille.Branch) string { return "/flux/calendrier-" + string(b.ID) + ".ics?cle=abc" },
	}
}

func newDesk() *fakeDesk {
	await := veille.Say("publish.await_person")
	failed := veille.Say("wordpress.no_host")
	lost := veille.Say("publish.unknown")
	late := veille.Say("publish.late", "due_at", "2026-11-22T09:00:00-05:00")
	slot := func(day, hour int) veille.Slot {
		return veille.Slot{Weekday: day, Hour: hour, Zone: "America/Toronto"}
	}
	post := func(id, ch, title, at string, s veille.PostState, why *veille.Sentence) veille.Post {
		p := veille.Post{ID: veille.PostID(id), BranchID: "b1", ChannelID: veille.ChannelID(ch), Title: title, Text: title + "\nQuelques mots.",
			State: s, Problem: why, CreatedAt: morning.Add(-48 * time.Hour)}
		if at != "" {
			p.At, p.Wall, p.Zone = wall(at), at, "America/Toronto"
		}
		return p
	}
	published := post("p0", "c1", "Merci à nos bénévoles", "2026-11-16T12:00", veille.PostPublished, nil)
	published.Text = "Merci aux vingt bénévoles de la collecte de samedi : grâce à vous, la banque alimentaire a reçu deux tonnes de denrées."
	published.PublishedAt, published.RemoteURL = published.At, "https://www.facebook.com/caisse/1"
	shown := post("p2", "c1", "Portrait : nos bénévoles", "2026-11-25T12:00", veille.PostScheduled, nil)
	shown.Media = []veille.Media{{ID: "m0", Name: "equipe.png", Type: "image/png", Alt: "Trois bénévoles devant un comptoir", Size: 70}}
	other := post("px", "c9", "Une autre caisse", "2026-11-24T09:00", veille.PostScheduled, nil)
	other.BranchID = "b2"
	return &fakeDesk{
		channels: []veille.Channel{
			{ID: "c1", BranchID: "b1", Network: veille.NetworkManual, Name: "Facebook", URL: "https://www.facebook.com/caisse", Cadence: 3,
				Slots: []veille.Slot{slot(1, 12), slot(3, 12), slot(5, 15)}},
			{ID: "c2", BranchID: "b1", Network: veille.NetworkWordPress, Name: "Site de la caisse", URL: "https://caisse.exemple", Slots: []veille.Slot{slot(4, 9)}},
			{ID: "c9", BranchID: "b2", Network: veille.NetworkManual, Name: "Page voisine"},
		},
		posts: []veille.Post{
			published, shown, other,
			post("p1", "c2", "Horaire des Fêtes", "2026-11-24T09:00", veille.PostHeld, &late),
			post("p3", "c1", "Convocation à l'assemblée", "2026-11-26T11:00", veille.PostAwaiting, nil),
			post("p4", "c1", "Le comptoir de Saint-Rémi", "2026-11-23T06:30", veille.PostPublishing, &await),
			post("p5", "c2", "Concours de dessin", "2026-11-23T05:00", veille.PostFailed, &failed),
			post("p6", "c2", "Bourses d'études", "2026-11-20T09:00", veille.PostUnknown, &lost),
			post("p7", "c1", "Une idée à mûrir", "", veille.PostDraft, nil),
		},
	}
}

func newShelf() *fakeShelf {
	says := func(s string) veille.Sentence { return veille.Sentence{Key: s} }
	frigo := veille.Idea{
		ID: "i1", BranchID: "b1", TopicID: "t1", StoryID: "s1", EntryID: "e1", Angle: veille.AngleTranspose,
		Title: says("Un frigo communautaire chez vous?"), Question: says("Quel organisme d’ici mériterait un coup de pouce cet hiver?"),
		Photo: says("photo : votre équipe"), Effort: 10, ExpiresAt: morning.Add(6*24*time.Hour + 10*time.Hour), Rank: 62, State: veille.IdeaNew,
		Reasons: []veille.Reason{{Points: 40, Says: says("Une autre caisse l’a fait")}, {Points: 26, Says: says("6 sources indépendantes")}, {Points: -4, Says: says("Il faut une photo")}},
	}
	rate := frigo
	rate.ID, rate.Title, rate.Rank, rate.Angle, rate.ExpiresAt = "i2", says("Le taux baisse, en trois phrases"), 71, veille.AngleInform, morning.Add(2*24*time.Hour)
	old := frigo
	old.ID, old.Title, old.ExpiresAt = "i3", says("Une idée passée"), morning.Add(-time.Hour)
	refused := frigo
	refused.ID, refused.Title, refused.State, refused.Refusal = "i4", says("Le gala des affaires"), veille.IdeaRefused, "pas notre ton"
	used := frigo
	used.ID, used.Title, used.State = "i5", says("La relève agricole"), veille.IdeaUsed
	foreign := frigo
	foreign.ID, foreign.BranchID = "i9", "b2"
	return &fakeShelf{ideas: []veille.Idea{frigo, rate, old, refused, used, foreign}}
}

func newPress() *fakePress {
	return &fakePress{
		sources: []veille.Source{
			{ID: "src1", BranchID: "b0", Kind: veille.SourceFeed, URL: "https://feeds.lavoixdurang.exemple/rss", Site: "https://www.lavoixdurang.exemple", Title: "La Voix du Rang", Tier: 2},
			{ID: "src9", BranchID: "b2", Kind: veille.SourceFeed, URL: "https://ailleurs.exemple/rss", Title: "Ailleurs"},
		},
		entries: []veille.Entry{
			{ID: "e1", SourceID: "src1", URL: "https://www.lavoixdurang.exemple/frigo", Title: "Trois caisses de la Haute-Rive financent un frigo communautaire",
				Published: morning.Add(-20 * time.Hour), Reading: veille.Reading{Lang: "fr", StoryID: "s1"}},
			{ID: "e2", SourceID: "src1", Reading: veille.Reading{StoryID: "s2", Keyphrases: []string{"pétition", "aréna", "défilé"}}},
			{ID: "e3", SourceID: "src1", Reading: veille.Reading{StoryID: "s2", Keyphrases: []string{"Aréna", "pétition"}}},
			{ID: "e9", SourceID: "src9", Title: "Ailleurs", Reading: veille.Reading{StoryID: "s9"}},
		},
		live:  []veille.Incident{{ID: "n1", BranchID: "b1", TopicID: "t1", StoryID: "s2", Title: "Fermeture du comptoir de Saint-Rémi", State: veille.IncidentOpen, Level: veille.LevelEscalate}},
		topic: veille.Topic{ID: "t1", Name: "Comptoir de Saint-Rémi", Query: `"comptoir de Saint-Rémi" tier:1-3`},
	}
}

// tinyPNG is a picture of one point.
const tinyPNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x04\x00\x09\xfb\x03\xfd\xe3U\xf2\x9c\x00\x00\x00\x00IEND\xaeB`\x82"
