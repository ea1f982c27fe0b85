package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/crawler/opml"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// A refusal is a problem document as a program reads it.
type refusal struct {
	Status int
	Detail string
	Errors []struct {
		Message, Location string
		Value             any
	}
}

func TestWhatARequestGotWrongIsToldWithItsField(t *testing.T) {
	t.Parallel()
	const site = `"name":"Site","url":"https://site.example","user":"u","secret":"s"`
	for _, c := range []struct{ name, method, path, body, location string }{
		{"a body that is no JSON", "POST", "/topics", `{"name":`, "body"},
		{"a field that is missing", "POST", "/topics", `{"name":"Crue"}`, "body"},
		{"a field of another kind", "POST", "/goals/goa-riv/measures", `{"value":"beaucoup"}`, "body.value"},
		{"a number out of range", "POST", "/sources", `{"address":"a.example","tier":9}`, "body.tier"},
		{"a word that is none of those", "PUT", "/sources/src-riv/state", `{"state":"ended"}`, "body.state"},
		{"a list that is empty", "POST", "/posts", `{"text":"a","channels":[]}`, "body.channels"},
		{"a list that is null", "POST", "/posts", `{"text":"a","channels":null}`, "body.channels"},
		{"a text that is too long", "POST", "/searches", `{"name":"` + strings.Repeat("a", 121) + `","query":"a"}`, "body.name"},
		{"a name of spaces", "POST", "/searches", `{"name":" ","query":"a"}`, "body.name"},
		{"a query of spaces", "POST", "/searches", `{"name":"a","query":"  "}`, "body.query"},
		{"a source without a name", "PUT", "/sources/src-riv", `{"title":"\n"}`, "body.title"},
		{"a channel of another branch", "POST", "/posts", `{"text":"a","channels":["cha-mont"]}`, "body.channels"},
		{"a channel that is not", "POST", "/ideas/ide-riv/draft", `{"channels":["nobody"]}`, "body.channels"},
		{"an address that is script", "POST", "/posts/draft-riv/state", `{"state":"published","url":"javascript:alert(1)"}`, "body.url"},
		{"a webhook to no address", "POST", "/webhooks", `{"name":"a","url":"ftp://x.example"}`, "body.url"},
		{"a webhook with a password in its address", "POST", "/webhooks", `{"name":"a","url":"https://u:p@x.example"}`, "body.url"},
		{"a webhook without a name", "POST", "/webhooks", `{"name":" ","url":"https://x.example"}`, "body.name"},
		{"a network we do not publish to", "POST", "/channels", `{"network":"myspace",` + site + `}`, "body.network"},
		{"a site without an address", "POST", "/channels", `{"network":"wordpress","name":"a","user":"u","secret":"s"}`, "body.url"},
		{"a site without an account", "POST", "/channels", `{"network":"wordpress","name":"a","url":"https://s.example","secret":"s"}`, "body.user"},
		{"a site without a password", "POST", "/channels", `{"network":"wordpress","name":"a","url":"https://s.example","user":"u"}`, "body.secret"},
		{"a site moved without its password", "PUT", "/channels/cha-riv", `{"name":"a","url":"https://mal.example","user":"veilleur"}`, "body.secret"},
		{"a slot in no zone", "POST", "/channels", `{"network":"manual","name":"a","slots":[{"weekday":1,"hour":9,"zone":"Mars/Olympus"}]}`, "body.slots"},
		{"a slot at 25 h", "POST", "/channels", `{"network":"manual","name":"a","slots":[{"weekday":1,"hour":25,"zone":"UTC"}]}`, "body.slots[0].hour"},
		{"a goal of yesterday", "POST", "/goals", `{"name":"a","unit":"b","start":1,"target":2,"due_at":"2026-11-22T00:00:00Z"}`, "body.due_at"},
		{"a goal that is reached", "POST", "/goals", `{"name":"a","unit":"b","start":2,"target":2,"due_at":"2026-12-22T00:00:00Z"}`, "body.target"},
		{"a number of tomorrow", "POST", "/goals/goa-riv/measures", `{"value":1,"at":"2026-11-25T00:00:00Z"}`, "body.at"},
		{"a silence of a month", "POST", "/incidents/inc-riv/silence", `{"reason":"a","hours":700}`, "body.hours"},
		{"a false alarm without a reason", "POST", "/incidents/inc-riv/false-alarm", `{"reason":""}`, "body.reason"},
		{"a parameter that is not", "GET", "/search?quary=crue", "", "query.quary"},
		{"a limit of a million", "GET", "/search?limit=1000000", "", "query.limit"},
		{"a tone that is none", "GET", "/search?tone=angry", "", "query.tone[0]"},
		{"a query of 11 KB", "GET", "/search?q=" + strings.Repeat("a", 11<<10), "", "query.q"},
	} {
		h := newHouse()
		a := ask(t, h.door().handler(), "manager", c.method, "/api/v1"+c.path, c.body)
		var p refusal
		a.json(&p)
		if a.Code != http.StatusUnprocessableEntity && (a.Code != http.StatusBadRequest || c.location != "body") || len(p.Errors) == 0 || p.Errors[0].Location != c.location {
			t.Errorf("%s: %d %s", c.name, a.Code, a.Body)
		}
		if len(h.asked) > 0 {
			t.Errorf("%s: did %v", c.name, h.asked)
		}
	}
}

