package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// TestTheComposerCountsInTheBrowserAsOnTheServer types texts that networks
// count differently, and sees the warnings come and the hour follow the slot.
func TestTheComposerCountsInTheBrowserAsOnTheServer(t *testing.T) {
	browserTools(t)
	deps := testDeps(ana("fr"))
	desk := deps.Calendar.Posts.(*fakeDesk)
	for i, url := range []string{"https://facebook.com/c", "https://x.com/c", "https://bsky.app/profile/c", ""} {
		desk.channels = append(desk.channels, veille.Channel{ID: veille.ChannelID("k" + string(rune('1'+i))), BranchID: "b1", Network: veille.NetworkManual, Name: "Page", URL: url})
	}
	srv := httptest.NewServer(newTestServer(t, deps, Config{}))
	defer srv.Close()
	tab := newTab(t, srv.URL)
	tab.run(t, chromedp.Navigate(srv.URL+"/connexion"),
		chromedp.SendKeys(chromedp.CSS("#f-email"), "ana@exemple.ca"), chromedp.SendKeys(chromedp.CSS("#f-password"), phrase+"\n"),
		chromedp.WaitVisible(chromedp.CSS(".side")), chromedp.Navigate(srv.URL+"/calendrier/nouvelle"), chromedp.WaitVisible(chromedp.CSS("#f-text")))
	for _, text := range []string{"Été « chaud »… à l’aréna", "Une famille \U0001F469\u200D\U0001F467 et un drapeau \U0001F1E8\U0001F1E6", "voir https://exemple.ca/une/page?x=1 — 日本"} {
		got := ask(t, tab, chromedp.Evaluate[map[string]string](`(() => {
			const box = document.querySelector("#f-text");
			box.value = `+quotedJS(text)+`;
			box.dispatchEvent(new Event("input", {bubbles: true}));
			return Object.fromEntries([...document.querySelectorAll("[data-count]")].map(li => [li.dataset.channel, li.querySelector("[data-n]").textContent]));
		})()`))
		v := testVisit("fr")
		for _, ch := range desk.channels {
			if ch.BranchID != "b1" {
				continue
			}
			n, most := publish.Length(ch, text)
			if want := spaces(countWords(v, n, most)); spaces(got[string(ch.ID)]) != want {
				t.Errorf("%s on %q: %q, want %q", text, ch.URL, got[string(ch.ID)], want)
			}
		}
	}
	tab.run(t, chromedp.Navigate(srv.URL+"/calendrier/nouvelle?canal=c1&texte=x"),
		chromedp.SendKeys(chromedp.CSS("#f-text"), "Au comptoir de Saint-Rémi, "), chromedp.WaitVisible(chromedp.CSS(`#checks a[href="/crises/n1"]`)))
	day := ask(t, tab, chromedp.Evaluate[string](`(() => {
		const slot = document.querySelector("#f-slot");
		slot.value = "2026-11-30T12:00";
		slot.dispatchEvent(new Event("input", {bubbles: true}));
		const day = document.querySelector("#f-day").value;
		document.querySelector("#f-clock").dispatchEvent(new Event("input", {bubbles: true}));
		return day + " " + slot.value;
	})()`))
	if day != "2026-11-30 " {
		t.Errorf("the day and the slot are %q: the slot must set the day, and an hour of one's own unset the slot", day)
	}
}

// quotedJS writes s as a literal of a script.
func quotedJS(s string) string {
	return "`" + strings.NewReplacer("`", "\\`", "\\", "\\\\", "$", "\\$").Replace(s) + "`"
}

// spaces makes every space of a number the same.
func spaces(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
