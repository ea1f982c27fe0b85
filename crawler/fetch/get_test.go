package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

// local makes a client that may reach loopback.
func local(c Config) *Client {
	c.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	return New(c)
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestValidatorsAreSentBackByteForByte(t *testing.T) {
	t.Parallel()
	const etag, modified = `W/"odd \ tag"`, "Mon,  23 Nov 2026 10:00:00 +0000"
	var seen []http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", modified)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write([]byte("body"))
	})
	c := local(Config{Agent: "Veilleur/1 (+https://example.org/contact)"})
	first, err := c.Get(t.Context(), Request{URL: url + "/feed?x=1#part"})
	if err != nil || string(first.Body) != "body" {
		t.Fatalf("first = %+v, %v", first, err)
	}
	second, err := c.Get(t.Context(), Request{URL: url + "/feed?x=1", ETag: first.ETag, LastModified: first.LastModified})
	if err != nil || !second.NotModified || second.Body != nil {
		t.Fatalf("second = %+v, %v", second, err)
	}
	if h := seen[0]; h.Get("If-None-Match")+h.Get("If-Modified-Since") != "" {
		t.Error("F01: the first request was conditional")
	}
	if h := seen[1]; h.Get("If-None-Match") != etag || h.Get("If-Modified-Since") != modified {
		t.Errorf("F02–F04: sent %q and %q", h.Get("If-None-Match"), h.Get("If-Modified-Since"))
	}
	for _, h := range seen {
		if h.Get("User-Agent") != "Veilleur/1 (+https://example.org/contact)" || h.Get("Referer") != "" || h.Get("Cookie") != "" {
			t.Errorf("F26, F28: headers %v", h)
		}
		if !strings.Contains(h.Get("Accept"), "*/*;q=0.1") || h.Get("Accept-Encoding") != "gzip" {
			t.Errorf("F27, F29: headers %v", h)
		}
	}
}

func TestCookiesAreNeitherKeptNorSent(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			t.Errorf("sent %v", r.Header)
		}
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	})
	c := local(Config{})
	for range 2 {
		if _, err := c.Get(t.Context(), Request{URL: url + "/a"}); err != nil {
			t.Fatal(err)
		}
		r, err := c.HTTP(0).Get(url + "/a")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
	}
}

func TestOnlyAPermanentPrefixOfAChainMovesTheAddress(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		to := map[string]struct {
			path string
			code int
		}{
			"/301": {"/308", 301}, "/308": {"/end", 308},
			"/mixed": {"/302", 301}, "/302": {"/end", 302}, "/late": {"/301", 302},
			"/loop": {"/loop", 302}, "/long0": {"/long1", 301},
		}
		if m, ok := to[r.URL.Path]; ok {
			http.Redirect(w, r, m.path, m.code)
			return
		}
		w.Write([]byte("end"))
	})
	for path, want := range map[string]string{"/301": "/end", "/mixed": "/302", "/302": "", "/late": "", "/end": ""} {
		r, err := local(Config{}).Get(t.Context(), Request{URL: url + path})
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if want != "" {
			want = url + want
		}
		if r.PermanentURL != want {
			t.Errorf("%s moved to %q, want %q", path, r.PermanentURL, want)
		}
	}
	if _, err := local(Config{}).Get(t.Context(), Request{URL: url + "/loop"}); !errors.Is(err, veille.ErrInvalid) {
		t.Errorf("F23: loop: %v, want ErrInvalid", err)
	}
}

func TestF23ASecureAddressNeverLeadsToAnInsecureOne(t *testing.T) {
	t.Parallel()
	plain := serve(t, func(w http.ResponseWriter, _ *http.Request) { t.Error("the insecure address was fetched") })
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain, http.StatusMovedPermanently) }))
	defer s.Close()
	c := local(Config{})
	c.transport.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig
	if _, err := c.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("Get: %v, want ErrDenied", err)
	}
	if _, err := c.HTTP(0).Get(s.URL); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("HTTP().Get: %v, want ErrDenied", err)
	}
}

func zipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

