// Package storetest is the suite every database of internal/store passes: the
// same tests on SQLite and on PostgreSQL.
//
// It also opens such databases for the tests of other packages. It stores
// everything in folders and databases of its own, and removes them.
package storetest

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// Run runs the whole suite. open gives a new, empty store that ends with t.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range map[string]func(*fixture){
		"branches":                   testBranches,
		"users":                      testUsers,
		"links and tokens":           testLinksAndTokens,
		"sessions and settings":      testSessionsAndSettings,
		"sources":                    testSources,
		"claims":                     testClaims,
		"subscriptions":              testSubscriptions,
		"claims by two owners":       testClaimsByTwoOwners,
		"fetches together":           testFetchesTogether,
		"fetches":                    testFetches,
		"fetches and leases":         testFetchesAndLeases,
		"weeks of a source":          testSourceWeeks,
		"entries":                    testEntries,
		"heads":                      testHeads,
		"log in commit order":        testCommitOrder,
		"log under many writers":     testManyWriters,
		"readings":                   testReadings,
		"stories":                    testStories,
		"aliases":                    testAliases,
		"story changes":              testStoryChanges,
		"placed reprints":            testPlacedReprints,
		"agencies and kin":           testAgenciesAndKin,
		"clear derived":              testClearDerived,
		"topics and mentions":        testTopicsAndMentions,
		"judged mentions":            testJudgedMentions,
		"hidden mentions":            testHiddenMentions,
		"corrections":                testCorrections,
		"cursors and parked":         testCursorsAndParked,
		"searches":                   testSearches,
		"incidents":                  testIncidents,
		"ideas":                      testIdeas,
		"channels":                   testChannels,
		"posts":                      testPosts,
		"goals":                      testGoals,
		"webhooks":                   testWebhooks,
		"digests":                    testDigests,
		"jobs with their decision":   testJobs,
		"jobs run":                   testJobsRun,
		"deletes take what hangs on": testDeletes,
		"hostile text":               testHostileText,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fixture{T: t, Store: open(t), now: time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)}
			f.seed()
			test(f)
		})
	}
}

// SQLite opens a new store in a folder of its own.
func SQLite(t *testing.T) *store.Store {
	t.Helper()
	return openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "veilleur.db"))
}

func openStore(t *testing.T, spec string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), spec, rot{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// rot is a Sealer that can be seen to have worked.
type rot struct{}

func (rot) Seal(plain string) (string, error) { return "sealed:" + reversed(plain), nil }

func (rot) Open(sealed string) (string, error) {
	s, ok := strings.CutPrefix(sealed, "sealed:")
	if !ok {
		return "", errors.New("was not sealed")
	}
	return reversed(s), nil
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// fixture is a store with a movement, two of its branches, a user and a source.
type fixture struct {
	*testing.T
	*store.Store
	now time.Time
}

const (
	movement = veille.BranchID("mouvement")
	river    = veille.BranchID("riviere") // Caisse de la Rivière
	hill     = veille.BranchID("colline") // a sister of river
)

func (f *fixture) seed() {
	f.Helper()
	for i, b := range []veille.Branch{
		{ID: movement, Name: "Mouvement Desrivières"},
		{ID: river, ParentID: movement, Name: "Caisse de la Rivière"},
		{ID: hill, ParentID: movement, Name: "Caisse de la Colline"},
	} {
		b.Locale, b.Zone, b.CreatedAt = "fr", "America/Toronto", f.at(i)
		f.ok(f.PutBranch(f.Context(), b))
	}
	f.ok(f.PutUser(f.Context(), f.user("u1", "una@example.org")))
	f.ok(f.PutSource(f.Context(), f.source("s1", river, "https://hebdo.example/flux.xml")))
}

// at is now plus n minutes.
func (f *fixture) at(n int) time.Time { return f.now.Add(time.Duration(n) * time.Minute) }

func (f *fixture) user(id veille.UserID, email string) veille.User {
	return veille.User{ID: id, BranchID: river, Name: "Una", Email: email, Locale: "fr", Role: veille.RoleManager,
		PasswordHash: "argon", Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 30, Days: []int{1, 2}},
		CreatedAt: f.now}
}

func (f *fixture) source(id veille.SourceID, branch veille.BranchID, url string) veille.Source {
	return veille.Source{ID: id, BranchID: branch, Kind: veille.SourceFeed, URL: url, Site: "https://hebdo.example",
		Title: "L’Hebdo", Publisher: "Hebdo du Val", Group: "Presse du Val", Tier: 3, Folder: "Locaux", ReadPages: true,
		Every: 30, Watch: veille.Watch{Item: "li"}, Mailbox: veille.Mailbox{From: []string{"veille.example"}},
		State: veille.SourceActive, CreatedAt: f.now,
		Health: veille.Health{ETag: `W/"1"`, LastModified: "Mon", Seen: []byte{0, 1, 255}, DueAt: f.now}}
}

// entry makes the n-th entry of a source, published n minutes after now.
func (f *fixture) entry(src veille.SourceID, n int) veille.Entry {
	guid := fmt.Sprint("guid-", n)
	return veille.Entry{ID: veille.NewEntryID(src, guid), SourceID: src, GUID: guid,
		URL: "https://hebdo.example/" + guid, Title: fmt.Sprintf("La caisse n° %d « inaugure »", n), Author: "A.",
		Publisher: "P.", Text: "Texte de l’article.", Image: "https://hebdo.example/i.png", Partial: true,
		Published: f.at(n), Seen: f.at(n + 1)}
}

// putEntries stores entries from..to of a source and gives their ids.
func (f *fixture) putEntries(src veille.SourceID, from, to int) []veille.EntryID {
	f.Helper()
	var entries []veille.Entry
	var ids []veille.EntryID
	for n := from; n <= to; n++ {
		e := f.entry(src, n)
		entries, ids = append(entries, e), append(ids, e.ID)
	}
	must(f.PutEntries(f.Context(), entries))(f)
	return ids
}

func (f *fixture) topic(id veille.TopicID, branch veille.BranchID) veille.Topic {
	return veille.Topic{ID: id, BranchID: branch, Name: "Caisse", Query: `"Caisse de la Rivière"`,
		Subject: veille.SubjectBranch, Sensitivity: veille.SensitivityNormal, CreatedAt: f.now, UpdatedAt: f.now}
}

func (f *fixture) mention(topic veille.TopicID, e veille.Entry) veille.Mention {
	return veille.Mention{TopicID: topic, EntryID: e.ID, InTitle: true, At: e.Published,
		Passages: []veille.Passage{{Field: "title", Text: "La caisse", Marks: [][2]int{{3, 9}}}}}
}

// ok fails the test on an error.
func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// is fails the test unless err is of a kind.
func (f *fixture) is(err, kind error) {
	f.Helper()
	if !errors.Is(err, kind) {
		f.Fatalf("error %v, want %v", err, kind)
	}
}

// same compares two values; empty and nil lists are the same.
func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		f.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// must gives the value of a call that cannot fail here.
func must[T any](v T, err error) func(*fixture) T {
	return func(f *fixture) T {
		f.Helper()
		f.ok(err)
		return v
	}
}

// idsOf gives the ids of nouns.
func idsOf[N any, ID ~string](nouns []N, id func(N) ID) []string {
	out := make([]string, len(nouns))
	for i, n := range nouns {
		out[i] = string(id(n))
	}
	return out
}
