package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// An op is one operation with a body that is right, and who may do it: reads,
// writes (all but readers), approves, leads. Above tells that what belongs to
// the movement is read.
type op struct {
	method, path string
	id           string // how the ids of its things begin
	body         string
	who          string
	above        bool
}

// ops is every operation there is; TestTheTableHasEveryOperation keeps it so.
func ops() []op {
	const words, slot = `{"name":"Crue","query":"crue"}`, `{"weekday":1,"hour":12,"zone":"America/Toronto"}`
	const site = `"name":"Site","url":"https://site.example","user":"veilleur","secret":"x y z","slots":[` + slot + `],"cadence":3`
	return []op{
		{"GET", "/me", "", "", "reads", false},
		{"GET", "/branches", "", "", "reads", false},
		{"GET", "/morning", "", "", "reads", false},
		{"GET", "/search", "", "", "reads", false},
		{"GET", "/entries/{id}", "ent-", "", "reads", true},
		{"GET", "/stories/{id}", "sto-", "", "reads", true},
		{"GET", "/searches", "", "", "reads", false},
		{"POST", "/searches", "", words, "writes", false},
		{"GET", "/searches/{id}", "sea-", "", "reads", false},
		{"PUT", "/searches/{id}", "sea-", words, "writes", false},
		{"GET", "/searches/{id}/entries", "sea-", "", "reads", false},
		{"POST", "/searches/{id}/seen", "sea-", "", "writes", false},
		{"DELETE", "/searches/{id}", "sea-", "", "writes", false},
		{"GET", "/sources", "", "", "reads", false},
		{"GET", "/sources.opml", "", "", "reads", false},
		{"GET", "/sources/{id}", "src-", "", "reads", true},
		{"POST", "/sources", "", `{"address":"media.example","tier":2}`, "writes", false},
		{"POST", "/sources/opml", "", `<opml version="2.0"><body><outline xmlUrl="https://a.example/"/></body></opml>`, "writes", false},
		{"PUT", "/sources/{id}", "src-", `{"title":"Le Riverain"}`, "writes", false},
		{"PUT", "/sources/{id}/state", "src-", `{"state":"paused"}`, "writes", false},
		{"DELETE", "/sources/{id}", "src-", "", "writes", false},
		{"GET", "/topics", "", "", "reads", false},
		{"GET", "/topics/preview?q=crue", "", "", "reads", false},
		{"GET", "/topics/{id}", "top-", "", "reads", true},
		{"POST", "/topics", "", words, "writes", false},
		{"PUT", "/topics/{id}", "top-", words, "writes", false},
		{"DELETE", "/topics/{id}", "top-", "", "writes", false},
		{"GET", "/incidents", "", "", "reads", false},
		{"GET", "/incidents/{id}", "inc-", "", "reads", true},
		{"POST", "/incidents/{id}/acknowledge", "inc-", "", "writes", false},
		{"POST", "/incidents/{id}/resolve", "inc-", "", "writes", false},
		{"POST", "/incidents/{id}/false-alarm", "inc-", `{"reason":"un film"}`, "writes", false},
		{"POST", "/incidents/{id}/silence", "inc-", `{"reason":"vu","hours":4}`, "writes", false},
		{"PUT", "/incidents/{id}/steps/{step}", "inc-", `{"done":true}`, "writes", false},
		{"GET", "/ideas", "", "", "reads", false},
		{"POST", "/ideas/{id}/refuse", "ide-", `{"reason":"pas pour nous"}`, "writes", false},
		{"POST", "/ideas/{id}/draft", "ide-", `{"channels":["cha-riv"]}`, "writes", false},
		{"GET", "/posts", "", "", "reads", false},
		{"GET", "/posts/{id}", "draft-", "", "reads", false},
		{"POST", "/posts", "", `{"text":"Bonjour","channels":["cha-riv"]}`, "writes", false},
		{"PUT", "/posts/{id}", "draft-", `{"text":"Bonjour"}`, "writes", false},
		{"POST", "/posts/{id}/schedule", "draft-", `{"wall":"2026-12-01T09:00","zone":"America/Toronto"}`, "approves", false},
		{"POST", "/posts/{id}/state", "draft-", `{"state":"awaiting_approval"}`, "writes", false},
		{"DELETE", "/posts/{id}", "draft-", "", "writes", false},
		{"GET", "/channels", "", "", "reads", false},
		{"POST", "/channels", "", `{"network":"wordpress",` + site + `}`, "leads", false},
		{"PUT", "/channels/{id}", "cha-", `{` + site + `}`, "leads", false},
		{"DELETE", "/channels/{id}", "cha-", "", "leads", false},
		{"GET", "/goals", "", "", "reads", false},
		{"POST", "/goals", "", `{"name":"200 abonnés","unit":"abonnés","start":160,"target":200,"due_at":"2026-12-31T17:00:00Z"}`, "writes", false},
		{"POST", "/goals/{id}/measures", "goa-", `{"value":178}`, "writes", false},
		{"DELETE", "/goals/{id}", "goa-", "", "writes", false},
		{"GET", "/webhooks", "", "", "reads", false},
		{"POST", "/webhooks", "", `{"name":"Ligne","url":"https://hooks.example/x"}`, "leads", false},
		{"PUT", "/webhooks/{id}/state", "web-", `{"disabled":true}`, "leads", false},
		{"GET", "/webhooks/{id}/deliveries", "web-", "", "reads", false},
		{"POST", "/webhooks/{id}/test", "web-", "", "leads", false},
		{"DELETE", "/webhooks/{id}", "web-", "", "leads", false},
	}
}

