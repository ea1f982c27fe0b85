package web

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	webpage "veilleur/crawler/page"
	"veilleur/index/crisis"
	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/mail"
	"veilleur/internal/veille"
)

// A fakeSettings is all that the pages of settings read and do: things of the
// branch b1, of its movement b0, and of another branch, b9. What a page does
// is written in acts.
type fakeSettings struct {
	sources  map[veille.SourceID]veille.Source
	topics   map[veille.TopicID]veille.Topic
	channels map[veille.ChannelID]veille.Channel
	hooks    map[veille.WebhookID]veille.Webhook
	tokens   map[veille.TokenID]veille.Token
	links    map[string]veille.UserID
	removed  []veille.UserID
	acts     []string
	check    error // of every channel
	ready    bool  // a mail server is set
	sent     []mail.Message
	cursors  map[string]int64
	parked   []veille.Parked
}

func (f *fakeSettings) deps() SettingsDeps {
	return SettingsDeps{Scope: f, Sources: f, Scout: f, Reader: f, Mailboxes: f, Topics: f, Watch: f, Foresight: f, Tunings: f, Finder: f, Channels: f, Checker: f, Digests: f,
		Mailer: f, Webhooks: f, Deliveries: f, Notices: f, Team: f, Tokens: f, Vitals: f, Index: f}
}

func newFakeSettings() *fakeSettings {
	hour := time.Hour
	broken := veille.Say("crawler.fetch.missing", "host", "courrier.exemple")
	well := veille.Health{OKAt: morning.Add(-hour), FetchedAt: morning.Add(-hour), EntryAt: morning.Add(-3 * hour), DueAt: morning.Add(20 * time.Minute), Entries: 41}
	silent := veille.Health{OKAt: morning.Add(-hour), EntryAt: morning.Add(-100 * hour), DueAt: morning.Add(5 * hour), Entries: 7, Rhythm: 24 * 60}
	failing := veille.Health{OKAt: morning.Add(-30 * hour), DueAt: morning.Add(hour), Failures: 4, Problem: &broken}
	feed, active := veille.SourceFeed, veille.SourceActive
	return &fakeSettings{
		ready: true,
		sources: map[veille.SourceID]veille.Source{
			"s1": {ID: "s1", BranchID: "b1", Kind: feed, URL: "https://hebdo.exemple/rss", Title: "L’Hebdo des Rives", Tier: 3, Folder: "Médias / Locaux", State: active, Health: well},
			"s2": {ID: "s2", BranchID: "b1", Kind: feed, URL: "https://courrier.exemple/rss", Title: "<b>Le Courrier</b>", Tier: 2, State: active, Health: failing},
			"s3": {ID: "s3", BranchID: "b1", Kind: veille.SourceAlert, URL: "https://alertes.exemple/feeds/0123/456", Title: "Alerte : caisse", State: active, Health: silent},
			"s4": {ID: "s4", BranchID: "b1", Kind: feed, URL: "https://blogue.exemple/rss", Title: "Le Blogue", Tier: 4, State: veille.SourcePaused},
			"s5": {ID: "s5", BranchID: "b1", Kind: feed, URL: "https://ancien.exemple/rss", Site: "https://ancien.exemple/une", Title: "L’Ancien", State: veille.SourceEnded, Health: veille.Health{FetchedAt: morning.Add(-50 * hour)}},
			"s0": {ID: "s0", BranchID: "b0", Kind: feed, URL: "https://quotidien.exemple/rss", Title: "Le Quotidien", Tier: 1, State: active, Health: well},
			"s9": {ID: "s9", BranchID: "b9", Kind: feed, URL: "https://ailleurs.exemple/rss", Title: "Ailleurs", State: active},
		},
		topics: map[veille.TopicID]veille.Topic{
			"t1": {ID: "t1", BranchID: "b1", Name: "Notre caisse", Query: `"Caisse de la Rivière" -titre:hockey`, Subject: veille.SubjectBranch, Sensitivity: veille.SensitivityAlert},
			"t0": {ID: "t0", BranchID: "b0", Name: "Mouvement", Query: "Desrivières", Subject: veille.SubjectMovement},
			"t9": {ID: "t9", BranchID: "b9", Name: "Ailleurs", Query: "ailleurs", Subject: veille.SubjectTheme},
		},
		channels: map[veille.ChannelID]veille.Channel{
			"c1": {ID: "c1", BranchID: "b1", Network: veille.NetworkManual, Name: "Facebook", Cadence: 3, Slots: []veille.Slot{{Weekday: 5, Hour: 9, Minute: 30, Zone: "America/Toronto"}, {Weekday: 1, Hour: 12, Zone: "America/Toronto"}}},
			"c2": {ID: "c2", BranchID: "b1", Network: veille.NetworkWordPress, Name: "Blogue", URL: "https://blogue.exemple", User: "ana", Secret: "abcd efgh", Cadence: 1},
			"c9": {ID: "c9", BranchID: "b9", Network: veille.NetworkManual, Name: "Ailleurs"},
		},
		hooks: map[veille.WebhookID]veille.Webhook{
			"w1": {ID: "w1", BranchID: "b1", Name: "Communications", URL: "https://clavardage.exemple/salon/jeton", Secret: "whsec_abc", OKAt: morning.Add(-2 * hour)},
			"w9": {ID: "w9", BranchID: "b9", Name: "Ailleurs", URL: "https://ailleurs.exemple"},
		},
		tokens: map[veille.TokenID]veille.Token{
			"k1": {ID: "k1", UserID: "u1", Name: "Tableau de bord", CreatedAt: morning.AddDate(0, 0, -3)},
			"k9": {ID: "k9", UserID: "u9", Name: "Ailleurs"},
		},
		links:   map[string]veille.UserID{},
		cursors: map[string]int64{"group": 120, "match": 120, "search": 120},
	}
}

