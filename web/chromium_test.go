package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"veilleur/index/relevance"
	"veilleur/internal/veille"
)

// seenPages lists every page a signed-in person can open. A page adds its line.
func seenPages() []string {
	return []string{"/", "/reglages", "/reglages/profil", "/bienvenue/sujets", "/bienvenue/sources", "/bienvenue/lecture", "/nulle-part", "/essai",
		"/idees", "/calendrier", "/calendrier?semaine=2026-11-30", "/calendrier?vue=liste", "/calendrier/nouvelle?idee=i1", "/calendrier/p1", "/calendrier/p2", "/calendrier/p4", "/calendrier/p6", "/calendrier/p7",
		"/crises", "/crises/i1", "/objectifs",
		"/veille", "/veille?q=fermer+OU+frigo&du=2026-11-22", "/veille?q=(fermer", "/veille/formulaire", "/veille/sujet?q=fermer", "/veille/pas-nous?article=e2&sujet=t1", "/veille/cachees?sujet=t1",
		"/veille/recherches", "/nouvelles/st1", "/nouvelles/st1/corriger?q=frigo", "/articles/e2?q=fermer",
		"/reglages/sources", "/reglages/sources?genre=feed", "/reglages/sources/s2", "/reglages/sources/s3", "/reglages/sources/s5", "/reglages/sources/ajouter", "/reglages/sources/ajouter/alerte", "/reglages/sources/ajouter/actualites", "/reglages/sources/ajouter/reddit", "/reglages/sujets", "/reglages/sujets/nouveau", "/reglages/sujets/t1", "/reglages/canaux", "/reglages/canaux/c1",
		"/reglages/canaux/c2", "/reglages/courriel", "/reglages/avertissements", "/reglages/avertissements/w1", "/reglages/equipe", "/reglages/jetons", "/reglages/etat", "/desabonnement"}
}

// looks are the ways a page is seen.
func looks() []look {
	return []look{
		{"desk", 1440, 1000, "light"},
		{"night", 1440, 1000, "dark"},
		{"phone", 390, 844, "light"},
	}
}

type look struct {
	name          string
	width, height int64
	scheme        string
}

// TestPagesInARealBrowser opens each page in chromium, on a desk, at night and
// on a phone: no rule of WCAG 2.2 AA that axe knows is broken, the content
// policy refuses nothing, no request leaves the machine, and nothing is wider
// than the screen. VEILLEUR_SHOTS=folder keeps the pictures.
func TestPagesInARealBrowser(t *testing.T) {
	axe := browserTools(t)
	deps := testDeps(ana("fr"))
	deps.Shell = fakeShell{Shell{Ideas: 6, Live: 1, Grave: 1, Level: veille.LevelEscalate, Sources: 41, ReadAt: morning.Add(-2 * time.Hour), Silent: 2}}
	news := newFakeNews()
	news.judgeOf()
	news.said = []veille.Correction{{TopicID: "t1", EntryID: "e2", Kind: veille.CorrectTone, Value: "neutral", Title: "Heures réduites", At: morning}}
	news.learned = []relevance.Lesson{{Word: "pelle", Times: 2}}
	deps.News = news.deps()
	s := newTestServer(t, deps, Config{})
	s.get("/essai", func(v *visit) error { return v.page(200, page{Title: "Essai", Nav: "watch"}, everyPart(v)) })
	srv := httptest.NewServer(s)
	defer srv.Close()
	tab := newTab(t, srv.URL)
	tab.run(t, chromedp.Navigate(srv.URL+"/connexion"))
	tab.check(t, "/connexion", looks()[0], axe)
	tab.run(t,
		chromedp.SendKeys(chromedp.CSS("#f-email"), "ana@exemple.ca"), chromedp.SendKeys(chromedp.CSS("#f-password"), phrase+"\n"),
		chromedp.WaitVisible(chromedp.CSS(".side")))
	for _, l := range looks() {
		tab.wear(t, l)
		for _, path := range seenPages() {
			tab.run(t, chromedp.Navigate(srv.URL+path))
			tab.check(t, path, l, axe)
		}
	}
	tab.run(t, chromedp.Navigate(srv.URL+"/essai"), chromedp.Click(chromedp.CSS(".more summary")),
		chromedp.WaitVisible(chromedp.CSS(`.more a[href="/objectifs"]`)))
	tab.check(t, "/essai-plus", looks()[2], axe)
	tab.wear(t, looks()[0])
	tab.run(t, chromedp.Navigate(srv.URL+"/essai"), chromedp.Click(chromedp.CSS(".danger")), chromedp.WaitVisible(chromedp.CSS("#confirm")))
	tab.check(t, "/essai-confirmer", looks()[0], axe)
	tab.run(t, chromedp.Navigate(srv.URL+"/bienvenue/lecture"), chromedp.WaitVisible(chromedp.CSS("#reading[hx-get]")))
	deps.Setup.(*fakeSetup).done.Store(true)
	tab.run(t, chromedp.WaitVisible(chromedp.CSS("#reading:not([hx-get]) .pri"))) // htmx asked again
	tab.run(t, chromedp.Navigate(srv.URL+"/reglages"), chromedp.KeyEvent("/"))
	if focused := ask(t, tab, chromedp.Evaluate[string](`document.activeElement.name`)); focused != "q" {
		t.Errorf("the slash went to %q, want the search box", focused)
	}
}

