package index_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"veilleur/index"
	"veilleur/index/indextest"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func create(t *testing.T) index.Index {
	t.Helper()
	ix, err := index.Create(t.Context(), quiet(), "bleve:"+filepath.Join(t.TempDir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	return ix
}

func TestBleve(t *testing.T) {
	t.Parallel()
	indextest.Run(t, create)
}

// The three readings of the language, plain, inverted and on disk, agree.
func TestMatcherQueryAndIndexAgree(t *testing.T) {
	t.Parallel()
	docs := indextest.Documents(21, 150)
	ix := create(t)
	if err := ix.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	m := match.New()
	want := map[veille.TopicID][]veille.EntryID{}
	for i := range 500 {
		q, err := query.Parse(indextest.Query(r))
		if err != nil || q.Empty() {
			continue
		}
		id := veille.TopicID(string(rune('a'+i%26)) + q.String())
		m.Set(id, q)
		res, err := ix.Search(t.Context(), index.Request{Query: q, Limit: len(docs)})
		if err != nil {
			t.Fatal(err)
		}
		want[id] = nil
		for _, h := range res.Hits {
			want[id] = append(want[id], h.ID)
		}
	}
	got := map[veille.TopicID][]veille.EntryID{}
	for _, d := range docs {
		for _, h := range m.Match(indextest.MatchDoc(d)) {
			got[h.TopicID] = append(got[h.TopicID], d.ID)
		}
	}
	hits := 0
	for id := range want {
		slices.Sort(want[id])
		slices.Sort(got[id])
		hits += len(want[id])
		if !slices.Equal(got[id], want[id]) {
			t.Errorf("topic %s: the matcher says %d, the index %d", id, len(got[id]), len(want[id]))
		}
	}
	if hits < 1000 {
		t.Errorf("only %d hits: the queries show nothing", hits)
	}
}

func rowsOf(docs []index.Document) iter.Seq2[index.Row, error] {
	return func(yield func(index.Row, error) bool) {
		for _, d := range docs {
			if !yield(d.Row, nil) {
				return
			}
		}
	}
}

// filled makes an index of documents, closed, and gives its folder.
func filled(t *testing.T, docs []index.Document) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	ix, err := index.Create(t.Context(), quiet(), "bleve:"+dir)
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(docs, 50) {
		if err := ix.Put(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenAgainGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	docs := indextest.Documents(1, 200)
	dir := filled(t, docs[:150])
	ix, err := index.Open(t.Context(), quiet(), "bleve:"+dir, rowsOf(docs)) // 50 rows are not inside yet
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if ix.Len() != 150 {
		t.Errorf("%d inside, want 150", ix.Len())
	}
	fresh := create(t)
	if err := errors.Join(fresh.Put(t.Context(), docs), ix.Put(t.Context(), docs[150:])); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		q, err := query.Parse(indextest.Query(r))
		if err != nil {
			continue
		}
		req := index.Request{Query: q, Limit: 20, ByStory: true}
		a, err1 := ix.Search(t.Context(), req)
		b, err2 := fresh.Search(t.Context(), req)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Hits, b.Hits) || a.Entries != b.Entries {
			t.Errorf("%s: %d entries, want %d", q, a.Entries, b.Entries)
		}
	}
}

func TestSpecsAndFoldersRefused(t *testing.T) {
	t.Parallel()
	ctx, none := t.Context(), rowsOf(nil)
	for _, spec := range []string{"", "bleve:", "bleve", "opensearch+https://x", "/tmp/x"} {
		if _, err := index.Open(ctx, quiet(), spec, none); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("open %q: %v", spec, err)
		}
		if _, err := index.Create(ctx, quiet(), spec); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("create %q: %v", spec, err)
		}
	}
	_, err := index.Open(ctx, quiet(), "bleve:"+t.TempDir(), none)
	if !errors.Is(err, index.ErrRebuild) || !errors.Is(err, veille.ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
	dir := filled(t, nil)
	if _, err := index.Create(ctx, quiet(), "bleve:"+dir); !errors.Is(err, veille.ErrConflict) {
		t.Errorf("create over another: %v", err)
	}
	ix, err := index.Open(ctx, quiet(), "bleve:"+dir, none)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if _, err := index.Open(ctx, quiet(), "bleve:"+dir, none); !errors.Is(err, veille.ErrBusy) || errors.Is(err, index.ErrRebuild) {
		t.Errorf("opened twice: %v", err)
	}
	broken := errors.New("store down")
	bad := func(yield func(index.Row, error) bool) { yield(index.Row{}, broken) }
	if _, err := index.Open(ctx, quiet(), "bleve:"+filled(t, nil), bad); !errors.Is(err, broken) || errors.Is(err, index.ErrRebuild) {
		t.Errorf("rows that fail: %v", err)
	}
}

