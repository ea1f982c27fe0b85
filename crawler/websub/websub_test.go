package websub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestTheHubAndTheTopicAreFound(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		links      []string
		hubs       []string
		self       string
		hub, topic string
	}{
		"in the feed":               {nil, []string{"https://hub.example/", "https://two.example/"}, "https://a.example/rss", "https://hub.example/", "https://a.example/rss"},
		"in one header":             {[]string{`<https://hub.example/>; rel="hub", <https://a.example/x>; rel=self`}, nil, "", "https://hub.example/", "https://a.example/x"},
		"in two headers":            {[]string{`<https://hub.example/>; rel=hub`, `</x,y>; title="a, b"; rel="alternate self"`}, nil, "", "https://hub.example/", "https://a.example/x,y"},
		"the header wins":           {[]string{`<https://hub.example/>; rel="hub"`}, []string{"https://no.example/"}, "https://a.example/s", "https://hub.example/", "https://a.example/s"},
		"no hub":                    {[]string{`<https://a.example/x>; rel=self`}, nil, "https://a.example/", "", ""},
		"no topic":                  {nil, []string{"https://hub.example/"}, "", "", ""},
		"a hub of another scheme":   {nil, []string{"ftp://hub.example/"}, "https://a.example/", "", ""},
		"a header that is cut":      {[]string{`<https://hub.example/`, `rel=hub`, `<>`, `"`}, nil, "", "", ""},
		"a quote that is not ended": {[]string{`<https://hub.example/>; title="a, <b>; rel=hub`}, nil, "", "", ""},
	} {
		if hub, topic := Discover(tt.links, "https://a.example/feed", tt.hubs, tt.self); hub != tt.hub || topic != tt.topic {
			t.Errorf("%s: %q and %q, want %q and %q", name, hub, topic, tt.hub, tt.topic)
		}
	}
}

func TestASignatureIsThatOfTheSecretAndTheBody(t *testing.T) {
	t.Parallel()
	body, secret := []byte("<feed/>"), "secret"
	sum1, sum256 := hmac.New(sha1.New, []byte(secret)), hmac.New(sha256.New, []byte(secret))
	sum1.Write(body)
	sum256.Write(body)
	good1, good256 := "sha1="+hex.EncodeToString(sum1.Sum(nil)), "sha256="+hex.EncodeToString(sum256.Sum(nil))
	for signature, want := range map[string]bool{
		good1: true, good256: true, strings.ToUpper(good256): true, "": false, "sha256=": false, "md5=00": false, "sha256=zz": false,
		good256[:len(good256)-2]: false, strings.Replace(good256, "sha256", "sha1", 1): false, "sha256": false,
	} {
		if got := Signed(signature, secret, body); got != want {
			t.Errorf("%q: %v, want %v", signature, got, want)
		}
	}
	if Signed(good256, "other", body) || Signed(good256, secret, []byte("<feed />")) || Signed("sha1=", "", nil) {
		t.Error("another secret, another body or no secret passed")
	}
}

func TestAHubIsAskedWithAllItNeeds(t *testing.T) {
	t.Parallel()
	var form url.Values
	code := 202
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		w.WriteHeader(code)
	}))
	defer s.Close()
	for _, tt := range []struct {
		code int
		want error
	}{{202, nil}, {204, nil}, {400, veille.ErrDenied}, {429, veille.ErrBusy}, {500, veille.ErrBusy}} {
		code = tt.code
		if err := Subscribe(t.Context(), s.Client(), s.URL, "https://a.example/rss", "https://v.example/websub/x", "s"); !errors.Is(err, tt.want) {
			t.Errorf("%d: %v, want %v", tt.code, err, tt.want)
		}
	}
	for k, v := range map[string]string{"hub.mode": "subscribe", "hub.topic": "https://a.example/rss", "hub.callback": "https://v.example/websub/x", "hub.secret": "s", "hub.lease_seconds": "864000"} {
		if form.Get(k) != v {
			t.Errorf("%s is %q, want %q", k, form.Get(k), v)
		}
	}
}

func TestALeaseIsReadWithinReason(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]time.Duration{"": Lease, "x": Lease, "86400": 24 * time.Hour, "1": time.Hour, "-5": time.Hour, "99999999": 30 * 24 * time.Hour} {
		if got := ParseIntent(url.Values{"hub.lease_seconds": {given}}).Lease; got != want {
			t.Errorf("%q: %v, want %v", given, got, want)
		}
	}
	if d := Renew(time.Unix(0, 0), 10*time.Hour).Sub(time.Unix(0, 0)); d != 8*time.Hour {
		t.Errorf("renewed after %v of ten hours", d)
	}
}

func FuzzDiscover(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", </x>; rel=self`, "https://a.example/")
	f.Fuzz(func(t *testing.T, header, base string) {
		hub, topic := Discover([]string{header}, base, nil, "")
		if (hub == "") != (topic == "") {
			t.Errorf("half an answer: %q and %q", hub, topic)
		}
	})
}
