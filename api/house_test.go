package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"veilleur/crawler/page"
	"veilleur/index"
	"veilleur/index/query"
	"veilleur/internal/auth"
	"veilleur/internal/engine"
	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

// morningOf is the clock of every test: Monday 23 November 2026, 6 h 52 in
// Montréal.
var morningOf = time.Date(2026, 11, 23, 11, 52, 0, 0, time.UTC)

// canary stands in everything that must not be told.
const canary = "canari"

// A house is a fake of all the door opens on: the movement mvt, its branches
// riv and mont, and one of each thing in each. A token is named after its
// user: manager, reader…
type house struct {
	fail     error // every read of things fails with it
	storeErr error // tokens cannot be read
	asked    []string
	request  engine.SearchRequest
	branch   veille.BranchID
	found    []engine.Found
	links    []page.Link
	addErr   error

	users     map[veille.UserID]veille.User
	branches  map[veille.BranchID]veille.Branch
	sources   map[veille.SourceID]veille.Source
	topics    map[veille.TopicID]veille.Topic
	incidents map[veille.IncidentID]veille.Incident
	ideas     map[veille.IdeaID]veille.Idea
	posts     map[veille.PostID]veille.Post
	channels  map[veille.ChannelID]veille.Channel
	goals     map[veille.GoalID]veille.Goal
	webhooks  map[veille.WebhookID]veille.Webhook
	searches  map[veille.SearchID]veille.SavedSearch
	entries   map[veille.EntryID]veille.Entry
	deliv     []veille.Delivery
}

func newHouse() *house {
	h := &house{
		users: map[veille.UserID]veille.User{}, branches: map[veille.BranchID]veille.Branch{},
		sources: map[veille.SourceID]veille.Source{}, topics: map[veille.TopicID]veille.Topic{}, incidents: map[veille.IncidentID]veille.Incident{},
		ideas: map[veille.IdeaID]veille.Idea{}, posts: map[veille.PostID]veille.Post{}, channels: map[veille.ChannelID]veille.Channel{},
		goals: map[veille.GoalID]veille.Goal{}, webhooks: map[veille.WebhookID]veille.Webhook{}, searches: map[veille.SearchID]veille.SavedSearch{},
		entries: map[veille.EntryID]veille.Entry{},
	}
	for _, b := range []veille.BranchID{"mvt", "riv", "mont"} {
		h.furnish(b)
	}
	for role, b := range map[veille.Role]veille.BranchID{veille.RoleReader: "riv", veille.RoleContributor: "riv", veille.RoleApprover: "riv",
		veille.RoleManager: "riv", veille.RoleCentral: "mvt"} {
		h.users[veille.UserID(role)] = veille.User{ID: veille.UserID(role), BranchID: b, Role: role, Locale: "fr", PasswordHash: canary}
	}
	h.users["other"] = veille.User{ID: "other", BranchID: "mont", Role: veille.RoleManager, Locale: "en"}
	return h
}