func (f *fakeSettings) did(act string) { f.acts = append(f.acts, act) }

func (f *fakeSettings) Scope(_ context.Context, b veille.BranchID) ([]veille.BranchID, error) {
	if b == "b1" {
		return []veille.BranchID{"b1", "b0"}, nil
	}
	return []veille.BranchID{b}, nil
}

// keptBy gives the values of a map that a scope holds, in the order of their ids.
func keptBy[K ~string, V any](m map[K]V, scope []veille.BranchID, owner func(V) veille.BranchID) []V {
	var out []V
	for _, id := range sortedKeys(m) {
		for _, b := range scope {
			if owner(m[id]) == b {
				out = append(out, m[id])
			}
		}
	}
	return out
}

func keptIn[K ~string, V any](m map[K]V, id K) (V, error) {
	if v, ok := m[id]; ok {
		return v, nil
	}
	var none V
	return none, veille.ErrNotFound
}

func (f *fakeSettings) Source(_ context.Context, id veille.SourceID) (veille.Source, error) {
	return keptIn(f.sources, id)
}

func (f *fakeSettings) Sources(_ context.Context, scope []veille.BranchID) ([]veille.Source, error) {
	return keptBy(f.sources, scope, func(s veille.Source) veille.BranchID { return s.BranchID }), nil
}

func (f *fakeSettings) TryMailbox(_ context.Context, s veille.Source, password string) (MailTried, error) {
	if password == "faux" {
		return MailTried{}, veille.NewProblem(veille.ErrDenied, veille.Say("mailbox.wrong.password", "host", "imap.exemple", "user", "ana"), nil)
	}
	f.did("try " + s.URL + " " + password)
	return MailTried{Mails: 14, Alerts: 9, Wanted: 11}, nil
}

func (f *fakeSettings) SaveMailbox(ctx context.Context, s veille.Source, password string) (MailTried, error) {
	t, err := f.TryMailbox(ctx, s, password)
	if err == nil {
		f.sources[s.ID] = s
	}
	return t, err
}

func (f *fakeSettings) PutSource(_ context.Context, s veille.Source) error {
	f.sources[s.ID] = s
	return nil
}

func (f *fakeSettings) DeleteSource(_ context.Context, id veille.SourceID) error {
	delete(f.sources, id)
	return nil
}

