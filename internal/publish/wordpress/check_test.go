package wordpress

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestCheckTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	at := func(path string, answers func(http.ResponseWriter, *http.Request)) func(*fake) {
		return func(f *fake) {
			f.setCut(func(w http.ResponseWriter, r *http.Request, after bool) bool {
				if after || !strings.HasPrefix(r.URL.Path, path) {
					return false
				}
				answers(w, r)
				return true
			})
		}
	}
	says := func(body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
	}
	tests := []struct {
		name string
		site func(*fake)
		ch   func(*veille.Channel)
		want error
		key  string
	}{
		{"all is well", nil, nil, nil, ""},
		{"no address", nil, func(c *veille.Channel) { c.URL = "" }, veille.ErrInvalid, "wordpress.bad_address"},
		{"an address with a password in it", nil, func(c *veille.Channel) { c.URL = "https://a:b@caisse.example" }, veille.ErrInvalid, "wordpress.bad_address"},
		{"an address of another kind", nil, func(c *veille.Channel) { c.URL = "ftp://caisse.example" }, veille.ErrInvalid, "wordpress.bad_address"},
		{"no account", nil, func(c *veille.Channel) { c.Secret = "" }, veille.ErrInvalid, "wordpress.account_needed"},
		{"a wrong name", nil, func(c *veille.Channel) { c.User = "autre" }, veille.ErrDenied, "wordpress.wrong_user"},
		{"a wrong password", nil, func(c *veille.Channel) { c.Secret = "autre" }, veille.ErrDenied, "wordpress.wrong_password"},
		{"a password without its spaces", nil, func(c *veille.Channel) { c.Secret = strings.ReplaceAll(fakePass, " ", "") }, nil, ""},
		{"a header that the server keeps", at("/", func(w http.ResponseWriter, r *http.Request) {
			silent(w, r, `<?xml version="1.0"?><methodResponse><params><param><value><array><data/></array></value></param></params></methodResponse>`)
		}), nil, veille.ErrDenied, "wordpress.header_stripped"},
		{"a wrong password that the site does not tell of", at("/", func(w http.ResponseWriter, r *http.Request) {
			silent(w, r, `<?xml version="1.0"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>403</int></value></member><member><name>faultString</name><value><string>Non.</string></value></member></struct></value></fault></methodResponse>`)
		}), nil, veille.ErrDenied, "wordpress.wrong_account"},
		{"one of the two, and the older door shut", at("/", func(w http.ResponseWriter, r *http.Request) { silent(w, r, "XML-RPC is off") }), nil, veille.ErrDenied, "wordpress.not_signed_in"},
		{"a wall in front", at("/wp-json/wp/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }), nil, veille.ErrDenied, "wordpress.blocked"},
		{"a site that is down", at("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }), nil, veille.ErrBusy, "wordpress.down"},
		{"a site that hangs up", at("/", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }), nil, veille.ErrBusy, "wordpress.unreachable"},
		{"an account that may not publish", at("/wp-json/wp/v2/users", says(`{"id":3,"capabilities":{"read":true,"upload_files":true}}`)), nil, veille.ErrDenied, "wordpress.cannot_publish"},
		{"a site that is something else", at("/", says("<p>Bonjour</p>")), nil, veille.ErrInvalid, "wordpress.not_wordpress"},
		{"a WordPress without its API", at("/", says("<link href=/wp-content/x.css>")), nil, veille.ErrInvalid, "wordpress.no_rest"},
		{"an API without posts", at("/wp-json/", says(`{"namespaces":["oembed/1.0"]}`)), nil, veille.ErrInvalid, "wordpress.no_rest"},
		{"a site without application passwords", at("/wp-json/", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/wp-json/" {
				fmt.Fprint(w, `{"namespaces":["wp/v2"],"authentication":[]}`)
				return
			}
			refuse(w, 401, "rest_not_logged_in", "Non.")
		}), nil, veille.ErrDenied, "wordpress.no_passwords"},
		{"an API elsewhere without https", at("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", `<http://caisse.example/wp-json/>; rel="https://api.w.org/"`)
		}), nil, veille.ErrDenied, "wordpress.no_https"},
		{"a PHP warning before the JSON", at("/wp-json/wp/", says("<b>Warning</b>: x in y.php\n{}")), nil, veille.ErrBusy, "wordpress.unreadable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if tt.site != nil {
				tt.site(f)
			}
			ch := f.channel()
			if tt.ch != nil {
				tt.ch(&ch)
			}
			err := New(client(t)).Check(t.Context(), ch)
			if s, _ := veille.SaysOf(err); !errors.Is(err, tt.want) || s.Key != tt.key {
				t.Errorf("Check: %v says %q, want %v says %q", err, s.Key, tt.want, tt.key)
			}
			if err != nil && strings.Contains(err.Error(), "abcd") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// silent answers as a WordPress that does not know who asks, nor why not.
