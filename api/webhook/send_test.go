package webhook

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestDelay(t *testing.T) {
	t.Parallel()
	want := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
	total := time.Duration(0)
	for n, d := range want {
		short, more := Delay(n+1, 0)
		long, _ := Delay(n+1, 1)
		if short != d || !more || long != d+d/5 {
			t.Errorf("Delay(%d) = %v to %v, %v, want %v to %v", n+1, short, long, more, d, d+d/5)
		}
		total += short
	}
	if _, more := Delay(len(want)+1, 0); more {
		t.Error("there is an eleventh attempt")
	}
	if total < 72*time.Hour {
		t.Errorf("a receiver away for 72 h is given up after %v", total)
	}
}

// a receiver answers as one would in the field, and remembers what it got.
func receiver(t *testing.T, answer http.HandlerFunc) (veille.Webhook, veille.Delivery, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	w := veille.Webhook{ID: "w1", URL: s.URL + "/hook/super-secret-path?key=querysecret", Secret: vectorSecret}
	return w, veille.Delivery{ID: vectorID, Body: []byte(vectorBody)}, &calls
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for n := 0; n < len(headers); n += 2 {
			w.Header().Set(headers[n], headers[n+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	date := vectorAt.Add(2 * time.Minute).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   Outcome // Problem compared by its key
		key    string
	}{
		"200 is delivered":                         {answer(200, "ok"), Outcome{Status: 200, Delivered: true}, ""},
		"204 is delivered":                         {answer(204, ""), Outcome{Status: 204, Delivered: true}, ""},
		"410 is gone":                              {answer(410, ""), Outcome{Status: 410, Gone: true}, "webhook.gone"},
		"500 is told":                              {answer(500, ""), Outcome{Status: 500}, "webhook.refused"},
		"its words are told":                       {answer(400, "unknown field: level"), Outcome{Status: 400}, "webhook.refused_saying"},
		"a page is not":                            {answer(502, "<html>Bad gateway"), Outcome{Status: 502}, "webhook.refused"},
		"nor what echoes the secret":               {answer(401, "bad signature for "+vectorSecret), Outcome{Status: 401}, "webhook.refused"},
		"nor what echoes the address":              {answer(404, "no route /hook/super-secret-path"), Outcome{Status: 404}, "webhook.refused"},
		"nor what echoes the query":                {answer(403, "key=querysecret is wrong"), Outcome{Status: 403}, "webhook.refused"},
		"nor a signature":                          {answer(401, "expected v1,AAAA"), Outcome{Status: 401}, "webhook.refused"},
		"Retry-After in seconds is kept":           {answer(429, "", "Retry-After", "90"), Outcome{Status: 429, RetryAfter: 90 * time.Second}, "webhook.refused"},
		"Retry-After as a date is kept":            {answer(503, "", "Retry-After", date), Outcome{Status: 503, RetryAfter: 2 * time.Minute}, "webhook.refused"},
		"Retry-After of a month is a day":          {answer(503, "", "Retry-After", "2592000"), Outcome{Status: 503, RetryAfter: 24 * time.Hour}, "webhook.refused"},
		"Retry-After past counting is a day":       {answer(503, "", "Retry-After", "999999999999999"), Outcome{Status: 503, RetryAfter: 24 * time.Hour}, "webhook.refused"},
		"Retry-After in the past is nothing":       {answer(503, "", "Retry-After", "-5"), Outcome{Status: 503}, "webhook.refused"},
		"Retry-After that is garbage is nothing":   {answer(503, "", "Retry-After", "soon"), Outcome{Status: 503}, "webhook.refused"},
		"a redirect is not followed, and not done": {answer(302, "", "Location", "/elsewhere"), Outcome{Status: 302}, "webhook.moved"},
		"a permanent redirect neither":             {answer(308, "", "Location", "/elsewhere"), Outcome{Status: 308}, "webhook.moved"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d, calls := receiver(t, c.answer)
			got := Send(t.Context(), http.DefaultClient, w, d, vectorAt)
			key := ""
			if got.Problem != nil {
				key = got.Problem.Key
			}
			got.Problem = nil
			if diff := cmp.Diff(c.want, got); diff != "" || key != c.key || calls.Load() != 1 {
				t.Errorf("Send says %q in %d calls, want %q in 1 (-want +got):\n%s", key, calls.Load(), c.key, diff)
			}
		})
	}
}

func TestRetriesCarryTheSameIDAndBytesWithAFreshTimestamp(t *testing.T) {
	t.Parallel()
	type got struct{ id, body string }
	var all []got
	w, d, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		now := vectorAt.Add(time.Duration(len(all)) * time.Hour)
		if err := Verify([]string{vectorSecret}, r.Header, body, now); err != nil {
			t.Error(err)
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s of %s", r.Method, r.Header.Get("Content-Type"))
		}
		all = append(all, got{r.Header.Get(HeaderID), string(body)})
		w.WriteHeader(500)
	})
	for n := range 3 {
		Send(t.Context(), http.DefaultClient, w, d, vectorAt.Add(time.Duration(n)*time.Hour))
	}
	want := got{vectorID, vectorBody}
	if diff := cmp.Diff([]got{want, want, want}, all, cmp.AllowUnexported(got{})); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestAnEndlessAnswerIsReadFor4KB(t *testing.T) {
	t.Parallel()
	w, d, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("words ", 1000)); err != nil {
				return
			}
		}
	})
	out := Send(t.Context(), http.DefaultClient, w, d, vectorAt)
	if s := out.Problem.Args["answer"].(string); len([]rune(s)) > answerShown+1 {
		t.Errorf("%d characters are shown", len(s))
	}
}

// refusing is a transport that fails as told.
type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

type timeout struct{ error }

func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestATroubleIsToldWithoutTheAddress(t *testing.T) {
	t.Parallel()
	guarded := veille.NewProblem(veille.ErrDenied, veille.Say("fetch.inside"), nil)
	for name, c := range map[string]struct {
		err error
		key string
	}{
		"an address inside the machine, by the guard's own words": {guarded, "fetch.inside"},
		"a timeout":     {timeout{errors.New("slow")}, "webhook.timeout"},
		"anything else": {errors.New("connection refused"), "webhook.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := veille.Webhook{URL: "https://user:password1@hooks.example/super-secret-path", Secret: vectorSecret}
			out := Send(t.Context(), &http.Client{Transport: refusing{c.err}}, w, veille.Delivery{ID: vectorID}, vectorAt)
			if out.Delivered || out.Status != 0 || out.Problem == nil || out.Problem.Key != c.key {
				t.Fatalf("Send = %+v, want %s", out, c.key)
			}
			for _, v := range out.Problem.Args {
				if s, _ := v.(string); strings.Contains(s, "secret") || strings.Contains(s, "password1") {
					t.Errorf("the problem shows %q", s)
				}
			}
		})
	}
}

func TestAMalformedWebhookIsToldNotSent(t *testing.T) {
	t.Parallel()
	for _, w := range []veille.Webhook{{URL: "https://hooks.example/", Secret: "hello"}, {URL: "::", Secret: vectorSecret}} {
		out := Send(t.Context(), &http.Client{Transport: refusing{errors.New("called")}}, w, veille.Delivery{ID: vectorID}, vectorAt)
		if out.Problem == nil || out.Problem.Key != "webhook.bad_setting" {
			t.Errorf("Send = %+v", out)
		}
	}
}