// SourceWeeks gives a source that brings a little more each week.
func (f *fakeSettings) SourceWeeks(_ context.Context, id veille.SourceID, _ []veille.BranchID, _ time.Time, n int) ([]veille.SourceWeek, error) {
	weeks := make([]veille.SourceWeek, n)
	for i := range weeks {
		if f.sources[id].Health.Entries > 0 {
			weeks[i] = veille.SourceWeek{Entries: i, Mentions: i / 3}
		}
	}
	return weeks, nil
}

func (f *fakeSettings) ReadNow(_ context.Context, id veille.SourceID) error {
	f.did("read " + string(id))
	return nil
}

func (f *fakeSettings) Topic(_ context.Context, id veille.TopicID) (veille.Topic, error) {
	return keptIn(f.topics, id)
}

func (f *fakeSettings) Topics(_ context.Context, scope []veille.BranchID) ([]veille.Topic, error) {
	return keptBy(f.topics, scope, func(t veille.Topic) veille.BranchID { return t.BranchID }), nil
}

// CountHidden counts one hidden mention of her topic.
func (f *fakeSettings) CountHidden(_ context.Context, id veille.TopicID, _ time.Time) (int, error) {
	if id == "t1" {
		return 1, nil
	}
	return 0, nil
}

func (f *fakeSettings) CountMentions(_ context.Context, _ veille.TopicID, since time.Time) (int, error) {
	return int(morning.Sub(since).Hours())/24 - 16, nil
}

func (f *fakeSettings) Save(_ context.Context, t veille.Topic) (veille.TopicID, error) {
	if _, err := query.Parse(t.Query); err != nil {
		return "", err
	}
	if t.Query == "" {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("topic.query_needed"), nil)
	}
	if t.ID == "" {
		t.ID = "t2"
	}
	f.topics[t.ID] = t
	return t.ID, nil
}

func (f *fakeSettings) Delete(_ context.Context, id veille.TopicID) error {
	delete(f.topics, id)
	return nil
}

// Search finds one entry whose title holds the first word of the query.
func (f *fakeSettings) Rehearse(context.Context, veille.Topic) ([]crisis.Rehearsal, error) {
	was := crisis.Raised{At: morning.AddDate(0, -2, 0), Level: veille.LevelEscalate, Score: 63, Title: "Panne <b>"}
	return []crisis.Rehearsal{
		{Sensitivity: veille.SensitivityCalm},
		{Sensitivity: veille.SensitivityNormal, Raised: []crisis.Raised{was}},
		{Sensitivity: veille.SensitivityAlert, Raised: []crisis.Raised{was, {At: morning.AddDate(0, -1, 0), Level: veille.LevelWatch, Score: 21, Title: "Longue file"}}},
	}, nil
}

func (f *fakeSettings) Tunings(_ context.Context, id veille.TopicID) ([]veille.Tuning, error) {
	if id != "t1" {
		return nil, nil
	}
	said := morning.AddDate(0, 0, -19)
	return []veille.Tuning{
		{IncidentID: "i2", TopicID: "t1", At: said, By: "u1", Reason: "un homonyme <i>"},
		{IncidentID: "i3", TopicID: "t1", At: said.AddDate(0, 0, -9), By: "u7", Reason: "un exercice", UndoneAt: said, UndoneBy: "u1"},
	}, nil
}

func (f *fakeSettings) UndoTuning(_ context.Context, id veille.IncidentID, by veille.UserID, _ time.Time) error {
	f.did("undo " + string(id) + " by " + string(by))
	return nil
}

func (f *fakeSettings) Search(_ context.Context, _ veille.BranchID, r engine.SearchRequest) (engine.Results, error) {
	q, err := query.Parse(r.Query)
	if err != nil {
		return engine.Results{}, err
	}
	word, _, _ := strings.Cut(strings.Trim(r.Query, `"(`), " ")
	e := veille.Entry{ID: "e1", Title: word + " réduit ses heures <i>", Published: morning.Add(-20 * time.Hour), URL: "https://hebdo.exemple/1"}
	hit := engine.Found{Entry: e, Story: veille.Story{ID: "n1"}, Source: f.sources["s1"],
		Passages: []veille.Passage{{Field: "text", Text: "La " + word + " ferme.", Marks: [][2]int{{3, 3 + len(word)}}}}}
	return engine.Results{Entries: 23, Stories: 4, Found: []engine.Found{hit}, Query: q}, nil
}