// on is the address of an operation on the thing of a branch.
func (o op) on(branch string) string {
	return "/api/v1" + strings.NewReplacer("{id}", o.id+branch, "{step}", "2").Replace(o.path)
}

func (o op) ask(t *testing.T, h *house, token, branch string, headers ...string) answer {
	t.Helper()
	return o.askAt(t, h.door().handler(), token, branch, headers...)
}

func (o op) askAt(t *testing.T, door http.Handler, token, branch string, headers ...string) answer {
	t.Helper()
	if strings.HasPrefix(o.body, "<") {
		headers = append(headers, "Content-Type", "text/x-opml")
	}
	return ask(t, door, token, o.method, o.on(branch), o.body, headers...)
}

func TestTheTableHasEveryOperation(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, o := range ops() {
		path, _, _ := strings.Cut(o.path, "?")
		want = append(want, o.method+" /api/v1"+path)
	}
	for _, o := range operationsOf(documentOf(t)) {
		got = append(got, o.method+" "+o.path)
	}
	sort.Strings(want)
	sort.Strings(got)
	if !slices.Equal(want, got) {
		t.Errorf("table:    %v\ndocument: %v", want, got)
	}
}

func TestEveryOperationRefusesWhoHasNoToken(t *testing.T) {
	t.Parallel()
	h := newHouse()
	door := h.door().handler()
	for _, o := range operationsOf(documentOf(t)) {
		path := strings.NewReplacer("{id}", "x", "{step}", "1").Replace(o.path)
		for _, authorization := range []string{"", "Bearer ", "Bearer stranger", "Basic bWFuYWdlcjo=", "manager"} {
			var headers []string
			if authorization != "" {
				headers = []string{"Authorization", authorization}
			}
			a := ask(t, door, "", o.method, path, "", headers...)
			if a.Code != http.StatusUnauthorized || a.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s with %q: %d %s", o.method, o.path, authorization, a.Code, a.Body)
			}
		}
	}
	if len(h.asked) > 0 {
		t.Errorf("done without a token: %v", h.asked)
	}
}

// expected is the status for a role of branch riv on the thing of a branch.
func (o op) expected(role veille.Role, branch string) int {
	reader := role == veille.RoleReader
	leads := role == veille.RoleManager || role == veille.RoleCentral
	switch {
	case o.method != "GET" && reader:
		return 403
	case o.id != "" && (branch == "mont" || branch == "nobody"):
		return 404
	case o.id != "" && branch == "mvt" && !o.above:
		return 403
	case o.who == "approves" && !leads && role != veille.RoleApprover, o.who == "leads" && !leads:
		return 403
	}
	return 200
}

func TestWhoMayDoWhatToWhose(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		h := newHouse()
		door := h.door().handler()
		for _, role := range []veille.Role{veille.RoleReader, veille.RoleContributor, veille.RoleApprover, veille.RoleManager, veille.RoleCentral} {
			for _, branch := range []string{"riv", "mvt", "mont", "nobody"} {
				var headers []string
				if role == veille.RoleCentral {
					headers = []string{branchHeader, "riv"}
				}
				h.asked = nil
				a := o.askAt(t, door, string(role), branch, headers...)
				want := o.expected(role, branch)
				if got := a.Code; got != want && (want != 200 || got/100 != 2) {
					t.Errorf("%s %s of %s by %s: %d, want %d: %s", o.method, o.path, branch, role, got, want, a.Body)
				}
				if want != 200 && len(h.asked) > 0 {
					t.Errorf("%s %s of %s by %s was refused and did %v", o.method, o.path, branch, role, h.asked)
				}
			}
		}
	}
}

