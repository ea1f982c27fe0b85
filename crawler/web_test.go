package crawler

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"veilleur/crawler/fetch"
	"veilleur/internal/veille"
)

// web serves the pages of a txtar, each host a folder of one server.
type web struct {
	url string // of the server

	mu    sync.Mutex
	pages map[string]string // "/host/path" → headers and body
	log   []*http.Request
}

func newWeb(t *testing.T) *web {
	t.Helper()
	b, err := os.ReadFile("testdata/web.txtar")
	if err != nil {
		t.Fatal(err)
	}
	w := &web{pages: map[string]string{}}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.url = s.URL
	for _, f := range txtar.Parse(b).Files {
		w.put(f.Name, string(f.Data))
	}
	return w
}

// at is where an address of the small web really is.
func (w *web) at(address string) string {
	return w.url + "/" + strings.TrimPrefix(address, "http://")
}

func (w *web) put(address, page string) {
	page = strings.ReplaceAll(page, "Location: http://", "Location: "+w.url+"/")
	host, _, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	for _, attr := range []string{`href="/`, `<link>/`, `content="/`} {
		page = strings.ReplaceAll(page, attr, attr+host+"/")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages["/"+strings.TrimPrefix(address, "http://")] = page
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.log = append(w.log, r)
	page, ok := w.pages[r.URL.Path]
	w.mu.Unlock()
	if !ok {
		http.NotFound(rw, r)
		return
	}
	head, body, _ := strings.Cut(page, "\n\n")
	status := 200
	for line := range strings.Lines(head) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if k == "Status" {
			status, _ = strconv.Atoi(v)
		} else {
			rw.Header().Set(k, v)
		}
	}
	if tag := rw.Header().Get("ETag"); tag != "" && r.Header.Get("If-None-Match") == tag {
		status = 304
	}
	rw.WriteHeader(status)
	if status == 200 {
		rw.Write([]byte(body))
	}
}

// count is how many requests a path had.
func (w *web) count(address string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.log {
		if r.URL.Path == "/"+strings.TrimPrefix(address, "http://") {
			n++
		}
	}
	return n
}

// memory is a Store in a map.
type memory struct {
	mu      sync.Mutex
	sources map[veille.SourceID]veille.Source
	leases  map[veille.SourceID]time.Time
	entries map[veille.EntryID]veille.Entry
	puts    []veille.Fetched
	secrets map[veille.SourceID]string
}

func newMemory() *memory {
	return &memory{secrets: map[veille.SourceID]string{}, sources: map[veille.SourceID]veille.Source{}, leases: map[veille.SourceID]time.Time{}, entries: map[veille.EntryID]veille.Entry{}}
}

func (m *memory) ClaimSources(_ context.Context, now time.Time, n int, lease time.Duration, _ string, force bool, not []string) ([]veille.Source, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []veille.Source
	for id, s := range m.sources {
		due := !s.Health.DueAt.After(now) || force && s.Health.FetchedAt.Before(now)
		refused := slices.ContainsFunc(not, func(h string) bool { return strings.HasPrefix(s.URL, h) })
		if !refused && len(out) < n && s.State == veille.SourceActive && due && !m.leases[id].After(now) {
			m.leases[id] = now.Add(lease)
			out = append(out, s)
		}
	}
	return out, nil
}

func (m *memory) PutFetch(_ context.Context, f veille.Fetched) (veille.PutCount, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.puts = append(m.puts, f)
	s := m.sources[f.SourceID]
	s.Health = f.Health
	if f.State != "" {
		s.State = f.State
	}
	if f.URL != "" {
		s.URL = f.URL
	}
	m.sources[f.SourceID] = s
	delete(m.leases, f.SourceID)
	var n veille.PutCount
	for _, e := range f.Entries {
		if _, ok := m.entries[e.ID]; ok {
			n.Changed++
		} else {
			n.New++
		}
		m.entries[e.ID] = e
	}
	return n, nil
}

func (m *memory) PutSource(_ context.Context, s veille.Source) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.sources {
		if o.BranchID == s.BranchID && o.URL == s.URL && o.ID != s.ID {
			return veille.ErrConflict
		}
	}
	m.sources[s.ID] = s
	return nil
}

func (m *memory) SourceSecret(_ context.Context, id veille.SourceID) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.secrets[id]; ok {
		return s, nil
	}
	return "", veille.ErrNotFound
}

func (m *memory) PutSourceSecret(_ context.Context, id veille.SourceID, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[id] = secret
	return nil
}

func (m *memory) Sources(context.Context, []veille.BranchID) ([]veille.Source, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []veille.Source
	for _, s := range m.sources {
		out = append(out, s)
	}
	return out, nil
}

func (m *memory) EntriesByID(_ context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []veille.Entry
	for _, id := range ids {
		if e, ok := m.entries[id]; ok {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) source(id veille.SourceID) veille.Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sources[id]
}

// of gives the entries of a source, the oldest first.
func (m *memory) of(id veille.SourceID) []veille.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []veille.Entry
	for _, e := range m.entries {
		if e.SourceID == id {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b veille.Entry) int { return a.Published.Compare(b.Published) })
	return out
}

// world is a crawler in a small web, with a clock that is moved by hand.
type world struct {
	*web
	*memory
	c   *Crawler
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{web: newWeb(t), memory: newMemory(), now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	client := fetch.New(fetch.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	w.c = New(slog.New(slog.DiscardHandler), w.memory, client, Config{Workers: 4, Owner: "test"})
	w.c.now = func() time.Time { return w.now }
	w.c.chance = func() float64 { return 0.5 }
	return w
}

// add stores a source that is due.
func (w *world) add(id, address string) veille.Source {
	s := veille.Source{ID: veille.SourceID(id), BranchID: "b", Kind: veille.SourceFeed, URL: w.at(address), Title: id,
		State: veille.SourceActive, CreatedAt: w.now, Health: veille.Health{DueAt: w.now}}
	w.sources[s.ID] = s
	return s
}

// once reads what is due.
func (w *world) once(t *testing.T, force bool) Report {
	t.Helper()
	r, err := w.c.Once(t.Context(), force)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