// browserTools gives the source of axe, and skips, or in CI fails, where
// chromium or the built assets are absent.
func browserTools(t *testing.T) string {
	t.Helper()
	missing := ""
	if _, err := exec.LookPath("chromium"); err != nil {
		missing = "chromium is not installed"
	}
	axe, err := os.ReadFile("assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing = "the assets were not built: make assets"
	}
	if missing != "" && os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	if missing != "" {
		t.Skip(missing)
	}
	return string(axe)
}

// A tab is one page of chromium and what it complained of.
type tab struct {
	ctx  context.Context
	home string

	mu         sync.Mutex
	complaints []string
}

func newTab(t *testing.T, home string) *tab {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
	b := &tab{ctx: ctx, home: home}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.run(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		return err
	}))
	return b
}

// hear notes what the browser refuses, what breaks in a script, and every
// request that would leave the machine.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			b.complaints = append(b.complaints, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.home+"/") && !strings.HasPrefix(u, "data:") && u != "about:blank" {
			b.complaints = append(b.complaints, "asked "+u)
		}
	}
}

func (b *tab) run(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ask(t, b, chromedp.Steps(steps...))
}

// ask runs one action, which has a minute.
func ask[T any](t *testing.T, b *tab, a chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	got, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (b *tab) wear(t *testing.T, l look) {
	t.Helper()
	b.run(t, chromedp.EmulateViewport(l.width, l.height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}},
		})
		return err
	}))
}

// check judges the page that is open.
func (b *tab) check(t *testing.T, path string, l look, axe string) {
	t.Helper()
	b.run(t, chromedp.Evaluate[chromedp.Void](axe))
	report := ask(t, b, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
	var broken []struct {
		ID    string
		Nodes []struct {
			HTML           string
			FailureSummary string
		}
	}
	if err := json.Unmarshal([]byte(report), &broken); err != nil {
		t.Fatal(err)
	}
	for _, rule := range broken {
		for _, n := range rule.Nodes {
			t.Errorf("%s (%s): %s: %s\n%s", path, l.name, rule.ID, n.HTML, n.FailureSummary)
		}
	}
	if wide := ask(t, b, chromedp.Evaluate[[]string](tooWide)); len(wide) > 0 {
		t.Errorf("%s (%s): wider than the screen: %s", path, l.name, wide)
	}
	b.mu.Lock()
	for _, c := range b.complaints {
		t.Errorf("%s (%s): %s", path, l.name, c)
	}
	b.complaints = nil
	b.mu.Unlock()
	b.shoot(t, path, l)
}

const axeRun = `document.fonts.ready.then(() => axe.run(document, {resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})).then(r => JSON.stringify(r.violations))`

const tooWide = `document.documentElement.scrollWidth <= innerWidth ? [] :
	[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 120))`

func (b *tab) shoot(t *testing.T, path string, l look) {
	t.Helper()
	dir := os.Getenv("VEILLEUR_SHOTS")
	if dir == "" {
		return
	}
	png := ask(t, b, chromedp.CaptureScreenshot())
	name := fmt.Sprintf("%s-%s.png", strings.Trim(strings.ReplaceAll(path, "/", "_"), "_"), l.name)
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
