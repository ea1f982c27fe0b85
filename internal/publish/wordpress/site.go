package wordpress

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"veilleur/internal/veille"
)

// A site is the API of one WordPress, with the account that uses it.
type site struct {
	hc           *http.Client
	root         *url.URL // of the API: …/wp-json/ or …/?rest_route=/
	user, secret string   // "" asks as a stranger
}

// address gives the URL of a path of the API.
func (s site) address(path string, query url.Values) string {
	u := *s.root
	q := u.Query()
	if route := q.Get("rest_route"); route != "" {
		q.Set("rest_route", strings.TrimRight(route, "/")+path)
	} else {
		u.Path, u.RawPath = strings.TrimRight(u.Path, "/")+path, ""
	}
	for k, v := range query {
		q[k] = v
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// site finds the API of a channel's site. Its errors are Problems.
func (n *Network) site(ctx context.Context, ch veille.Channel) (site, error) {
	if ch.User == "" || ch.Secret == "" {
		return site{}, veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.account_needed"), nil)
	}
	home, upgraded, err := homeOf(ch.URL)
	if err != nil {
		return site{}, err
	}
	root, err := n.discover(ctx, home)
	switch {
	case err != nil && upgraded:
		return site{}, veille.NewProblem(veille.KindOf(err), veille.Say("wordpress.no_https"), err)
	case err != nil:
		return site{}, fmt.Errorf("wordpress: site %s: %w", home.Host, err)
	case !safe(root):
		return site{}, veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.no_https"), nil)
	}
	return site{hc: n.calls, root: root, user: ch.User, secret: ch.Secret}, nil
}

// homeOf reads the address a person gave. One without https gets it, unless it
// is this machine's own: a password is never sent in the clear.
func homeOf(address string) (home *url.URL, upgraded bool, err error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	home, err = url.Parse(address)
	if err != nil || home.Hostname() == "" || home.User != nil || home.Scheme != "http" && home.Scheme != "https" {
		return nil, false, veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.bad_address"), err)
	}
	home.Fragment = ""
	if !safe(home) {
		home.Scheme, upgraded = "https", true
	}
	return home, upgraded, nil
}

// safe tells whether a password may go to u.
func safe(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// discover gives the root of the API of the site at home: from the Link header
// or the HTML of its front page, or else where it usually is. The Link header
// is what WordPress documents; caches and hardening drop it.
func (n *Network) discover(ctx context.Context, home *url.URL) (*url.URL, error) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		root, err := n.announced(ctx, method, home)
		if root != nil || err != nil {
			return root, err
		}
	}
	for _, guess := range []string{"wp-json/", "?rest_route=/"} {
		root, err := url.Parse(strings.TrimRight(home.Scheme+"://"+home.Host+home.Path, "/") + "/" + guess)
		if err != nil {
			continue
		}
		var index index
		if (site{hc: n.calls, root: root}).call(ctx, indexRequest(), &index) == nil && index.speaks() {
			return root, nil
		}
	}
	return nil, n.what(ctx, home)
}

// announced gives the root that the front page announces, or nil.
func (n *Network) announced(ctx context.Context, method string, home *url.URL) (*url.URL, error) {
	resp, page, err := n.front(ctx, method, home)
	if err != nil {
		return nil, err
	}
	if root := linkRoot(resp.Header.Values("Link"), resp.Request.URL); root != nil {
		return root, nil
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return nil, nil // a page that is no HTML announces nothing
	}
	href, ok := doc.Find(`link[rel="https://api.w.org/"]`).Attr("href")
	if !ok {
		return nil, nil
	}
	return join(resp.Request.URL, href), nil
}

// front reads the beginning of the front page, as a stranger. A server that
// stumbles is ErrBusy.
func (n *Network) front(ctx context.Context, method string, home *url.URL) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, home.String(), nil)
	if err != nil {
		return nil, "", veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.bad_address"), err)
	}
	req.Header.Set("User-Agent", agent)
	resp, err := n.discovers.Do(req)
	if err != nil {
		return nil, "", problemOf(&failure{Err: err})
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil {
		return nil, "", problemOf(&failure{Err: err})
	}
	if method == http.MethodGet && resp.StatusCode >= 500 {
		return nil, "", problemOf(&failure{Status: resp.StatusCode})
	}
	return resp, string(page), nil
}

// what says what is at home instead of an API.
func (n *Network) what(ctx context.Context, home *url.URL) error {
	_, page, err := n.front(ctx, http.MethodGet, home)
	switch {
	case err != nil:
		return err
	case strings.Contains(page, "/wp-content/") || strings.Contains(page, "/wp-includes/"):
		return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.no_rest"), nil)
	}
	return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.not_wordpress"), nil)
}

// linkRoot finds the API's relation in Link headers (RFC 8288).
func linkRoot(headers []string, base *url.URL) *url.URL {
	for _, h := range headers {
		for rest := h; ; {
			_, after, ok := strings.Cut(rest, "<")
			target, params, ok2 := strings.Cut(after, ">")
			if !ok || !ok2 {
				break
			}
			own, _, _ := strings.Cut(params, "<")
			if strings.Contains(own, "https://api.w.org/") {
				return join(base, target)
			}
			rest = params
		}
	}
	return nil
}

func join(base *url.URL, ref string) *url.URL {
	u, err := base.Parse(ref)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	return u
}

// An index is what the API says of itself at its root.
type index struct {
	Namespaces     []string        `json:"namespaces"`
	Authentication json.RawMessage `json:"authentication"` // an object, or PHP's empty array
}

func indexRequest() request {
	return request{method: http.MethodGet, path: "/", query: url.Values{"_fields": {"namespaces,authentication"}}}
}

func (i index) speaks() bool { return slices.Contains(i.Namespaces, "wp/v2") }

// passwords tells whether the site takes application passwords.
func (i index) passwords() bool {
	var ways map[string]json.RawMessage
	return json.Unmarshal(i.Authentication, &ways) == nil && ways["application-passwords"] != nil
}