// furnish puts one of each thing in a branch; ids end with the branch's.
func (h *house) furnish(b veille.BranchID) {
	n := string(b)
	parent := veille.BranchID("mvt")
	if b == parent {
		parent = ""
	}
	h.branches[b] = veille.Branch{ID: b, ParentID: parent, Name: "Caisse " + n, Zone: "America/Toronto", Locale: "fr"}
	src := veille.Source{ID: veille.SourceID("src-" + n), BranchID: b, Kind: veille.SourceFeed, URL: "https://media.example/" + n, Title: "Média " + n,
		State: veille.SourceActive, Health: veille.Health{Problem: &veille.Sentence{Key: "api.name_needed"}}}
	h.sources[src.ID] = src
	h.sources[veille.SourceID("alert-"+n)] = veille.Source{ID: veille.SourceID("alert-" + n), BranchID: b, Kind: veille.SourceAlert,
		URL: "https://alertes.example/feeds/" + canary + n, Health: veille.Health{MovedTo: "https://alertes.example/" + canary}}
	h.sources[veille.SourceID("box-"+n)] = veille.Source{ID: veille.SourceID("box-" + n), BranchID: b, Kind: veille.SourceMailbox, Title: "Courriels",
		URL: "imaps://" + canary + n + "@courriel.example:993/INBOX", Mailbox: veille.Mailbox{From: []string{canary + n}},
		Health: veille.Health{Cursor: canary, Offers: []veille.Offer{{URL: "https://alertes.example/" + canary}}}}
	h.topics[veille.TopicID("top-"+n)] = veille.Topic{ID: veille.TopicID("top-" + n), BranchID: b, Name: "Rivière", Query: "rivière"}
	h.incidents[veille.IncidentID("inc-"+n)] = veille.Incident{ID: veille.IncidentID("inc-" + n), BranchID: b, TopicID: veille.TopicID("top-" + n),
		State: veille.IncidentOpen, Level: veille.LevelWatch, OpenedAt: morningOf.Add(-time.Hour),
		Signals: []veille.Signal{{Kind: "named", Points: 10, Max: 15, Reason: veille.Say("api.zone_unknown", "zone", "x")}}}
	h.ideas[veille.IdeaID("ide-"+n)] = veille.Idea{ID: veille.IdeaID("ide-" + n), BranchID: b, State: veille.IdeaNew, StoryID: veille.StoryID("sto-" + n),
		Title: veille.Say("api.name_needed"), Question: veille.Say("api.query_empty")}
	for _, st := range []veille.PostState{veille.PostDraft, veille.PostScheduled, veille.PostFailed} {
		id := veille.PostID(string(st) + "-" + n)
		h.posts[id] = veille.Post{ID: id, BranchID: b, State: st, Title: "Titre", Text: "Texte", At: morningOf.Add(24 * time.Hour), UpdatedAt: morningOf,
			Media: []veille.Media{{ID: "m1", Alt: "une rivière"}}}
	}
	h.channels[veille.ChannelID("cha-"+n)] = veille.Channel{ID: veille.ChannelID("cha-" + n), BranchID: b, Network: veille.NetworkWordPress,
		Name: "Site", URL: "https://site.example", User: "veilleur", Secret: canary}
	h.goals[veille.GoalID("goa-"+n)] = veille.Goal{ID: veille.GoalID("goa-" + n), BranchID: b, Name: "200 abonnés", Start: 160, Target: 200,
		StartAt: morningOf.AddDate(0, -1, 0), DueAt: morningOf.AddDate(0, 1, 0)}
	h.webhooks[veille.WebhookID("web-"+n)] = veille.Webhook{ID: veille.WebhookID("web-" + n), BranchID: b, URL: "https://hooks.example/" + canary,
		Secret: canary, Disabled: true, Problem: &veille.Sentence{Key: "api.name_needed"}}
	h.searches[veille.SearchID("sea-"+n)] = veille.SavedSearch{ID: veille.SearchID("sea-" + n), BranchID: b, Name: "Crue", Query: "crue", SeenAt: morningOf}
	h.entries[veille.EntryID("ent-"+n)] = veille.Entry{ID: veille.EntryID("ent-" + n), SourceID: src.ID, Title: "La crue", Text: "La crue monte.", Published: morningOf}
}

// door is a server on the house whose clock stands still.
func (h *house) door() *server {
	return &server{lg: slog.New(slog.DiscardHandler), lim: auth.NewLimiter(1_000_000, time.Minute), now: func() time.Time { return morningOf }, d: Deps{
		People: people2{h}, Finder: h, Archive: h, Sources: h, Desk: h, Topics: h, Watch: watch2{h}, Incidents: h, Response: h, Ideas: h, Suggest: h,
		Posts: h, Drafts: drafts2{h}, Moves: h, Channels: h, Goals: h, Webhooks: h, Notices: h, Searches: searches2{h}, Mornings: h, Vitals: vitals2{h},
		Key: [32]byte{1}, Base: "https://veilleur.example", Version: "test",
	}}
}

// An answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (a answer) json(into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), into); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}

// ask sends one request with a token ("" for none) and a JSON body.
func ask(t *testing.T, h http.Handler, token, method, path, body string, headers ...string) answer {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequestWithContext(t.Context(), method, path, r)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return answer{w, t}
}

// pick gives one thing of a map, or that it is not found.
func pick[K ~string, V any](h *house, m map[K]V, id K) (V, error) {
	v, ok := m[id]
	if h.fail != nil {
		return v, h.fail
	}
	if !ok {
		return v, veille.ErrNotFound
	}
	return v, nil
}

// those gives the things of some branches.
func those[K ~string, V any](h *house, m map[K]V, branch func(V) veille.BranchID, scope ...veille.BranchID) ([]V, error) {
	var out []V
	for _, v := range m {
		for _, b := range scope {
			if branch(v) == b {
				out = append(out, v)
			}
		}
	}
	return out, h.fail
}

