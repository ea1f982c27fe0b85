package archtest

import (
	"go/ast"
	"go/token"
	"strconv"
)

// ours is the one folder that may make a client: its guard stands before every
// outgoing request.
const ours = "crawler/fetch"

// unguarded are the names of net/http that reach the network without being
// given a client, or that make one.
var unguarded = map[string]bool{
	"DefaultClient": true, "DefaultTransport": true, "Get": true, "Head": true, "Post": true, "PostForm": true, "Client": true, "Transport": true,
}

// Unguarded gives the places of a file that make a request or a client outside
// the guarded one. A type named in a signature makes nothing.
func Unguarded(fset *token.FileSet, f *ast.File) []string {
	name := importName(f, "net/http")
	if name == "" {
		return nil
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		var made ast.Expr
		switch n := n.(type) {
		case *ast.CompositeLit:
			made = n.Type
		case *ast.SelectorExpr:
			if n.Sel.Name != "Client" && n.Sel.Name != "Transport" {
				made = n
			}
		case *ast.CallExpr: // new(http.Client)
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "new" && len(n.Args) == 1 {
				made = n.Args[0]
			}
		case *ast.ValueSpec: // var c http.Client
			made = n.Type
		}
		if s, ok := made.(*ast.SelectorExpr); ok && unguarded[s.Sel.Name] {
			if id, ok := s.X.(*ast.Ident); ok && id.Name == name {
				out = append(out, fset.Position(s.Pos()).String()+": http."+s.Sel.Name)
			}
		}
		return true
	})
	return out
}

// importName is what a file calls a package; "" when it does not import it.
func importName(f *ast.File, path string) string {
	for _, i := range f.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil && p == path {
			if i.Name != nil {
				return i.Name.Name
			}
			return path[len("net/"):]
		}
	}
	return ""
}
