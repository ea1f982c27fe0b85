package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// module is the module's path, the first element of every import of ours.
const module = "veilleur"

// A Package is one folder of Go files, by its path inside the module.
type Package struct {
	Path    string
	Imports map[string]string // import path → a file that has it; tests left out
	Doc     bool              // some file has a package comment
}

// Root finds the module's folder, walking up from the working one.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("archtest: no go.mod above the working folder")
		}
		dir = up
	}
}

// Packages reads every Go file below root.
func Packages(root string) (map[string]*Package, error) {
	pkgs := map[string]*Package{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, file, d.Name())
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		return readFile(pkgs, file, path.Dir(filepath.ToSlash(rel)))
	})
	return pkgs, err
}

func skipFolder(root, file, name string) error {
	if file != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "data" || name == "bin") {
		return filepath.SkipDir
	}
	return nil
}

func readFile(pkgs map[string]*Package, file, dir string) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	p := pkgs[dir]
	if p == nil {
		p = &Package{Path: dir, Imports: map[string]string{}}
		pkgs[dir] = p
	}
	p.Doc = p.Doc || f.Doc != nil
	for _, i := range f.Imports {
		imp, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		p.Imports[imp] = file
	}
	return nil
}