func silent(w http.ResponseWriter, r *http.Request, older string) {
	switch {
	case r.URL.Path == "/xmlrpc.php":
		fmt.Fprint(w, older)
	case strings.HasPrefix(r.URL.Path, "/wp-json/wp/"):
		refuse(w, 401, "rest_not_logged_in", "Non.")
	default:
		fmt.Fprintf(w, `{"namespaces":["wp/v2"],"authentication":{"application-passwords":{}}}`)
	}
}

func TestAStrangersListIsDenied(t *testing.T) {
	t.Parallel()
	f := &failure{Status: 400}
	f.read([]byte(`{"code":"rest_invalid_param","message":"Invalid parameter(s): status","data":{"status":400,"params":{"status":"Status is forbidden."},"details":{"status":{"code":"rest_forbidden_status","message":"Status is forbidden.","data":{"status":401}}}}}`))
	if s, _ := veille.SaysOf(problemOf(f)); s.Key != "wordpress.not_signed_in" {
		t.Errorf("says %q", s.Key)
	}
}

func TestTheAPIIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	const index = `{"namespaces":["wp/v2"],"authentication":{"application-passwords":{}}}`
	tests := []struct {
		name  string
		front func(w http.ResponseWriter, base string)
		root  string // path, or the route parameter's name
	}{
		{"by the page when a cache drops the header", func(w http.ResponseWriter, base string) {
			fmt.Fprintf(w, `<html><head><link rel="https://api.w.org/" href="%s/index.php/wp-json/" /></head>`, base)
		}, "/index.php/wp-json/"},
		{"where it usually is", func(http.ResponseWriter, string) {}, "/wp-json/"},
		{"with plain permalinks", func(w http.ResponseWriter, base string) {
			w.Header().Set("Link", `<`+base+`/index.php?rest_route=/>; rel="https://api.w.org/"`)
		}, "?rest_route"},
		{"with plain permalinks, unannounced", func(http.ResponseWriter, string) {}, "?rest_route"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var srv *httptest.Server
			srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				route := strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(tt.root, "/"))
				if tt.root == "?rest_route" {
					route = r.URL.Query().Get("rest_route")
				} else if route == r.URL.Path {
					route = ""
				}
				switch route {
				case "":
					if r.URL.Path != "/" {
						w.WriteHeader(404)
						return
					}
					tt.front(w, srv.URL)
				case "/":
					fmt.Fprint(w, index)
				case "/wp/v2/users/me":
					fmt.Fprint(w, `{"id":1,"capabilities":{"publish_posts":true,"upload_files":true}}`)
				default:
					w.WriteHeader(404)
				}
			}))
			defer srv.Close()
			ch := veille.Channel{URL: srv.URL, User: fakeUser, Secret: fakePass}
			if err := New(client(t)).Check(t.Context(), ch); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAPasswordIsNeverSentInTheClear(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"caisse.example": "https://caisse.example", "http://caisse.example/blog": "https://caisse.example/blog",
		"http://127.0.0.1:8085": "http://127.0.0.1:8085", "http://[::1]/": "http://[::1]/", "http://localhost/": "http://localhost/",
		"http://127.0.0.1.caisse.example/": "https://127.0.0.1.caisse.example/", "http://10.0.0.5/": "https://10.0.0.5/",
	} {
		if home, _, err := homeOf(in); err != nil || home.String() != want {
			t.Errorf("homeOf(%q) = %v, %v, want %s", in, home, err, want)
		}
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                            "",
		"\n\n a \r\n\r\nb\n\n\n":      "<p>a</p>\n<p>b</p>\n",
		"« https://a.example/x »":     `<p>« <a href="https://a.example/x">https://a.example/x</a> »</p>` + "\n",
		"https://a.example/?q=é, non": `<p><a href="https://a.example/?q=é">https://a.example/?q=é</a>, non</p>` + "\n",
		"javascript:alert(1)":         "<p>javascript:alert(1)</p>\n",
		"<!-- wp:html -->":            "<p>&lt;!-- wp:html --&gt;</p>\n",
	} {
		if got := content(in, nil); got != want {
			t.Errorf("content(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzContent(f *testing.F) {
	f.Add(`https://a"onclick=x`)
	f.Fuzz(func(t *testing.T, text string) {
		html := content(text, nil)
		for _, tag := range []string{"<p>", "</p>", "<br />", "</a>", `<a href="http`, `">`} {
			html = strings.ReplaceAll(html, tag, "")
		}
		if strings.ContainsAny(html, `<>"[]`) {
			t.Errorf("content(%q) leaves %q", text, html)
		}
	})
}
