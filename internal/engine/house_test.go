package engine

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"veilleur/index"
	"veilleur/internal/i18n"
	"veilleur/internal/job"
	"veilleur/internal/store"
	"veilleur/internal/store/storetest"
	"veilleur/internal/veille"
)

// The branches of a house: a movement and two of its caisses.
const (
	movement = veille.BranchID("mouvement")
	river    = veille.BranchID("riviere")
	hill     = veille.BranchID("colline")
)

// morning is a Monday, 6 h 52 in Québec.
var morning = time.Date(2026, 11, 23, 11, 52, 0, 0, time.UTC)

// house is the inward path over a real store and a real index, with a clock
// that the test moves.
type house struct {
	*testing.T
	*store.Store
	ix     index.Index
	group  *Group
	match  *Match
	search *Search
	pipe   *Pipeline
	watch  *Watch
	now    time.Time
}

func build(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	h := &house{T: t, Store: storetest.SQLite(t), now: morning}
	for i, b := range []veille.Branch{
		{ID: movement, Name: "Mouvement Desrivières"},
		{ID: river, ParentID: movement, Name: "Caisse de la Rivière"},
		{ID: hill, ParentID: movement, Name: "Caisse de la Colline"},
	} {
		b.Locale, b.Zone, b.CreatedAt = "fr", "America/Toronto", morning.Add(time.Duration(i)*time.Second)
		h.ok(h.PutBranch(t.Context(), b))
	}
	for _, s := range []veille.Source{
		{ID: "quotidien", BranchID: movement, Title: "Le Quotidien du Val", Tier: 1},
		{ID: "hebdo", BranchID: river, Title: "L’Hebdo de la Rivière", Tier: 3},
		{ID: "radio", BranchID: river, Title: "Radio Rivage", Tier: 2},
		{ID: "colline", BranchID: hill, Title: "Le Courrier de la Colline", Tier: 3},
	} {
		s.Kind, s.State, s.URL, s.CreatedAt = veille.SourceFeed, veille.SourceActive, "https://"+string(s.ID)+".example/rss", morning
		h.ok(h.PutSource(t.Context(), s))
	}
	h.open()
	return h
}

// open makes a new index and new stages over the store, as a start does.
func (h *house) open() {
	h.Helper()
	ix, err := index.Create(h.Context(), quiet(), "bleve:"+filepath.Join(h.TempDir(), "index"))
	h.ok(err)
	h.Cleanup(func() { h.ok(ix.Close()) })
	h.ix = ix
	h.start()
}

// start makes new stages over the store and the index.
func (h *house) start() {
	h.Helper()
	clock := func() time.Time { return h.now }
	h.group = NewGroup(h, h)
	h.group.now = clock
	h.match = NewMatch(quiet(), h, h, h, h)
	h.search = NewSearch(h.ix, h, h)
	h.pipe = NewPipeline(quiet(), h, h.group, h.match, h.search)
	h.pipe.now = clock
	h.watch = NewWatch(h, h, h.match, h.search)
	h.watch.now = clock
	h.ok(h.group.Restore(h.Context()))
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) is(err, kind error) {
	h.Helper()
	if !errors.Is(err, kind) {
		h.Fatalf("error %v, want %v", err, kind)
	}
}

// says fails the test unless err is a Problem that says key.
func (h *house) says(err error, key string) {
	h.Helper()
	if s, _ := veille.SaysOf(err); s.Key != key {
		h.Fatalf("error %v, want %s", err, key)
	}
}

