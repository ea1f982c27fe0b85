package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBothLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	fr, err := read(locales, "fr")
	if err != nil {
		t.Fatal(err)
	}
	en, err := read(locales, "en")
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range fr {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is not in English", key)
			continue
		}
		if diff := cmp.Diff(names(text), names(other)); diff != "" {
			t.Errorf("%s: placeholders differ (fr, en): %s", key, diff)
		}
	}
	for key := range en {
		if _, ok := fr[key]; !ok {
			t.Errorf("%s is not in French", key)
		}
	}
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales() {
		texts, err := read(locales, locale)
		if err != nil {
			t.Fatal(err)
		}
		for key, text := range texts {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty", locale, key)
			}
			base, ok := strings.CutSuffix(key, ".one")
			if ok && texts[base+".other"] == "" {
				t.Errorf("%s: %s has no .other", locale, key)
			}
		}
	}
}

// names gives the placeholders of a text, sorted, each once.
func names(text string) []string {
	var out []string
	for _, p := range cut(text) {
		if p.name != "" && !slices.Contains(out, p.name) {
			out = append(out, p.name)
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryKeyUsedExists reads the sources of the module: each literal given
// to T or Say, or as the Key of a Sentence, must be a key in both languages. A
// literal that begins a longer key ("level." + x) must begin at least one.
func TestEveryKeyUsedExists(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	for _, file := range sources(t) {
		tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			for _, use := range uses(n) {
				for _, locale := range Locales() {
					if !known(For(locale), use) {
						t.Errorf("%s: no %s text for %q", fset.Position(n.Pos()), locale, use.key)
					}
				}
			}
			return true
		})
	}
}

// A use is a key, or the beginning of one.
type use struct {
	key    string
	prefix bool
}

func known(p *Printer, u use) bool {
	if !u.prefix {
		return p.Has(u.key)
	}
	for key := range p.texts {
		if strings.HasPrefix(key, u.key) {
			return true
		}
	}
	return false
}

// uses gives the keys that one node of a source names.
func uses(n ast.Node) []use {
	switch n := n.(type) {
	case *ast.CallExpr:
		if len(n.Args) > 0 && (called(n.Fun) == "T" || called(n.Fun) == "Say") {
			return literal(n.Args[0])
		}
	case *ast.CompositeLit:
		if called(n.Type) != "Sentence" {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && called(kv.Key) == "Key" {
				return literal(kv.Value)
			}
		}
	}
	return nil
}

// called is the last name of x or pkg.x.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) []use {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return []use{{key: s}}
		}
	case *ast.BinaryExpr:
		left := e
		for {
			inner, ok := left.X.(*ast.BinaryExpr)
			if !ok {
				break
			}
			left = inner
		}
		if got := literal(left.X); len(got) == 1 && e.Op == token.ADD {
			return []use{{key: got[0].key, prefix: true}}
		}
	}
	return nil
}

// sources lists the Go files of the module, without tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	top := root(t)
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != top && skipped(d.Name()) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// skipped folders hold no text for a person: storetest and its like are suites
// of tests.
func skipped(dir string) bool {
	return strings.HasPrefix(dir, ".") || dir == "node_modules" || dir == "testdata" || strings.HasSuffix(dir, "test")
}

// root walks up to the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above")
		}
		dir = up
	}
}
