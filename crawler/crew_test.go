package crawler

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"veilleur/internal/veille"
)

func TestOneSlowHostHoldsAQuarterOfTheWorkers(t *testing.T) {
	t.Parallel()
	experiment(t, func(l *lab) {
		const sources, others = 20, 7
		for i := range sources {
			a := fmt.Sprintf("http://slow.example/%d", i)
			l.on(a, func(int, *http.Request) reply { return reply{body: rss("", "1"), wait: 8 * time.Second} })
			l.source(fmt.Sprint("a", i), a) // claimed before the others
		}
		for i := range others {
			a := fmt.Sprintf("http://host%d.example/rss", i)
			l.on(a, tagged(`"1"`, rss("", "1")))
			l.source(fmt.Sprint("b", i), a)
		}
		began := time.Now()
		done := make(chan Report)
		go func() {
			r, err := l.c.Once(l.Context(), false)
			if err != nil {
				l.Error(err)
			}
			done <- r
		}()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		for i := range others {
			if h := l.get(fmt.Sprint("b", i)).Health; h.OKAt.IsZero() {
				l.Errorf("host %d was not read while a slow one was", i)
			}
		}
		if r := <-done; r.Sources != sources+others || r.Failed > 0 {
			l.Errorf("%+v after %v", r, time.Since(began))
		}
		if n := len(l.seen("http://slow.example/*")); n < sources {
			l.Errorf("%d requests of the slow host", n)
		}
		l.Logf("all read in %v", time.Since(began))
	})
}

func TestASourceThatWaitedTooLongIsGivenBack(t *testing.T) {
	t.Parallel()
	var w crew
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	w.queue([]veille.Source{{ID: "a"}, {ID: "b"}}, at)
	w.queue([]veille.Source{{ID: "c"}}, at.Add(time.Minute))
	if late := w.late(at.Add(-1)); len(late) != 0 {
		t.Errorf("too early: %v", late)
	}
	if late := w.late(at); len(late) != 2 || late[1].ID != "b" || len(w.waiting) != 1 || w.waiting[0].source.ID != "c" {
		t.Errorf("given back %v, waiting %v", late, w.waiting)
	}
}

func TestASourceThatWaitedTooLongIsNotHandedToAWorker(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	w := crew{todo: make(chan veille.Source, 2), share: 2, busy: map[string]int{}}
	w.queue([]veille.Source{{ID: "late", URL: "http://a.example/1"}}, at)
	w.queue([]veille.Source{{ID: "soon", URL: "http://a.example/2"}}, at.Add(time.Minute))
	w.hand(t.Context(), func() time.Time { return at }, func(context.Context) {})
	if s := <-w.todo; s.ID != "soon" || len(w.todo) != 0 || len(w.waiting) != 1 {
		t.Errorf("handed %s and %d more, %d wait", s.ID, len(w.todo), len(w.waiting))
	}
}

func TestNoLeaseRunsOutBeforeASlowHost(t *testing.T) {
	t.Parallel()
	experiment(t, func(l *lab) {
		const sources = 100 // two at once, nine seconds each: longer than a lease
		for i := range sources {
			a := fmt.Sprintf("http://slow.example/%d", i)
			l.on(a, func(int, *http.Request) reply { return reply{body: rss("", "1"), wait: 9 * time.Second} })
			l.source(fmt.Sprint("a", i), a)
		}
		r, err := l.c.Once(l.Context(), false)
		if err != nil || r.Sources != sources || r.Failed > 0 {
			l.Errorf("%+v, %v", r, err)
		}
		if n := len(l.seen("http://slow.example/*")); n != sources+1 { // and robots.txt
			l.Errorf("%d requests for %d sources", n, sources)
		}
	})
}

func TestTheHostOfAnAddressEndsWhereItsPathBegins(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://echo.test/rss?a=/b":       "http://echo.test",
		"https://echo.test:8443":          "https://echo.test:8443",
		"http://echo.test?x":              "http://echo.test",
		"imaps://lea@poste.test:993/Lire": "imaps://lea@poste.test:993",
		"echo.test/rss":                   "echo.test/rss",
	} {
		if got := hostOf(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
