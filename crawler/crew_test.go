package crawler

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
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
