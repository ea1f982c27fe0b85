package feed

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared gives a folder of the corpora beside the repository, or skips.
func shared(t testing.TB, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is not here", folder)
	}
	return dir
}

// files gives every file of a folder, by path.
func files(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir+"/")] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// feedLike tells the documents that are meant to be feeds we read.
func feedLike(name string, b []byte) bool {
	if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".rss") {
		return false
	}
	if strings.HasSuffix(name, ".serde.json") || strings.Contains(name, "/xml_sample_") {
		return false // expected values, and XML of no kind
	}
	return !strings.Contains(name, "/cdf/") && !bytes.Contains(b, []byte("<CHANNEL"))
}

func TestTheCorporaParse(t *testing.T) {
	dir := shared(t, "data/feeds")
	total := map[string]int{}
	failed := map[string][]string{}
	for name, b := range files(t, dir) {
		if !feedLike(name, b) {
			continue
		}
		set := strings.Join(strings.SplitN(name, "/", 4)[:min(3, strings.Count(name, "/"))], "/")
		total[set]++
		if _, err := Parse(b, Meta{URL: "http://example.com/" + name}); err != nil {
			failed[set] = append(failed[set], name+": "+err.Error())
		}
	}
	for set, n := range total {
		t.Logf("%s: %d of %d parse", set, n-len(failed[set]), n)
		for _, f := range failed[set] {
			t.Error(f)
		}
	}
}

func unzipped(t testing.TB, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