func TestACentralTokenNamesItsBranchAndOthersCannot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, token, header, path string
		want                      int
	}{
		{"central sees its own branch without naming one", "central", "", "/api/v1/topics/top-mvt", 200},
		{"central sees a branch it names", "central", "mont", "/api/v1/topics/top-mont", 200},
		{"central does not see one it did not name", "central", "", "/api/v1/topics/top-mont", 404},
		{"a manager may name her own branch", "manager", "riv", "/api/v1/topics/top-riv", 200},
		{"a manager may not name another", "manager", "mont", "/api/v1/topics/top-mont", 403},
		{"nor her movement", "manager", "mvt", "/api/v1/topics/top-mvt", 403},
		{"a branch that is not is not told from one that may not be seen", "central", "nobody", "/api/v1/me", 403},
	} {
		a := ask(t, newHouse().door().handler(), c.token, "GET", c.path, "", branchHeader, c.header)
		if a.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, a.Code, c.want)
		}
	}
}

func TestEveryWriteRefusesAFieldItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		if !strings.HasPrefix(o.body, "{") {
			continue
		}
		h := newHouse()
		o.body = `{"surprise":1,` + o.body[1:]
		a := o.ask(t, h, "manager", "riv")
		if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `"location":"body.surprise"`) {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.Code, a.Body)
		}
		if len(h.asked) > 0 {
			t.Errorf("%s %s was refused and did %v", o.method, o.path, h.asked)
		}
	}
}

func TestAFaultOfOursIsToldByItsIDOnly(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		if o.path == "/branches" || o.id == "" && o.method == "POST" {
			continue // what they read first is another's test
		}
		h := newHouse()
		h.fail = errors.New("sql: " + canary)
		a := o.ask(t, h, "manager", "riv")
		if a.Code != 500 || !strings.Contains(a.Body.String(), "request ") || strings.Contains(a.Body.String(), canary) {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.Code, a.Body)
		}
	}
}

func TestEachKindOfErrorHasItsStatusAndSaysItInHerLanguage(t *testing.T) {
	t.Parallel()
	for kind, want := range map[error]int{veille.ErrNotFound: 404, veille.ErrInvalid: 400, veille.ErrConflict: 409, veille.ErrDenied: 403, veille.ErrBusy: 503} {
		h := newHouse()
		h.fail = veille.NewProblem(kind, veille.Say("api.goal_due"), errors.New(canary))
		a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/goals", "")
		var p struct{ Detail string }
		a.json(&p)
		if a.Code != want || p.Detail != "Donnez une échéance à venir." || a.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %d %q %q", kind, a.Code, p.Detail, a.Header().Get("Content-Type"))
		}
		if (want == 503) != (a.Header().Get("Retry-After") != "") {
			t.Errorf("%v: Retry-After %q", kind, a.Header().Get("Retry-After"))
		}
	}
}

func TestATokenThatCannotBeCheckedIsNotLetIn(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.storeErr = errors.New("disk " + canary)
	a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/me", "")
	if a.Code != 503 || a.Header().Get("Retry-After") == "" || strings.Contains(a.Body.String(), canary) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestATokenAsksSixtyTimesAMinute(t *testing.T) {
	t.Parallel()
	s := newHouse().door()
	now := morningOf
	s.now = func() time.Time { return now }
	s.lim = auth.NewLimiter(limit, time.Minute)
	door := s.handler()
	for i := range limit {
		if a := ask(t, door, "manager", "GET", "/api/v1/me", ""); a.Code != 200 {
			t.Fatalf("request %d: %d", i+1, a.Code)
		}
		now = now.Add(100 * time.Millisecond)
	}
	a := ask(t, door, "manager", "GET", "/api/v1/me", "")
	if a.Code != 429 || a.Header().Get("Retry-After") != "55" {
		t.Errorf("request 61: %d, Retry-After %q", a.Code, a.Header().Get("Retry-After"))
	}
	if a := ask(t, door, "reader", "GET", "/api/v1/me", ""); a.Code != 200 {
		t.Errorf("another token: %d", a.Code)
	}
	now = now.Add(55 * time.Second)
	if a := ask(t, door, "manager", "GET", "/api/v1/me", ""); a.Code != 200 {
		t.Errorf("after waiting as told: %d", a.Code)
	}
}

func TestABodyOverOneMegabyteIsRefused(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		if o.body == "" {
			continue
		}
		h := newHouse()
		o.body += strings.Repeat(" ", bodyLimit)
		if a := o.ask(t, h, "manager", "riv"); a.Code != http.StatusRequestEntityTooLarge || len(h.asked) > 0 {
			t.Errorf("%s %s: %d, did %v", o.method, o.path, a.Code, h.asked)
		}
	}
}