// did remembers an act.
func (h *house) did(words ...string) error {
	h.asked = append(h.asked, strings.Join(words, " "))
	return h.fail
}

// people2 to vitals2 are the interfaces whose methods share a name with
// another's.
type (
	people2   struct{ *house }
	watch2    struct{ *house }
	drafts2   struct{ *house }
	searches2 struct{ *house }
	vitals2   struct{ *house }
)

func (p people2) TokenByHash(_ context.Context, hash string, _ time.Time) (veille.Token, error) {
	if p.storeErr != nil {
		return veille.Token{}, p.storeErr
	}
	for id := range p.users {
		if auth.HashToken(string(id)) == hash {
			return veille.Token{UserID: id}, nil
		}
	}
	return veille.Token{}, veille.ErrNotFound
}
func (p people2) User(_ context.Context, id veille.UserID) (veille.User, error) {
	return p.users[id], nil
}
func (p people2) Branch(_ context.Context, id veille.BranchID) (veille.Branch, error) {
	return pick(p.house, p.branches, id)
}
func (p people2) Branches(context.Context) ([]veille.Branch, error) {
	return those(p.house, p.branches, func(b veille.Branch) veille.BranchID { return b.ID }, "mvt", "riv", "mont")
}
func (p people2) Scope(_ context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	b, ok := p.branches[id]
	if !ok {
		return nil, veille.ErrNotFound
	}
	if b.ParentID == "" {
		return []veille.BranchID{id}, nil
	}
	return []veille.BranchID{id, b.ParentID}, nil
}

// Search parses the query as the engine does, and finds what it was given.
func (h *house) Search(_ context.Context, b veille.BranchID, r engine.SearchRequest) (engine.Results, error) {
	h.branch, h.request = b, r
	q, err := query.Parse(r.Query)
	if err != nil {
		return engine.Results{}, err
	}
	return engine.Results{Entries: len(h.found), Found: append([]engine.Found(nil), h.found...), Query: q,
		Facets: index.Facets{Tones: []index.Count{{Key: "neutral", N: 1}}}}, h.fail
}
func (h *house) Entry(_ context.Context, id veille.EntryID) (veille.Entry, error) {
	return pick(h, h.entries, id)
}
func (h *house) Story(_ context.Context, id veille.StoryID) (veille.Story, error) {
	if !strings.HasPrefix(string(id), "sto-") {
		return veille.Story{}, veille.ErrNotFound
	}
	return veille.Story{ID: id, Title: "La crue"}, h.fail
}
func (h *house) EntriesOfStory(_ context.Context, id veille.StoryID) ([]veille.Entry, error) {
	e, ok := h.entries[veille.EntryID("ent-"+strings.TrimPrefix(string(id), "sto-"))]
	if !ok {
		return nil, h.fail
	}
	return []veille.Entry{e}, h.fail
}
func (h *house) Of(_ context.Context, b veille.BranchID, now time.Time) (engine.Morning, error) {
	return engine.Morning{Branch: h.branches[b], Now: now, News: []engine.News{{Source: h.sources["alert-mvt"]}},
		Sources: engine.SourceHealth{Failing: []veille.Source{h.sources["alert-mvt"]}}}, h.fail
}

func sourceBranch(s veille.Source) veille.BranchID { return s.BranchID }

func (h *house) Source(_ context.Context, id veille.SourceID) (veille.Source, error) {
	return pick(h, h.sources, id)
}
func (h *house) Sources(_ context.Context, scope []veille.BranchID) ([]veille.Source, error) {
	return those(h, h.sources, sourceBranch, scope...)
}
func (h *house) PutSource(_ context.Context, s veille.Source) error {
	h.sources[s.ID] = s
	return h.did("put source", string(s.ID), string(s.State))
}
func (h *house) DeleteSource(_ context.Context, id veille.SourceID) error {
	return h.did("delete source", string(id))
}
func (h *house) AddSource(_ context.Context, b veille.Branch, w SourceWish) (veille.Source, []page.Link, error) {
	return veille.Source{ID: "new", BranchID: b.ID, Kind: w.Kind, URL: w.Address, Tier: w.Tier, Watch: w.Watch, Every: w.Every}, h.links, errors.Join(h.addErr, h.did("add source", w.Address))
}
func (h *house) ImportOPML(_ context.Context, b veille.BranchID, file []byte) (int, error) {
	return bytes.Count(file, []byte("<outline")), h.did("import", string(b))
}