func TestAMistakeInAQueryIsToldWithItsPlaceAndItsMend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ token, method, path, body string }{
		{"manager", "GET", "/search?q=crue+AND", ""},
		{"other", "GET", "/search?q=crue+AND", ""},
		{"manager", "GET", "/topics/preview?q=crue+AND", ""},
		{"manager", "POST", "/topics", `{"name":"Crue","query":"crue AND"}`},
		{"manager", "PUT", "/searches/sea-riv", `{"name":"Crue","query":"crue AND"}`},
	} {
		h := newHouse()
		a := ask(t, h.door().handler(), c.token, c.method, "/api/v1"+c.path, c.body)
		var p refusal
		a.json(&p)
		if a.Code != 400 || len(p.Errors) != 1 {
			t.Fatalf("%s: %d %s", c.path, a.Code, a.Body)
		}
		if diff := cmp.Diff(map[string]any{"at": 5.0, "mend": "crue "}, p.Errors[0].Value); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.path, diff)
		}
		if french := !strings.Contains(p.Detail, "missing"); french != (c.token == "manager") || strings.HasPrefix(p.Detail, "query.") {
			t.Errorf("%s says to %s: %s", c.path, c.token, p.Detail)
		}
		if len(h.asked) > 0 {
			t.Errorf("%s did %v", c.path, h.asked)
		}
	}
}

func TestASearchIsAskedAsWritten(t *testing.T) {
	t.Parallel()
	h := newHouse()
	a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/search?q=crue&topic=top-riv&topic=x&tone=negative&lang=fr&tier=1&tier=2&source=src-riv"+
		"&after=2026-11-01&before=2026-11-24&sort=relevant&by_story=true&offset=20&limit=10&days=30", "")
	r := h.request
	if a.Code != 200 || h.branch != "riv" || r.Query != "crue" || len(r.Topics) != 2 || !slices.Equal(r.Tiers, []veille.Tier{1, 2}) || r.Sources[0] != "src-riv" ||
		r.After.Format("2006-01-02 15:04 -0700") != "2026-11-01 00:00 -0400" || r.Before.Format("2006-01-02 15:04 -0700") != "2026-11-24 00:00 -0500" ||
		r.Sort != "relevant" || !r.ByStory || r.Offset != 20 || r.Limit != 10 || r.Days != 30 || r.Tones[0] != "negative" || r.Langs[0] != "fr" {
		t.Errorf("%d %+v", a.Code, r)
	}
	var p refusal
	a = ask(t, h.door().handler(), "manager", "GET", "/api/v1/search?after=hier", "")
	if a.json(&p); a.Code != 400 || !strings.Contains(p.Detail, "2026-11-24") {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestAPageThatIsNoFeedTellsTheFeedsOnIt(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.links = []page.Link{{URL: "https://media.example/rss", Title: "Actualités"}}
	h.addErr = veille.NewProblem(veille.ErrInvalid, veille.Say("api.url_wrong"), nil)
	a := ask(t, h.door().handler(), "manager", "POST", "/api/v1/sources", `{"address":"media.example"}`)
	var p refusal
	a.json(&p)
	if a.Code != 400 || len(p.Errors) != 1 || p.Errors[0].Message != "Actualités" || p.Errors[0].Value != "https://media.example/rss" || p.Detail == "" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestSourcesGoOutAsOPMLWithoutTheAddressesOfAlertsButForWhoManagesThem(t *testing.T) {
	t.Parallel()
	for role, want := range map[string][]string{
		"reader": {"https://media.example/riv"}, "approver": {"https://media.example/riv"},
		"manager": {"https://alertes.example/feeds/" + canary + "riv", "https://media.example/riv", "imaps://" + canary + "riv@courriel.example:993/INBOX"},
	} {
		a := ask(t, newHouse().door().handler(), role, "GET", "/api/v1/sources.opml", "")
		list, err := opml.Parse(a.Body.Bytes())
		if err != nil || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") || a.Header().Get("Content-Type") != "text/x-opml; charset=utf-8" {
			t.Fatal(err, a.Header())
		}
		var got []string
		for _, o := range list {
			got = append(got, o.XMLURL)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", role, got)
		}
	}
}

func TestAQueryIsTriedBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	h := newHouse()
	withTitles(h)
	a := ask(t, h.door().handler(), "reader", "GET", "/api/v1/topics/preview?q=crue+OR+inondation&limit=3", "")
	var p struct {
		Query   string
		Entries int
		Explain []struct{ Says struct{ Text string } }
		Found   []struct{ Source struct{ URL string } }
	}
	a.json(&p)
	if a.Code != 200 || p.Entries != len(awkward()) || !strings.Contains(p.Query, "OU") || len(p.Explain) == 0 || p.Explain[0].Says.Text == "" ||
		p.Found[0].Source.URL != "https://alertes.example" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	if h.request.Limit != 3 || h.request.After != morningOf.AddDate(0, 0, -30) {
		t.Errorf("%+v", h.request)
	}
	if a := ask(t, h.door().handler(), "reader", "GET", "/api/v1/topics/preview?q=-crue", ""); a.Code != 400 {
		t.Errorf("only what is not wanted: %d %s", a.Code, a.Body)
	}
}

