package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func tree(t *testing.T) (string, map[string]*Package) {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := Packages(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 20 {
		t.Fatalf("only %d packages read below %s", len(pkgs), root)
	}
	return root, pkgs
}

func TestNoImportCrossesTheLayers(t *testing.T) {
	_, pkgs := tree(t)
	for _, v := range Violations(pkgs) {
		t.Error(v)
	}
}

func TestAForbiddenImportIsFound(t *testing.T) {
	for name, c := range map[string]struct{ pkg, imp, want string }{
		"a noun may not use a library":                  {"internal/veille", "github.com/x/y", "standard library"},
		"a capability may not use another":              {"index/story", module + "/index/tone", "never import each other"},
		"query serves its neighbours":                   {"index/match", module + "/index/query", ""},
		"query does not serve other rooms":              {"internal/notify", module + "/index/query", "never import each other"},
		"the engine may not know the store":             {"internal/engine", module + "/internal/store", "may not import"},
		"a page may not know the store":                 {"web", module + "/internal/store", "may not import"},
		"a page may not know the api":                   {"web", module + "/api", "never import each other"},
		"the command may know everything":               {"cmd/veilleur", module + "/web", ""},
		"a new folder must be placed before it is used": {"web", module + "/internal/manager", "in no layer"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Violations(map[string]*Package{c.pkg: {Path: c.pkg, Imports: map[string]string{c.imp: "x.go"}}})
			if c.want == "" && len(got) > 0 {
				t.Errorf("refused: %v", got)
			}
			if c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
				t.Errorf("got %v, want one that says %q", got, c.want)
			}
		})
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	_, pkgs := tree(t)
	for _, p := range pkgs {
		if !p.Doc {
			t.Errorf("%s has no package comment", p.Path)
		}
	}
}

// docs are the documents whose paths must exist; house is where every package
// must be named.
var docs = []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "internal/veille/doc.go"}

const house = "internal/veille/doc.go"

// named finds paths of the module in prose: `crawler/feed`, internal/veille…
// What follows a slash is an address of the program, not a folder.
var named = regexp.MustCompile(`(?:^|[^/\w])((?:cmd|crawler|index|api|web|internal|docs)/[a-z0-9_./-]*[a-z0-9_])`)

func TestEveryPathTheDocumentsNameExists(t *testing.T) {
	root, _ := tree(t)
	more, _ := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	for _, d := range docs {
		more = append(more, filepath.Join(root, d))
	}
	for _, d := range more {
		text, err := os.ReadFile(d)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, p := range named.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(root, p[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", filepath.Base(d), p[1])
			}
		}
	}
}

func TestEveryPackageIsNamedInTheHouse(t *testing.T) {
	root, pkgs := tree(t)
	text, err := os.ReadFile(filepath.Join(root, house))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		if last := p.Path[strings.LastIndex(p.Path, "/")+1:]; !strings.Contains(string(text), last) {
			t.Errorf("%s does not name %s", house, p.Path)
		}
	}
}

func TestNoFileOrFunctionIsTooLong(t *testing.T) {
	root, _ := tree(t)
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() {
				return skipFolder(root, file, d.Name())
			}
			return err
		}
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") && !strings.HasSuffix(file, "_templ.go") {
			measure(t, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func measure(t *testing.T, file string) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		t.Error(err)
		return
	}
	if n := fset.Position(f.FileEnd).Line; n > 600 {
		t.Errorf("%s has %d lines, over 600", file, n)
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > 80 {
				t.Errorf("%s: %s has %d lines, over 80", file, fn.Name.Name, n)
			}
		}
	}
}
