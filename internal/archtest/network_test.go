package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryOutgoingRequestPassesTheGuard(t *testing.T) {
	root, _ := tree(t)
	files := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, file, d.Name())
		}
		rel, err := filepath.Rel(root, file)
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(filepath.ToSlash(rel), ours+"/") {
			return err
		}
		files++
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			return err
		}
		for _, u := range Unguarded(fset, f) {
			t.Errorf("%s: use the guarded client of %s", u, ours)
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files read, %v", files, err)
	}
}

func TestAnUnguardedClientIsFound(t *testing.T) {
	for code, want := range map[string]int{
		`var c = http.DefaultClient`:                          1,
		`func f() { http.Get("x"); http.PostForm("x", nil) }`: 2,
		`var c = &http.Client{Timeout: 1}`:                    1,
		`var c http.Client`:                                   1,
		`var c = new(http.Transport)`:                         1,
		`var t = http.DefaultTransport.(*http.Transport)`:     1,
		`func f(c *http.Client) { c.Get("x") }`:               0,
		`var h = http.HandlerFunc(nil)`:                       0,
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "x.go", "package x\nimport \"net/http\"\n"+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := Unguarded(fset, f); len(got) != want {
			t.Errorf("%s: found %v, want %d", code, got, want)
		}
	}
}