func TestASavedSearchTellsItsAddressesAndWhatIsUnread(t *testing.T) {
	t.Parallel()
	h := newHouse()
	withTitles(h)
	door := h.door().handler()
	var q struct {
		ID, RSS, CSV, Query string
		Unread              int
	}
	a := ask(t, door, "contributor", "POST", "/api/v1/searches", `{"name":"Crue\nde novembre","query":"crue ET rivière"}`)
	a.json(&q)
	if a.Code != 201 || q.Unread != len(awkward()) || h.searches[veille.SearchID(q.ID)].Name != "Crue de novembre" || h.request.After != morningOf {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	for _, address := range []string{q.RSS, q.CSV} {
		if a := ask(t, door, "", "GET", strings.TrimPrefix(address, "https://veilleur.example"), ""); a.Code != 200 {
			t.Errorf("%s: %d", address, a.Code)
		}
	}
	h.searches["sea-riv"] = veille.SavedSearch{ID: "sea-riv", BranchID: "riv", Query: `"sans fin`}
	a = ask(t, door, "manager", "GET", "/api/v1/searches/sea-riv", "")
	a.json(&q)
	if a.Code != 200 || q.Unread != -1 {
		t.Errorf("one that no longer reads: %d %s", a.Code, a.Body)
	}
	for i := range searchesMost {
		id := veille.SearchID(fmt.Sprint("s", i))
		h.searches[id] = veille.SavedSearch{ID: id, BranchID: "riv"}
	}
	if a := ask(t, door, "manager", "POST", "/api/v1/searches", `{"name":"a","query":"a"}`); a.Code != 409 {
		t.Errorf("one too many: %d", a.Code)
	}
}

func TestAnIncidentTellsItsReasonsInWordsAndWhatIsDone(t *testing.T) {
	t.Parallel()
	a := ask(t, newHouse().door().handler(), "manager", "GET", "/api/v1/incidents/inc-riv", "")
	var got struct {
		Incident struct {
			Signals []struct {
				Reason   veille.Sentence
				Evidence []any
			}
		}
		Playbook struct {
			Kind    string
			Holding veille.Sentence
			Steps   []struct {
				Says  veille.Sentence
				Done  bool
				DueAt string `json:"due_at"`
			}
		}
	}
	a.json(&got)
	pb := got.Playbook
	if got.Incident.Signals[0].Reason.Text != "«\u00a0x\u00a0» n’est pas un fuseau horaire; écrivez America/Toronto." || got.Incident.Signals[0].Evidence == nil {
		t.Errorf("%s", a.Body)
	}
	if pb.Kind == "" || pb.Holding.Text == "" || len(pb.Steps) < 3 || !pb.Steps[0].Done || pb.Steps[1].Done || pb.Steps[0].DueAt == "" || pb.Steps[0].Says.Text == "" {
		t.Errorf("%+v", pb)
	}
}

func TestWhatIsDoneIsAskedOfTheEngine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token, method, path, body string
		want                      []string
	}{
		{"manager", "POST", "/incidents/inc-riv/acknowledge", "", []string{"acknowledge inc-riv manager"}},
		{"manager", "POST", "/incidents/inc-riv/silence", `{"reason":"vu","hours":4}`, []string{"silence inc-riv manager 4h0m0s vu"}},
		{"manager", "POST", "/incidents/inc-riv/false-alarm", `{"reason":"un film"}`, []string{"false alarm inc-riv manager un film"}},
		{"contributor", "POST", "/ideas/ide-riv/draft", `{"channels":["cha-riv"]}`,
			[]string{"draft Écrivez un nom. | Écrivez un nom.\n\nÉcrivez ce qu’il faut chercher.", "use ide-riv"}},
		{"contributor", "POST", "/ideas/ide-riv/draft", `{"channels":["cha-riv"],"title":"A\nB","text":"C"}`, []string{"draft A B | C", "use ide-riv"}},
		{"contributor", "POST", "/posts", `{"text":"C","channels":["cha-riv"],"idea_id":"ide-riv"}`, []string{"draft  | C", "use ide-riv"}},
		{"contributor", "PUT", "/posts/scheduled-riv", `{"text":"C"}`, []string{"edit scheduled-riv", "move scheduled-riv awaiting_approval"}},
		{"approver", "PUT", "/posts/scheduled-riv", `{"text":"C"}`, []string{"edit scheduled-riv"}},
		{"approver", "POST", "/posts/draft-riv/schedule", `{"wall":"2026-12-01T09:00","zone":"America/Toronto"}`, []string{"schedule draft-riv 2026-12-01T09:00 America/Toronto"}},
		{"manager", "POST", "/posts/failed-riv/state", `{"state":"draft"}`, []string{"again failed-riv"}},
		{"manager", "POST", "/posts/scheduled-riv/state", `{"state":"draft"}`, []string{"move scheduled-riv draft"}},
		{"manager", "POST", "/posts/scheduled-riv/state", `{"state":"published","url":"https://site.example/1"}`, []string{"done scheduled-riv https://site.example/1"}},
		{"manager", "POST", "/goals/goa-riv/measures", `{"value":178,"at":"2026-11-22T08:00:00-05:00"}`, []string{"measure goa-riv 2026-11-22T13:00:00Z"}},
		{"manager", "POST", "/sources/opml", `<opml><outline/><outline/></opml>`, []string{"import riv"}},
		{"manager", "POST", "/topics", `{"name":"Crue","query":"crue"}`, []string{"save topic top-new crue"}},
	} {
		h := newHouse()
		a := ask(t, h.door().handler(), c.token, c.method, "/api/v1"+c.path, c.body)
		if diff := cmp.Diff(c.want, h.asked); a.Code/100 != 2 || diff != "" {
			t.Errorf("%s by %s: %d %s (-want +got):\n%s", c.path, c.token, a.Code, a.Body, diff)
		}
	}
}