func (h *house) Topic(_ context.Context, id veille.TopicID) (veille.Topic, error) {
	return pick(h, h.topics, id)
}
func (h *house) Topics(_ context.Context, scope []veille.BranchID) ([]veille.Topic, error) {
	return those(h, h.topics, func(t veille.Topic) veille.BranchID { return t.BranchID }, scope...)
}
func (h *house) CountMentions(context.Context, veille.TopicID, time.Time) (int, error) {
	return 3, h.fail
}
func (w watch2) Save(_ context.Context, t veille.Topic) (veille.TopicID, error) {
	if _, err := query.Parse(t.Query); err != nil {
		return "", err
	}
	if t.ID == "" {
		t.ID = "top-new"
	}
	w.topics[t.ID] = t
	return t.ID, w.did("save topic", string(t.ID), t.Query)
}
func (w watch2) Delete(_ context.Context, id veille.TopicID) error {
	return w.did("delete topic", string(id))
}

func (h *house) Incident(_ context.Context, id veille.IncidentID) (veille.Incident, error) {
	return pick(h, h.incidents, id)
}
func (h *house) Incidents(_ context.Context, f veille.IncidentFilter) ([]veille.Incident, error) {
	return those(h, h.incidents, func(i veille.Incident) veille.BranchID { return i.BranchID }, f.Scope...)
}
func (h *house) IncidentEvents(_ context.Context, id veille.IncidentID) ([]veille.IncidentEvent, error) {
	steps := playbook.For(h.incidents[id], veille.Topic{}).Steps
	first, second := steps[0].Says.Key, steps[1].Says.Key
	return []veille.IncidentEvent{{IncidentID: id, Kind: "opened"}, {Kind: "step_done", Note: first},
		{Kind: "step_done", Note: second}, {Kind: "step_undone", Note: second}}, h.fail
}
func (h *house) Acknowledge(_ context.Context, id veille.IncidentID, by veille.UserID) error {
	return h.did("acknowledge", string(id), string(by))
}
func (h *house) Resolve(_ context.Context, id veille.IncidentID, by veille.UserID) error {
	return h.did("resolve", string(id), string(by))
}
func (h *house) FalseAlarm(_ context.Context, id veille.IncidentID, by veille.UserID, why string) error {
	return h.did("false alarm", string(id), string(by), why)
}
func (h *house) Silence(_ context.Context, id veille.IncidentID, by veille.UserID, d time.Duration, why string) error {
	return h.did("silence", string(id), string(by), d.String(), why)
}
func (h *house) Step(_ context.Context, id veille.IncidentID, by veille.UserID, _ string, _ bool) error {
	return h.did("step", string(id), string(by))
}

func (h *house) Idea(_ context.Context, id veille.IdeaID) (veille.Idea, error) {
	return pick(h, h.ideas, id)
}
func (h *house) Ideas(_ context.Context, b veille.BranchID, _ ...veille.IdeaState) ([]veille.Idea, error) {
	return those(h, h.ideas, func(d veille.Idea) veille.BranchID { return d.BranchID }, b)
}
func (h *house) Refuse(_ context.Context, id veille.IdeaID, why string) error {
	return h.did("refuse", string(id), why)
}
func (h *house) Use(_ context.Context, id veille.IdeaID) error { return h.did("use", string(id)) }

func (h *house) Post(_ context.Context, id veille.PostID) (veille.Post, error) {
	return pick(h, h.posts, id)
}
func (h *house) Posts(_ context.Context, f veille.PostFilter) ([]veille.Post, error) {
	return those(h, h.posts, func(p veille.Post) veille.BranchID { return p.BranchID }, f.Branch)
}
func (d drafts2) Draft(_ context.Context, p veille.Post, channels []veille.ChannelID) ([]veille.PostID, error) {
	p.ID, p.ChannelID = "new", channels[0]
	d.posts[p.ID] = p
	return []veille.PostID{p.ID}, d.did("draft", p.Title, "|", p.Text)
}
func (d drafts2) Edit(_ context.Context, id veille.PostID, title, text string, media []veille.Media) error {
	p := d.posts[id]
	p.Title, p.Text, p.Media = title, text, media
	d.posts[id] = p
	return d.did("edit", string(id))
}
func (d drafts2) Delete(_ context.Context, id veille.PostID) error {
	return d.did("delete post", string(id))
}
func (h *house) Schedule(_ context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error) {
	return &veille.Sentence{Key: "api.name_needed"}, h.did("schedule", string(id), wall, zone)
}
func (h *house) Move(_ context.Context, id veille.PostID, to veille.PostState) error {
	return h.did("move", string(id), string(to))
}
func (h *house) Done(_ context.Context, id veille.PostID, url string) error {
	return h.did("done", string(id), url)
}
func (h *house) Again(_ context.Context, id veille.PostID) error { return h.did("again", string(id)) }

