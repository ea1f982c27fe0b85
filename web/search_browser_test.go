package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestSearchAsOneTypesInARealBrowser types, ticks a box and opens a why: what
// was found, the address and the focus follow.
func TestSearchAsOneTypesInARealBrowser(t *testing.T) {
	browserTools(t)
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	srv := httptest.NewServer(s)
	defer srv.Close()
	tab := newTab(t, srv.URL)
	tab.run(t,
		chromedp.Navigate(srv.URL+"/connexion"),
		chromedp.SendKeys(chromedp.CSS("#f-email"), "ana@exemple.ca"), chromedp.SendKeys(chromedp.CSS("#f-password"), phrase+"\n"),
		chromedp.WaitVisible(chromedp.CSS(".side")))
	tab.wear(t, looks()[0])
	tab.run(t,
		chromedp.Navigate(srv.URL+"/veille"),
		chromedp.SendKeys(chromedp.CSS("#f-q"), "fermer"), chromedp.WaitVisible(chromedp.CSS("#found .hit mark")))
	state := func() string {
		return ask(t, tab, chromedp.Evaluate[string](`location.search + " " + document.activeElement.id + " " + document.querySelectorAll(".hit").length`))
	}
	// htmx writes the address once what it found stands: each look is a round
	// trip to the browser.
	settled := func(is func(string) bool) (got string, ok bool) {
		for end := time.Now().Add(5 * time.Second); !ok && time.Now().Before(end); {
			got = state()
			ok = is(got)
		}
		return got, ok
	}
	exactly := func(want string) func(string) bool { return func(got string) bool { return got == want } }
	if got, ok := settled(exactly("?q=fermer f-q 1")); !ok {
		t.Errorf("typed: %s", got)
	}
	tab.run(t, chromedp.Click(chromedp.CSS("#b-ton-negative")), chromedp.WaitVisible(chromedp.CSS(`.under a[href="/veille?q=fermer"]`)))
	if got, ok := settled(exactly("?q=fermer&ton=negative b-ton-negative 1")); !ok {
		t.Errorf("ticked: %s", got)
	}
	tab.run(t, chromedp.Click(chromedp.CSS(".why summary")), chromedp.WaitVisible(chromedp.CSS(".whybox mark")))
	tab.run(t, chromedp.SendKeys(chromedp.CSS("#f-q"), " OU ("), chromedp.WaitVisible(chromedp.CSS(".slip mark")))
	if got, ok := settled(func(got string) bool { return strings.HasPrefix(got, "?q=fermer+OU+%28&ton=negative f-q") }); !ok {
		t.Errorf("mistaken: %s", got)
	}
}