func TestAnIdeaOfAnotherBranchIsNotDrafted(t *testing.T) {
	t.Parallel()
	h := newHouse()
	a := ask(t, h.door().handler(), "manager", "POST", "/api/v1/posts", `{"text":"C","channels":["cha-riv"],"idea_id":"ide-mont"}`)
	if a.Code != 404 || len(h.asked) > 0 {
		t.Errorf("%d, did %v", a.Code, h.asked)
	}
}

func TestThePicturesOfAPostStayWhenItsWordsChange(t *testing.T) {
	t.Parallel()
	h := newHouse()
	ask(t, h.door().handler(), "manager", "PUT", "/api/v1/posts/draft-riv", `{"text":"C"}`)
	if p := h.posts["draft-riv"]; p.Text != "C" || len(p.Media) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestTheNoticeOfAChangeOfClocksIsTold(t *testing.T) {
	t.Parallel()
	a := ask(t, newHouse().door().handler(), "manager", "POST", "/api/v1/posts/draft-riv/schedule", `{"wall":"2026-03-08T02:30","zone":"America/Toronto"}`)
	var got struct{ Notice veille.Sentence }
	if a.json(&got); got.Notice.Text == "" {
		t.Errorf("%s", a.Body)
	}
}

func TestAPasswordGoesInAndStaysWhereItWasGiven(t *testing.T) {
	t.Parallel()
	h := newHouse()
	door := h.door().handler()
	a := ask(t, door, "manager", "POST", "/api/v1/channels", `{"network":"wordpress","name":"Blogue","url":"https://blogue.example","user":"v","secret":"abcd efgh"}`)
	var made veille.Channel
	a.json(&made)
	if a.Code != 201 || h.channels[made.ID].Secret != "abcd efgh" || strings.Contains(a.Body.String(), "abcd") {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	path := "/api/v1/channels/" + string(made.ID)
	if a := ask(t, door, "manager", "PUT", path, `{"name":"Le blogue","url":"https://blogue.example","user":"v"}`); a.Code != 200 || h.channels[made.ID].Secret != "abcd efgh" {
		t.Errorf("renamed: %d, secret %q", a.Code, h.channels[made.ID].Secret)
	}
	if a := ask(t, door, "manager", "PUT", path, `{"name":"Le blogue","url":"https://mal.example","user":"v"}`); a.Code != 422 || h.channels[made.ID].URL != "https://blogue.example" {
		t.Errorf("moved without its password: %d", a.Code)
	}
	if a := ask(t, door, "manager", "POST", "/api/v1/channels", `{"network":"manual","name":"Facebook"}`); a.Code != 201 {
		t.Errorf("by hand: %d %s", a.Code, a.Body)
	}
}

func TestAWebhookTurnedOnForgetsItsTrouble(t *testing.T) {
	t.Parallel()
	h := newHouse()
	ask(t, h.door().handler(), "manager", "PUT", "/api/v1/webhooks/web-riv/state", `{"disabled":false}`)
	if w := h.webhooks["web-riv"]; w.Disabled || w.Problem != nil || w.Secret != canary {
		t.Errorf("%+v", w)
	}
}

func TestAStoryShowsWhatTheBranchSeesOfIt(t *testing.T) {
	t.Parallel()
	h := newHouse()
	if a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/stories/sto-riv", ""); a.Code != 200 || !strings.Contains(a.Body.String(), `"voices":["`+h.sources["src-riv"].Press()+`"]`) {
		t.Errorf("who speaks in it: %d %s", a.Code, a.Body)
	}
	e := h.entries["ent-riv"]
	e.SourceID = "src-mont"
	h.entries["ent-riv"] = e
	if a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/stories/sto-riv", ""); a.Code != 404 {
		t.Errorf("a story told only elsewhere: %d", a.Code)
	}
	h.fail = errors.New("down")
	if a := ask(t, h.door().handler(), "manager", "GET", "/api/v1/stories/sto-riv", ""); a.Code != 500 {
		t.Errorf("a store that fails: %d", a.Code)
	}
}