func TestAPanicIsAFaultAndNotABlankPage(t *testing.T) {
	t.Parallel()
	s := newHouse().door()
	s.d.Goals = nil
	a := ask(t, s.handler(), "manager", "GET", "/api/v1/goals", "")
	if a.Code != 500 || !strings.Contains(a.Body.String(), "a fault of ours; request ") || strings.Contains(a.Body.String(), "nil pointer") {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestEveryAnswerIsMarkedAndTyped(t *testing.T) {
	t.Parallel()
	door := newHouse().door().handler()
	for _, c := range []struct{ path, contentType string }{
		{"/api/v1/me", "application/json"}, {"/api/v1/nothing", "application/problem+json; charset=utf-8"},
		{"/api/openapi.json", "application/openapi+json; charset=utf-8"}, {"/healthz", "application/json"},
		{"/metrics", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"}, {"/flux/x", "application/problem+json; charset=utf-8"},
	} {
		h := ask(t, door, "manager", "GET", c.path, "").Header()
		if h.Get("Content-Type") != c.contentType || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", c.path, h)
		}
	}
}

// TestNoAnswerHoldsASecret asks everything of everyone and looks for what
// must not be told. The address of an alert is told to who manages its branch,
// and a new webhook's secret once.
func TestNoAnswerHoldsASecret(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		if o.id == "src-" && o.method == "GET" {
			o.id = "alert-"
		}
		for _, role := range []string{"reader", "contributor", "approver", "manager"} {
			a := o.ask(t, newHouse(), role, "riv")
			told := a.Body.String()
			if role == "manager" { // her own alert and webhook, whole
				for _, hers := range []string{canary + "riv", "https://alertes.example/" + canary, "https://hooks.example/" + canary} {
					told = strings.ReplaceAll(told, hers, "")
				}
			}
			if strings.Contains(told, canary) {
				t.Errorf("%s %s tells a %s: %s", o.method, o.path, role, told)
			}
		}
	}
}

func TestAWebhooksSecretIsToldOnce(t *testing.T) {
	t.Parallel()
	h := newHouse()
	door := h.door().handler()
	a := ask(t, door, "manager", "POST", "/api/v1/webhooks", `{"name":"Ligne de crise","url":"https://hooks.example/x"}`)
	var made struct {
		Secret  string
		Webhook struct{ ID veille.WebhookID }
	}
	a.json(&made)
	if a.Code != 201 || !strings.HasPrefix(made.Secret, "whsec_") || h.webhooks[made.Webhook.ID].Secret != made.Secret {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	if list := ask(t, door, "manager", "GET", "/api/v1/webhooks", ""); strings.Contains(list.Body.String(), made.Secret) {
		t.Errorf("told again: %s", list.Body)
	}
}

var snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// TestEveryFieldIsSnakeCaseAndNoListIsNull reads the answers themselves.
func TestEveryFieldIsSnakeCaseAndNoListIsNull(t *testing.T) {
	t.Parallel()
	for _, o := range ops() {
		a := o.ask(t, newHouse(), "manager", "riv")
		if a.Code == http.StatusNoContent || o.path == "/sources.opml" {
			continue
		}
		var v any
		if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
			t.Errorf("%s %s: %v in %s", o.method, o.path, err, a.Body)
		}
		for _, wrong := range wrongFields(o.path, v) {
			t.Errorf("%s %s", o.method, wrong)
		}
	}
}

func wrongFields(at string, v any) []string {
	var out []string
	switch v := v.(type) {
	case nil:
		return []string{at + " is null"}
	case []any:
		for _, x := range v {
			out = append(out, wrongFields(at+"[]", x)...)
		}
	case map[string]any:
		for k, x := range v {
			if !snake.MatchString(k) {
				out = append(out, fmt.Sprintf("%s has a field %q", at, k))
			}
			out = append(out, wrongFields(at+"."+k, x)...)
		}
	}
	return out
}