func (f *fakeSettings) Channel(_ context.Context, id veille.ChannelID) (veille.Channel, error) {
	return keptIn(f.channels, id)
}

func (f *fakeSettings) Channels(_ context.Context, b veille.BranchID) ([]veille.Channel, error) {
	return keptBy(f.channels, []veille.BranchID{b}, func(c veille.Channel) veille.BranchID { return c.BranchID }), nil
}

func (f *fakeSettings) PutChannel(_ context.Context, c veille.Channel) error {
	f.channels[c.ID] = c
	return nil
}

func (f *fakeSettings) DeleteChannel(_ context.Context, id veille.ChannelID) error {
	if id == "c2" {
		return veille.NewProblem(veille.ErrConflict, veille.Say("store.channel_in_use"), nil)
	}
	delete(f.channels, id)
	return nil
}

func (f *fakeSettings) Check(_ context.Context, c veille.Channel) error {
	f.did("check " + c.Name)
	return f.check
}

func (f *fakeSettings) Compose(_ context.Context, u veille.User, _ time.Time) (mail.Message, error) {
	return mail.Message{To: u.Email, Subject: "Rien à signaler", Text: "À faire\n1. Rien <b>",
		HTML: `<!DOCTYPE html><html lang="fr"><head><title>Matin</title></head><body style="color:#123"><p>Rien</p></body></html>`}, nil
}

func (f *fakeSettings) Unsubscribe(_ context.Context, id veille.UserID, sig string) error {
	if sig != "bonne" {
		return veille.ErrDenied
	}
	f.did("unsubscribe " + string(id))
	return nil
}

func (f *fakeSettings) Ready() bool { return f.ready }

func (f *fakeSettings) Send(_ context.Context, m mail.Message) error {
	f.sent = append(f.sent, m)
	return nil
}

func (f *fakeSettings) Webhook(_ context.Context, id veille.WebhookID) (veille.Webhook, error) {
	return keptIn(f.hooks, id)
}

func (f *fakeSettings) Webhooks(_ context.Context, scope []veille.BranchID) ([]veille.Webhook, error) {
	return keptBy(f.hooks, scope, func(w veille.Webhook) veille.BranchID { return w.BranchID }), nil
}

func (f *fakeSettings) PutWebhook(_ context.Context, w veille.Webhook) error {
	f.hooks[w.ID] = w
	return nil
}

func (f *fakeSettings) DeleteWebhook(_ context.Context, id veille.WebhookID) error {
	delete(f.hooks, id)
	return nil
}

func (f *fakeSettings) Deliveries(context.Context, veille.WebhookID, int) ([]veille.Delivery, error) {
	return []veille.Delivery{
		{ID: "d3", IncidentID: "i1", Event: "incident.raised", State: veille.DeliveryPending, Attempts: 2, Status: 503, CreatedAt: morning.Add(-4 * time.Minute), NextAt: morning.Add(6 * time.Minute)},
		{ID: "d2", IncidentID: "i1", Event: "incident.opened", State: veille.DeliveryDelivered, Attempts: 1, Status: 200, CreatedAt: morning.Add(-time.Hour)},
		{ID: "d1", Event: "test", State: veille.DeliveryGivenUp, Attempts: 12, CreatedAt: morning.AddDate(0, 0, -2)},
	}, nil
}

func (f *fakeSettings) Test(_ context.Context, id veille.WebhookID) (veille.Delivery, error) {
	f.did("test " + string(id))
	return veille.Delivery{}, nil
}

func (f *fakeSettings) PutLink(_ context.Context, hash, purpose string, u veille.UserID, _ time.Time) error {
	f.links[hash+purpose] = u
	return nil
}

func (f *fakeSettings) DeleteUser(_ context.Context, id veille.UserID) error {
	f.removed = append(f.removed, id)
	return nil
}

