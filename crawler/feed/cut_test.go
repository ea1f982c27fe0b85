package feed

import (
	"bytes"
	"errors"
	"flag"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"veilleur/internal/veille"
)

var cutSize = flag.Int("cut", 1500, "largest feed, in bytes, of the shared corpora that is cut at every byte")

// own gives the feeds of testdata, by name.
func own(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = a.Files[0].Data
	}
	return out
}

// TestH27 cuts feeds at every byte: nothing panics, and whatever whole entry
// stands before the cut is kept, and is what it is in the whole feed.
func TestH27ACutKeepsEveryWholeEntry(t *testing.T) {
	t.Parallel()
	cuts := 0
	for name, b := range own(t) {
		cuts += cutEverywhere(t, name, b)
	}
	t.Logf("%d cuts of our own samples", cuts)
}

// TestH27OnShared does the same to the twenty largest feeds of the corpora
// that are at most -cut bytes.
func TestH27OnShared(t *testing.T) {
	t.Parallel()
	list := files(t, shared(t, "data/feeds"))
	maps.DeleteFunc(list, func(name string, b []byte) bool {
		return len(b) > *cutSize || !feedLike("/"+name, b) || bytes.Contains(b, []byte("<!DOCTYPE")) || !endings(b, 1)
	})
	names := slices.SortedFunc(maps.Keys(list), func(a, b string) int {
		if d := len(list[b]) - len(list[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	cuts := 0
	for _, name := range names[:min(20, len(names))] {
		cuts += cutEverywhere(t, name, list[name])
	}
	t.Logf("%d cuts of %d feeds", cuts, min(20, len(names)))
}

// endings says whether a document has at least n whole items, in UTF-8.
func endings(b []byte, n int) bool {
	return bytes.Count(b, []byte("</item>"))+bytes.Count(b, []byte("</entry>")) >= n && bytes.IndexByte(b, 0) < 0
}

func cutEverywhere(t *testing.T, name string, b []byte) int {
	t.Helper()
	all, err := Parse(b, Meta{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	kept := 0
	for i := range b {
		f, err := Parse(b[:i], Meta{})
		if err != nil && !errors.Is(err, veille.ErrInvalid) {
			t.Fatalf("%s cut at %d: %v", name, i, err)
		}
		if err != nil {
			if kept > 0 {
				t.Fatalf("%s cut at %d: %v, after %d entries", name, i, err, kept)
			}
			continue
		}
		kept = max(kept, whole(b[:i], f.Kind, len(all.Entries)))
		if len(f.Entries) < kept {
			t.Fatalf("%s cut at %d: %d entries of %d whole", name, i, len(f.Entries), kept)
		}
		for j := range kept {
			if f.Entries[j].GUID != all.Entries[j].GUID || f.Entries[j].Title != all.Entries[j].Title || f.Entries[j].Text != all.Entries[j].Text {
				t.Fatalf("%s cut at %d, entry %d: %s", name, i, j, cmp.Diff(all.Entries[j], f.Entries[j]))
			}
		}
	}
	return len(b)
}

// whole counts the items that end in b.
func whole(b []byte, kind string, limit int) int {
	if kind != "json" {
		return min(bytes.Count(b, []byte("</item>"))+bytes.Count(b, []byte("</entry>")), limit)
	}
	parts, _ := jsonItems(b)
	return min(len(parts), limit)
}