func (h *house) Channel(_ context.Context, id veille.ChannelID) (veille.Channel, error) {
	return pick(h, h.channels, id)
}
func (h *house) Channels(_ context.Context, b veille.BranchID) ([]veille.Channel, error) {
	return those(h, h.channels, func(c veille.Channel) veille.BranchID { return c.BranchID }, b)
}
func (h *house) PutChannel(_ context.Context, c veille.Channel) error {
	h.channels[c.ID] = c
	return h.did("put channel", c.Name)
}
func (h *house) DeleteChannel(_ context.Context, id veille.ChannelID) error {
	return h.did("delete channel", string(id))
}

func (h *house) Goal(_ context.Context, id veille.GoalID) (veille.Goal, error) {
	return pick(h, h.goals, id)
}
func (h *house) Goals(_ context.Context, b veille.BranchID) ([]veille.Goal, error) {
	return those(h, h.goals, func(g veille.Goal) veille.BranchID { return g.BranchID }, b)
}
func (h *house) PutGoal(_ context.Context, g veille.Goal) error { return h.did("put goal", g.Name) }
func (h *house) PutMeasure(_ context.Context, id veille.GoalID, m veille.Measure) error {
	return h.did("measure", string(id), m.At.Format(time.RFC3339))
}
func (h *house) DeleteGoal(_ context.Context, id veille.GoalID) error {
	return h.did("delete goal", string(id))
}

func (h *house) Webhook(_ context.Context, id veille.WebhookID) (veille.Webhook, error) {
	return pick(h, h.webhooks, id)
}
func (h *house) Webhooks(_ context.Context, scope []veille.BranchID) ([]veille.Webhook, error) {
	return those(h, h.webhooks, func(w veille.Webhook) veille.BranchID { return w.BranchID }, scope...)
}
func (h *house) PutWebhook(_ context.Context, w veille.Webhook) error {
	h.webhooks[w.ID] = w
	return h.did("put webhook", w.Name)
}
func (h *house) DeleteWebhook(_ context.Context, id veille.WebhookID) error {
	return h.did("delete webhook", string(id))
}
func (h *house) Deliveries(context.Context, veille.WebhookID, int) ([]veille.Delivery, error) {
	return h.deliv, h.fail
}
func (h *house) Test(_ context.Context, id veille.WebhookID) (veille.Delivery, error) {
	return veille.Delivery{ID: "msg_1", WebhookID: id, Body: []byte(canary)}, h.did("test", string(id))
}

func (s searches2) Search(_ context.Context, id veille.SearchID) (veille.SavedSearch, error) {
	return pick(s.house, s.searches, id)
}
func (s searches2) Searches(_ context.Context, scope []veille.BranchID) ([]veille.SavedSearch, error) {
	return those(s.house, s.searches, func(q veille.SavedSearch) veille.BranchID { return q.BranchID }, scope...)
}
func (s searches2) PutSearch(_ context.Context, q veille.SavedSearch) error {
	s.searches[q.ID] = q
	return s.did("put search", q.Name)
}
func (s searches2) DeleteSearch(_ context.Context, id veille.SearchID) error {
	return s.did("delete search", string(id))
}

func (v vitals2) Ping(context.Context) error                                   { return v.fail }
func (v vitals2) CountEntries(context.Context, []veille.BranchID) (int, error) { return 312, v.fail }
func (v vitals2) LastSeq(context.Context) (int64, error)                       { return 312, v.fail }
func (v vitals2) Cursor(_ context.Context, stage string) (int64, error) {
	return map[string]int64{"group": 312, "match": 300, "search": 12}[stage], v.fail
}
func (v vitals2) Sources(context.Context, []veille.BranchID) ([]veille.Source, error) {
	return those(v.house, v.sources, sourceBranch, "mvt", "riv", "mont")
}
func (v vitals2) Incidents(context.Context, veille.IncidentFilter) ([]veille.Incident, error) {
	return those(v.house, v.incidents, func(i veille.Incident) veille.BranchID { return i.BranchID }, "mvt", "riv")
}
