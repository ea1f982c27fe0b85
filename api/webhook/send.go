package webhook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"veilleur/internal/veille"
)

const (
	answerLimit = 4 << 10 // bytes read of an answer
	answerShown = 160     // characters of it a person is shown
)

// An Outcome is what one attempt to deliver came to.
type Outcome struct {
	Status     int              // HTTP status; 0 when no answer came
	Delivered  bool             // the answer was 2xx
	Gone       bool             // the answer was 410: the webhook must not be called again
	RetryAfter time.Duration    // the shortest wait the receiver asked for, at most 24 h; 0 when it asked for none
	Problem    *veille.Sentence // what to tell the person who set the webhook; nil when delivered
}

// Send makes one attempt to deliver d to w at now, signed with now. hc gives
// the time limit and refuses addresses inside the machine; redirects are not
// followed, whatever hc says: a moved receiver must be set again by a person.
func Send(ctx context.Context, hc *http.Client, w veille.Webhook, d veille.Delivery, now time.Time) Outcome {
	req, err := request(ctx, w, d, now)
	if err != nil {
		return Outcome{Problem: says("webhook.bad_setting")}
	}
	once := *hc
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := once.Do(req)
	if err != nil {
		return Outcome{Problem: trouble(err, req.URL)}
	}
	defer func() { _ = resp.Body.Close() }()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, answerLimit)) // what came of it is enough
	out := Outcome{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), now)}
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return Outcome{Status: resp.StatusCode, Delivered: true}
	case resp.StatusCode == http.StatusGone:
		out.Gone = true
		out.Problem = says("webhook.gone", "host", req.URL.Host)
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		out.Problem = says("webhook.moved", "host", req.URL.Host, "status", resp.StatusCode)
	default:
		out.Problem = refusal(resp.StatusCode, req.URL, shown(answer, w))
	}
	return out
}

func request(ctx context.Context, w veille.Webhook, d veille.Delivery, now time.Time) (*http.Request, error) {
	signature, err := Sign(w.Secret, string(d.ID), now, d.Body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(d.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Veilleur-Webhook/1.0")
	req.Header.Set(HeaderID, string(d.ID))
	req.Header.Set(HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(HeaderSignature, signature)
	return req, nil
}

func says(key string, kv ...any) *veille.Sentence {
	s := veille.Say(key, kv...)
	return &s
}

func refusal(status int, u *url.URL, answer string) *veille.Sentence {
	if answer == "" {
		return says("webhook.refused", "host", u.Host, "status", status)
	}
	return says("webhook.refused_saying", "host", u.Host, "status", status, "answer", answer)
}

// trouble says why no answer came, without the address, which may hold a
// credential.
func trouble(err error, u *url.URL) *veille.Sentence {
	if s, ok := veille.SaysOf(err); ok {
		return &s
	}
	var timeout net.Error
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return says("webhook.no_host", "host", u.Host)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return says("webhook.timeout", "host", u.Host)
	}
	return says("webhook.unreachable", "host", u.Host)
}

// retryAfter reads Retry-After in its two forms, seconds and date. What is
// malformed or past is 0; more than 24 h is 24 h.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		return min(max(time.Duration(min(seconds, int(longest/time.Second)))*time.Second, 0), longest)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return 0
}

// shown is the first words of an answer, on one line, without anything of the
// webhook's secret or address; "" when it is not text or holds one of them.
func shown(answer []byte, w veille.Webhook) string {
	text := strings.Join(strings.FieldsFunc(string(bytes.ToValidUTF8(answer, nil)), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if strings.HasPrefix(text, "<") || strings.Contains(text, "v1,") || holdsAny(text, credentials(w)) {
		return ""
	}
	if runes := []rune(text); len(runes) > answerShown {
		return string(runes[:answerShown]) + "…"
	}
	return text
}

// credentials are the pieces of a webhook that no page may show.
func credentials(w veille.Webhook) []string {
	var pieces []string
	for _, s := range strings.Fields(w.Secret) {
		pieces = append(pieces, strings.TrimPrefix(s, secretPrefix))
	}
	u, err := url.Parse(w.URL)
	if err != nil {
		return append(pieces, w.URL)
	}
	pieces = append(pieces, u.RawQuery, u.Fragment)
	if u.User != nil {
		password, _ := u.User.Password()
		pieces = append(pieces, u.User.Username(), password)
	}
	return append(pieces, strings.Split(u.Path, "/")...)
}

// holdsAny tells whether text holds one of pieces long enough to be secret.
func holdsAny(text string, pieces []string) bool {
	for _, p := range pieces {
		if len(p) >= 8 && strings.Contains(text, p) {
			return true
		}
	}
	return strings.Contains(text, secretPrefix)
}