func TestBodiesAreBoundedAfterDecompression(t *testing.T) {
	t.Parallel()
	bomb := zipped(make([]byte, 64<<20))
	small := zipped([]byte("small"))
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/small":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(small)
		case "/unsaid":
			w.Write(small)
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/long":
			w.Write(make([]byte, 2001))
		case "/exact":
			w.Write(make([]byte, 2000))
		case "/br":
			w.Header().Set("Content-Encoding", "br")
			w.Write([]byte("x"))
		case "/headers":
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		case "/short":
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("cut"))
		}
	})
	tests := []struct {
		path, body string
		kind       error
	}{
		{"/bomb", "", veille.ErrInvalid},
		{"/endless", "", veille.ErrInvalid},
		{"/long", "", veille.ErrInvalid},
		{"/br", "", veille.ErrInvalid},
		{"/headers", "", veille.ErrBusy},
		{"/short", "", veille.ErrBusy},
		{"/small", "small", nil},
		{"/unsaid", "small", nil},
		{"/exact", strings.Repeat("\x00", 2000), nil},
	}
	c := local(Config{FeedLimit: 2000})
	for _, tt := range tests {
		r, err := c.Get(t.Context(), Request{URL: url + tt.path})
		if kind := veille.KindOf(err); !errors.Is(kind, tt.kind) || string(r.Body) != tt.body {
			t.Errorf("%s = %d bytes, %v; want %d bytes, %v", tt.path, len(r.Body), err, len(tt.body), tt.kind)
		}
	}
}

func TestSlowServersAreLeft(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	defer close(stop)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Write([]byte("x"))
			w.(http.Flusher).Flush()
		}
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	c := local(Config{Timeout: 150 * time.Millisecond, HeaderTimeout: 50 * time.Millisecond})
	for _, path := range []string{"/header", "/body"} {
		if _, err := c.Get(t.Context(), Request{URL: url + path}); !errors.Is(err, veille.ErrBusy) {
			t.Errorf("%s: %v, want ErrBusy", path, err)
		}
	}
}

func TestStatusesAreToldByKind(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscanf(r.URL.Path, "/%d", &code)
		if code == 429 {
			w.Header().Set("Retry-After", "120")
		}
		w.WriteHeader(code)
	})
	for code, want := range map[int]error{401: veille.ErrDenied, 403: veille.ErrDenied, 404: veille.ErrNotFound, 410: veille.ErrNotFound,
		418: veille.ErrInvalid, 429: veille.ErrBusy, 500: veille.ErrBusy, 503: veille.ErrBusy, 304: veille.ErrInvalid} {
		r, err := local(Config{}).Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", url, code)})
		var status *StatusError
		if !errors.Is(err, want) || !errors.As(err, &status) || status.Code != code {
			t.Errorf("%d: %v, want %v", code, err, want)
		}
		if code == 429 && r.RetryAfter != 2*time.Minute {
			t.Errorf("429: RetryAfter = %v", r.RetryAfter)
		}
	}
}

func TestHeadersOfTimeAreReadAsTheRFCSays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	type want struct{ Retry, Age time.Duration }
	tests := map[string]struct {
		h    http.Header
		want want
	}{
		"seconds":                          {http.Header{"Retry-After": {"90"}}, want{Retry: 90 * time.Second}},
		"a date":                           {http.Header{"Retry-After": {"Mon, 23 Nov 2026 12:00:00 GMT"}}, want{Retry: 2 * time.Hour}},
		"a past date is nothing":           {http.Header{"Retry-After": {"Mon, 23 Nov 2020 12:00:00 GMT"}}, want{}},
		"garbage is nothing":               {http.Header{"Retry-After": {"soon"}}, want{}},
		"negative is nothing":              {http.Header{"Retry-After": {"-5"}}, want{}},
		"a year is a week":                 {http.Header{"Retry-After": {"31536000"}}, want{Retry: 7 * day}},
		"max-age":                          {http.Header{"Cache-Control": {"public, Max-Age=600"}}, want{Age: 10 * time.Minute}},
		"max-age is at most a day":         {http.Header{"Cache-Control": {"max-age=31536000"}}, want{Age: day}},
		"s-maxage is for others":           {http.Header{"Cache-Control": {"s-maxage=600"}}, want{}},
		"max-age wins over Expires":        {http.Header{"Cache-Control": {"max-age=60"}, "Date": {"Mon, 23 Nov 2026 10:00:00 GMT"}, "Expires": {"Mon, 23 Nov 2026 11:00:00 GMT"}}, want{Age: time.Minute}},
		"Expires counts from Date":         {http.Header{"Date": {"Mon, 23 Nov 2026 09:00:00 GMT"}, "Expires": {"Mon, 23 Nov 2026 11:00:00 GMT"}}, want{Age: 2 * time.Hour}},
		"Expires 0 is a way to say not at": {http.Header{"Date": {"Mon, 23 Nov 2026 09:00:00 GMT"}, "Expires": {"0"}}, want{}},
	}
	for name, tt := range tests {
		got := want{retryAfter(tt.h, now), maxAge(tt.h)}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
