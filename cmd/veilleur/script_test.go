package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCommands runs each script of testdata/script with the program on its
// path and a small web at $WEB, which serves the files of the script's web
// folder.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			web := httptest.NewServer(folder(filepath.Join(env.WorkDir, "web")))
			env.Defer(web.Close)
			env.Setenv("WEB", web.URL)
			env.Setenv("VEILLEUR_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("VEILLEUR_FETCH_ALLOW", "127.0.0.0/8")
			env.Setenv("VEILLEUR_LOG", "error")
			env.Setenv("LANG", "en_CA.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": code},
	})
}

// code runs a command and checks its exit code: code 3 veilleur search x.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command arg…")
	}
	want := fmt.Sprintf("exit status %s", args[0])
	if err := ts.Exec(args[1], args[2:]...); err == nil || err.Error() != want {
		ts.Fatalf("got %v, want %s", err, want)
	}
}

// folder serves files as they are, and 304 to a matching ETag.
func folder(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := os.ReadFile(filepath.Join(dir, filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		etag := fmt.Sprintf(`"%d"`, len(b))
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		kind := "application/xml"
		if strings.HasSuffix(r.URL.Path, ".html") {
			kind = "text/html"
		}
		w.Header().Set("Content-Type", kind)
		w.Write([]byte(strings.ReplaceAll(string(b), "$WEB", "http://"+r.Host)))
	})
}