func (f *fakeSettings) Tokens(_ context.Context, u veille.UserID) ([]veille.Token, error) {
	var out []veille.Token
	for _, id := range sortedKeys(f.tokens) {
		if f.tokens[id].UserID == u {
			out = append(out, f.tokens[id])
		}
	}
	return out, nil
}

func (f *fakeSettings) PutToken(_ context.Context, t veille.Token) error {
	f.tokens[t.ID] = t
	return nil
}

func (f *fakeSettings) DeleteToken(_ context.Context, id veille.TokenID) error {
	delete(f.tokens, id)
	return nil
}

func (f *fakeSettings) Ping(context.Context) error { return nil }

func (f *fakeSettings) CountEntries(context.Context, []veille.BranchID) (int, error) { return 120, nil }

func (f *fakeSettings) LastSeq(context.Context) (int64, error) { return 120, nil }

func (f *fakeSettings) Cursor(_ context.Context, name string) (int64, error) {
	return f.cursors[name], nil
}

func (f *fakeSettings) Parked(context.Context) ([]veille.Parked, error) { return f.parked, nil }

func (f *fakeSettings) EntriesByID(_ context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	var out []veille.Entry
	for _, id := range ids {
		out = append(out, veille.Entry{ID: id, SourceID: veille.SourceID("s" + string(id[1:])), Title: "Article " + string(id), URL: "https://hebdo.exemple/" + string(id)})
	}
	return out, nil
}

func (f *fakeSettings) Len() int { return 120 }

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Survey finds a feed, the comments and a page to watch at the site of the
// journal, a refusal at Reddit, and nothing at a picture.
func (f *fakeSettings) Survey(_ context.Context, address string) ([]Offer, error) {
	f.did("survey " + address)
	refused := veille.Say("crawler.fetch.forbidden", "host", "www.reddit.com", "code", 403)
	switch {
	case strings.HasSuffix(address, "photo.exemple"):
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.not.image"), nil)
	case strings.Contains(address, "reddit.com/r/Quebec") && !strings.Contains(address, "feed="):
		return []Offer{{Found: "network", Kind: veille.SourceFeed, Network: "reddit", What: "community", Title: "r/Quebec", URL: "https://www.reddit.com/r/Quebec/.rss", Problem: &refused}}, nil
	case strings.Contains(address, "sansfil.exemple"):
		return []Offer{fakePage("https://sansfil.exemple/avis")}, nil
	}
	return []Offer{
		{Found: "announced", Kind: veille.SourceFeed, Title: "Le <b>Journal</b>", URL: "https://journal.exemple/rss", Titles: []string{"La crue recule", "Une bourse"}, Entries: 2, Latest: morning.Add(-3 * time.Hour)},
		{Found: "network", Kind: veille.SourceComments, Network: "wordpress", What: "comments", URL: "https://journal.exemple/comments/feed/"},
		fakePage("https://journal.exemple/"),
	}, nil
}

func fakePage(address string) Offer {
	return Offer{Found: "page", Kind: veille.SourcePage, Title: "Avis publics", URL: address, Titles: []string{"Avis publics"}, Blocks: []webpage.Proposal{
		{Watch: veille.Watch{Item: "div.liste > div.avis"}, Titles: []string{"Vente pour taxes", "Fermeture de rue", "Dérogation mineure"}, Items: 12, Dated: true},
		{Watch: veille.Watch{Item: "ul.liens > li"}, Titles: []string{"Le conseil municipal", "Les règlements", "Les séances"}, Items: 5},
	}}
}

func (f *fakeSettings) Follow(_ context.Context, b veille.BranchID, w SourceWish) (veille.Source, error) {
	if strings.Contains(w.URL, "deja.exemple") {
		return veille.Source{}, veille.NewProblem(veille.ErrConflict, veille.Say("store.source_known"), nil)
	}
	s := veille.Source{ID: "nouvelle", BranchID: b, Kind: w.Kind, URL: w.URL, Title: w.Title, Watch: w.Watch, Every: w.Every, State: veille.SourceActive}
	f.sources[s.ID] = s
	return s, nil
}
