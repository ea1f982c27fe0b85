package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/microcosm-cc/bluemonday"
)

// answerLimit is the most bytes of an answer that are read. We ask for few
// fields; a site that says more says something else.
const answerLimit = 1 << 20

// agent names us to sites: some refuse the name Go gives by default.
const agent = "Veilleur"

// A request is one call of the API.
type request struct {
	method string
	path   string // from the API's root, with a leading slash
	query  url.Values
	header http.Header
	body   []byte
}

func jsonRequest(path string, body any) (request, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return request{}, fmt.Errorf("wordpress: %s: %w", path, err)
	}
	return request{method: http.MethodPost, path: path, body: b, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}, nil
}

// call makes one request and decodes a 2xx answer into out. Its error is
// always a *failure.
func (s site) call(ctx context.Context, r request, out any) error {
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, r.method, s.address(r.path, r.query), bytes.NewReader(r.body))
	if err != nil {
		return &failure{Err: err}
	}
	for k, v := range r.header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Cache-Control", "no-cache")
	if s.user != "" {
		req.SetBasicAuth(s.user, s.secret)
	}
	resp, err := s.hc.Do(req)
	if err != nil {
		return &failure{Sent: wrote.Load(), Err: err}
	}
	defer resp.Body.Close()
	return decode(resp, out)
}

func decode(resp *http.Response, out any) error {
	f := &failure{Sent: true, Status: resp.StatusCode}
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	// Themes and plugins are often saved with a byte order mark, which PHP
	// then prints before every answer.
	body = bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\ufeff"))
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		f.read(body)
	case err != nil:
		f.Status, f.Err = 0, err // as if no answer had come
	case len(body) > answerLimit:
		f.Err = fmt.Errorf("an answer over %d bytes", answerLimit)
	default:
		if f.Err = json.Unmarshal(body, out); f.Err == nil {
			return nil
		}
	}
	return f
}

// A failure is a call without a usable answer.
type failure struct {
	Sent    bool   // the request, or a part of it, may have reached the site
	Status  int    // 0 when no answer came, or only a part of one
	Code    string // WordPress's own, e.g. rest_cannot_create; "" when it gave none
	Message string // WordPress's own, in the language of the site, plain, short
	Err     error
}

// read takes code and message from the body of a refusal.
func (f *failure) read(body []byte) {
	type refusal struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Data    struct {
			Status int `json:"status"`
		} `json:"data"`
	}
	var e refusal
	if json.Unmarshal(body, &e) != nil {
		return
	}
	var within struct {
		Data struct {
			Details struct{ Status *refusal } `json:"details"`
		} `json:"data"`
	}
	// Asked by a stranger for posts in any state, WordPress says 400 and, further
	// in, that a stranger may not (401).
	if json.Unmarshal(body, &within) == nil && within.Data.Details.Status != nil {
		if d := *within.Data.Details.Status; d.Code == "rest_forbidden_status" && d.Data.Status != 0 {
			e, f.Status = d, d.Data.Status
		}
	}
	f.Code = cut(e.Code, 80)
	plain := html.UnescapeString(bluemonday.StrictPolicy().Sanitize(e.Message))
	f.Message = cut(strings.Join(strings.Fields(plain), " "), 300)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Error is for logs: it holds neither password nor body.
func (f *failure) Error() string {
	switch {
	case f.Status == 0:
		return fmt.Sprintf("no answer: %v", f.Err)
	case f.Err != nil:
		return fmt.Sprintf("status %d: %v", f.Status, f.Err)
	}
	return fmt.Sprintf("status %d %s %s", f.Status, f.Code, f.Message)
}

func (f *failure) Unwrap() error { return f.Err }

// lost tells whether the site may have done what was asked: the request may
// have reached it, and what came back is neither a yes we can read nor its own
// no. Of the 4xx only 408 is in doubt, a proxy's word on a slow request.
func (f *failure) lost() bool {
	refused := f.Status >= 400 && f.Status < 500 && f.Status != http.StatusRequestTimeout
	return f.Sent && !refused
}