func TestMeTellsWhoseTokenItIsAndItsCalendar(t *testing.T) {
	t.Parallel()
	door := newHouse().door().handler()
	a := ask(t, door, "reader", "GET", "/api/v1/me", "")
	var me struct {
		User     veille.User
		Scope    []string
		Calendar string
	}
	a.json(&me)
	if me.User.ID != "reader" || !slices.Equal(me.Scope, []string{"riv", "mvt"}) {
		t.Errorf("%s", a.Body)
	}
	if a := ask(t, door, "", "GET", strings.TrimPrefix(me.Calendar, "https://veilleur.example"), ""); a.Code != 200 {
		t.Errorf("%s: %d", me.Calendar, a.Code)
	}
}

// TestEveryListIsThereWhenThereIsNothing asks an empty house.
func TestEveryListIsThereWhenThereIsNothing(t *testing.T) {
	t.Parallel()
	full := newHouse()
	h := &house{users: full.users, branches: full.branches}
	for _, o := range ops() {
		if o.method != "GET" || o.id != "" || o.path == "/sources.opml" {
			continue
		}
		if a := o.ask(t, h, "manager", ""); a.Code != 200 || strings.Contains(a.Body.String(), "null") {
			t.Errorf("%s: %d %s", o.path, a.Code, a.Body)
		}
	}
}
