package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestH40NoPathLeadsOutOfTheAssets(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newTestServer(t, testDeps(ana("fr")), Config{}))
	for _, name := range []string{
		"../routes.go", "..%2froutes.go", "..%2Froutes.go", "%2e%2e%2froutes.go", "%2e%2e/routes.go", "..%5croutes.go", "....//routes.go",
		"%2fetc%2fpasswd", "//etc/passwd", "..;/routes.go", "%00", "app.css%00.js", "..%252f..%252fetc%252fpasswd", ".", "..", "dist", "%c0%ae%c0%ae%c0%afetc",
	} {
		w := b.get("/assets/" + name)
		if w.Code == http.StatusOK || strings.Contains(w.Body.String(), "package web") || strings.Contains(w.Body.String(), "root:") {
			t.Errorf("/assets/%s: %d, %d bytes", name, w.Code, w.Body.Len())
		}
		if to := w.Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
			t.Errorf("/assets/%s leads to %s", name, to)
		}
	}
}