func (h *house) same(what string, got, want any) {
	h.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		h.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func must[T any](v T, err error) func(*house) T {
	return func(h *house) T {
		h.Helper()
		h.ok(err)
		return v
	}
}

// news makes an entry published minutes before the house's morning.
func news(src veille.SourceID, guid string, minutes int, title, text string) veille.Entry {
	at := morning.Add(-time.Duration(minutes) * time.Minute)
	return veille.Entry{ID: veille.NewEntryID(src, guid), SourceID: src, GUID: guid, URL: "https://" + string(src) + ".example/" + guid,
		Title: title, Text: text, Published: at, Seen: at.Add(time.Minute)}
}

// read stores entries and moves them all the way.
func (h *house) read(entries ...veille.Entry) {
	h.Helper()
	must(h.PutEntries(h.Context(), entries))(h)
	h.drain()
}

func (h *house) drain() {
	h.Helper()
	must(h.pipe.Drain(h.Context(), nil))(h)
}

func (h *house) topic(b veille.BranchID, s veille.Subject, name, query string) veille.TopicID {
	h.Helper()
	id := must(h.watch.Save(h.Context(), veille.Topic{BranchID: b, Name: name, Query: query, Subject: s}))(h)
	h.now = h.now.Add(time.Second) // no two versions of one topic at one time
	return id
}

// mentioned gives the titles a topic's mentions come from, by date.
func (h *house) mentioned(id veille.TopicID) []string {
	h.Helper()
	var titles []string
	for _, m := range must(h.MentionsOf(h.Context(), id, time.Time{}))(h) {
		titles = append(titles, must(h.EntriesByID(h.Context(), []veille.EntryID{m.EntryID}))(h)[0].Title)
	}
	return titles
}

// found gives the titles a search finds for a branch, the latest first.
func (h *house) found(b veille.BranchID, q string, topics ...veille.TopicID) []string {
	h.Helper()
	res := must(NewFinder(h.ix, h).Search(h.Context(), b, SearchRequest{Query: q, Topics: topics, Limit: 100}))(h)
	var titles []string
	for _, f := range res.Found {
		titles = append(titles, f.Entry.Title)
	}
	return titles
}

// derived is all that a rebuild must give back, by entry title.
func (h *house) derived() map[string]any {
	h.Helper()
	out := map[string]any{}
	for _, e := range must(h.EntriesAfter(h.Context(), 0, 0))(h) {
		st := must(h.Story(h.Context(), e.Reading.StoryID))(h)
		ms := must(h.MentionsOfEntries(h.Context(), []veille.EntryID{e.ID}))(h)
		out[e.Title] = fmt.Sprintf("%+v\n%+v\n%+v", e.Reading, st, ms)
	}
	for _, q := range []string{"caisse", "hypothécaire", "fraude OR fire", "title:guichet", ""} {
		out["search "+q] = h.found(river, q)
	}
	return out
}

// jobs gives the keys of the jobs written, by kind.
func (h *house) jobs(kind string) []string {
	h.Helper()
	rows, err := h.DB().QueryContext(h.Context(), `SELECT json_extract(args, '$.key') FROM river_job WHERE kind = ? ORDER BY id`, kind)
	h.ok(err)
	defer func() { h.ok(rows.Close()) }()
	var keys []string
	for rows.Next() {
		var k string
		h.ok(rows.Scan(&k))
		keys = append(keys, k)
	}
	h.ok(rows.Err())
	return keys
}

// attempt is the attempt River would make of a job that the house wrote.
func (h *house) attempt(kind, key string) job.Attempt {
	h.Helper()
	a := job.Attempt{Kind: kind, Key: key, Number: 1}
	var args string
	h.ok(h.DB().QueryRowContext(h.Context(),
		`SELECT json_extract(args, '$.args') FROM river_job WHERE kind = ? AND json_extract(args, '$.key') = ?`, kind, key).Scan(&args))
	a.Args = []byte(args)
	return a
}

// say prints as the house does.
func say(locale string) func(veille.Sentence) string { return i18n.For(locale).Say }

func (h *house) notices(client *http.Client) *Notices {
	n := NewNotices(quiet(), h, h, h, client, "https://veilleur.example", say)
	n.now = func() time.Time { return h.now }
	return n
}

// corpus is two weeks of a small town: two events told by several media, a
// reprint, an article in English, and some that stand alone.
func corpus() []veille.Entry {
	const theft = "La Caisse de la Rivière a confirmé lundi le vol de données personnelles de 1 200 membres. Une enquête policière est ouverte sur cette fraude, et les membres touchés seront prévenus par la poste d’ici vendredi."
	return []veille.Entry{
		news("hebdo", "patinoire", 19500, "La patinoire du parc des Érables ouvre samedi", "Les familles pourront patiner gratuitement dès samedi au parc des Érables, annonce la Ville. Le chalet sera ouvert chaque soir jusqu’à 21 h."),
		news("quotidien", "taux", 19000, "Le taux hypothécaire recule encore", "Les acheteurs respirent : le taux hypothécaire moyen à cinq ans a reculé d’un dixième de point cette semaine. Les courtiers s’attendent à un printemps plus animé, et la banque centrale ne bougera pas avant janvier, selon l’économiste de la Caisse de la Rivière."),
		news("hebdo", "vol", 400, "Vol de données à la Caisse de la Rivière", theft),
		news("radio", "vol", 300, "Des données de 1 200 membres volées à la Caisse de la Rivière", "Un vol de données touche 1 200 membres de la Caisse de la Rivière. « Nous sommes en colère », disent des membres; la police enquête sur la fraude."),
		news("quotidien", "vol", 200, "Vol de données : la Caisse de la Rivière confirme", theft),
		news("radio", "fire", 150, "Fire destroys the old sugar mill in the valley", "A fire destroyed the old sugar mill overnight. Nobody was hurt and the police are looking into the cause, firefighters said on Monday."),
		news("colline", "guichet", 100, "La caisse de la Colline inaugure un guichet accessible", "Le comptoir de la rue des Ormes a maintenant un guichet accessible aux fauteuils roulants. Le comité des aînés applaudit, et la mairesse a coupé le ruban devant une centaine de curieux."),
		news("quotidien", "mouvement", 50, "Mouvement Desrivières : des résultats en hausse", "Le Mouvement Desrivières annonce une ristourne record à ses membres, une belle réussite pour ses caisses."),
	}
}