// Broken files give ErrRebuild or right answers, and never end the process.
func TestBrokenFilesAreToldOrHarmless(t *testing.T) {
	t.Parallel()
	docs := indextest.Documents(1, 100)
	each := func(pattern string, f func(path string, body []byte) error) func(dir string) error {
		return func(dir string) error {
			paths, _ := filepath.Glob(filepath.Join(dir, pattern))
			if len(paths) == 0 {
				return fs.ErrNotExist
			}
			for _, p := range paths {
				body, err := os.ReadFile(p)
				if err == nil {
					err = f(p, body)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	write := func(p string, b []byte) error { return os.WriteFile(p, b, 0o600) }
	flip := func(b []byte, from, n int) []byte {
		b = slices.Clone(b)
		for i := max(from, 0); i < min(from+n, len(b)); i++ {
			b[i] ^= 0xff
		}
		return b
	}
	for name, harm := range map[string]func(dir string) error{
		"segments deleted":   each("*.zap", func(p string, _ []byte) error { return os.Remove(p) }),
		"segments emptied":   each("*.zap", func(p string, _ []byte) error { return write(p, nil) }),
		"segments cut short": each("*.zap", func(p string, b []byte) error { return write(p, b[:len(b)/2]) }),
		"footers flipped":    each("*.zap", func(p string, b []byte) error { return write(p, flip(b, len(b)-40, 40)) }),
		"middles flipped":    each("*.zap", func(p string, b []byte) error { return write(p, flip(b, len(b)/2, 4096)) }),
		"heads flipped":      each("*.zap", func(p string, b []byte) error { return write(p, flip(b, 0, 64)) }),
		"root emptied":       each("root.bolt", func(p string, _ []byte) error { return write(p, nil) }),
		"root flipped":       each("root.bolt", func(p string, b []byte) error { return write(p, flip(b, 0, 8192)) }),
		"root cut short":     each("root.bolt", func(p string, b []byte) error { return write(p, b[:len(b)/2]) }),
		"root deleted":       each("root.bolt", func(p string, _ []byte) error { return os.Remove(p) }),
		"a stray file":       func(dir string) error { return write(filepath.Join(dir, "._00000000000a.zap"), []byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filled(t, docs)
			if err := harm(dir); err != nil {
				t.Fatal(err)
			}
			ix, err := index.Open(t.Context(), quiet(), "bleve:"+dir, rowsOf(docs))
			if err != nil {
				if !errors.Is(err, index.ErrRebuild) {
					t.Fatalf("%v is no ErrRebuild", err)
				}
				rebuild(t, dir, docs)
				return
			}
			defer ix.Close()
			for _, s := range []string{"caisse", `"la caisse"`, "ca*", "-caisse"} {
				q, _ := query.Parse(s)
				if _, err := ix.Search(t.Context(), index.Request{Query: q, Limit: 5}); err != nil && !errors.Is(err, index.ErrRebuild) {
					t.Errorf("%s: %v is no ErrRebuild", s, err)
				}
			}
		})
	}
}

// rebuild does what a caller told ErrRebuild does.
func rebuild(t *testing.T, dir string, docs []index.Document) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	ix, err := index.Create(t.Context(), quiet(), "bleve:"+dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if err := ix.Put(t.Context(), docs); err != nil || ix.Len() != len(docs) {
		t.Errorf("rebuilt %d: %v", ix.Len(), err)
	}
}

func TestPutStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := create(t).Put(ctx, indextest.Documents(1, 3)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestBodiesAreNotStored(t *testing.T) {
	t.Parallel()
	docs := indextest.Documents(1, 1)
	docs[0].Text = "une phrase qui ne doit pas rester telle quelle"
	dir := filled(t, docs)
	_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, _ error) error {
		if body, err := os.ReadFile(p); err == nil && strings.Contains(string(body), "phrase qui ne doit") {
			t.Errorf("%s holds the text", d.Name())
		}
		return nil
	})
}
