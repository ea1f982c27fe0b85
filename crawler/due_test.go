package crawler

import (
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"veilleur/crawler/feed"
	"veilleur/internal/veille"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestTheMostPatientDecidesTheInterval(t *testing.T) {
	t.Parallel()
	feedSource, alertSource := veille.Source{Kind: veille.SourceFeed}, veille.Source{Kind: veille.SourceAlert}
	with, without := veille.Health{ETag: `"v"`}, veille.Health{}
	asks := func(h veille.Health, m veille.Minutes) veille.Health { h.Asks = m; return h }
	every := func(h veille.Health, m veille.Minutes) veille.Health { h.Rhythm = m; return h }
	tests := map[string]struct {
		s        veille.Source
		h        veille.Health
		maxAge   time.Duration
		min, max time.Duration
	}{
		"a feed of unknown rhythm, hourly":         {feedSource, with, 0, 60 * time.Minute, 66 * time.Minute},
		"an alert, every quarter":                  {alertSource, without, 0, 15 * time.Minute, 17 * time.Minute},
		"what a person set":                        {veille.Source{Every: 10}, with, 0, 10 * time.Minute, 11 * time.Minute},
		"what the feed asks":                       {feedSource, asks(with, 300), 0, 300 * time.Minute, 330 * time.Minute},
		"what the server says":                     {feedSource, with, 3 * time.Hour, 180 * time.Minute, 198 * time.Minute},
		"a short max-age never hurries":            {feedSource, with, time.Minute, 60 * time.Minute, 66 * time.Minute},
		"what is asked counts for a day at most":   {feedSource, asks(with, 100000), 0, 24 * time.Hour, 27 * time.Hour},
		"no validator, daily":                      {feedSource, without, 0, 24 * time.Hour, 27 * time.Hour},
		"no validator but set, hourly at most":     {veille.Source{Every: 10}, without, 0, 60 * time.Minute, 66 * time.Minute},
		"twenty entries a day, near the floor":     {feedSource, every(with, 72), 0, 60 * time.Minute, 66 * time.Minute},
		"one entry a day, a quarter of it":         {feedSource, every(with, 1440), 0, 324 * time.Minute, 396 * time.Minute},
		"one entry a month, near the ceiling":      {feedSource, every(with, 43200), 0, 21 * time.Hour, 27 * time.Hour},
		"an alert that brings one a day":           {alertSource, every(with, 1440), 0, 324 * time.Minute, 396 * time.Minute},
		"set by a person above what rhythm allows": {veille.Source{Every: 2880}, every(with, 60), 0, 48 * time.Hour, 53 * time.Hour},
	}
	for name, tt := range tests {
		for _, chance := range []float64{0, 0.3, 0.5, 0.999} {
			got := interval(tt.s, tt.h, tt.maxAge, chance)
			if got < tt.min || got > tt.max {
				t.Errorf("%s: %v at chance %v, want within %v and %v", name, got, chance, tt.min, tt.max)
			}
		}
	}
}

func TestTheRhythmOfASourceIsLearnt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	dated := func(ages ...time.Duration) (out []veille.Entry) {
		for _, a := range ages {
			out = append(out, veille.Entry{Published: now.Add(-a), Seen: now})
		}
		return out
	}
	health := func(since time.Duration, r veille.Minutes) veille.Health {
		return veille.Health{FetchedAt: now, EntryAt: now.Add(-since), Rhythm: r}
	}
	for name, tt := range map[string]struct {
		h     veille.Health
		fresh []veille.Entry
		want  veille.Minutes
	}{
		"the first time, its dates say":               {veille.Health{FetchedAt: now}, dated(81*hour, 24*hour, 5*hour, 3*hour, hour), 1200},
		"a few tell nothing":                          {veille.Health{FetchedAt: now}, dated(99*hour, 24*hour, 3*hour, hour), 0},
		"nor do entries without a date":               {veille.Health{FetchedAt: now}, dated(0, 0, 0, 0, 0, 0), 0},
		"nor entries of one moment":                   {veille.Health{FetchedAt: now}, dated(hour, hour, hour, hour, hour), 0},
		"then the first gap":                          {health(6*hour, 0), dated(hour), 360},
		"three at once are three gaps":                {health(6*hour, 120), dated(1, 2, 3), 120},
		"a longer gap moves it by a tenth":            {health(20*hour, 200), dated(1), 300},
		"many at once move it more":                   {health(10*hour, 1000), dated(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 388},
		"a known rhythm never becomes an unknown one": {health(time.Second, 1), dated(1), 1},
	} {
		if got := rhythm(tt.h, tt.fresh); got != tt.want {
			t.Errorf("%s: %d minutes, want %d", name, got, tt.want)
		}
	}
}

func TestFailuresBackOffFromAnHourToADay(t *testing.T) {
	t.Parallel()
	s := veille.Source{Kind: veille.SourceFeed}
	want := []time.Duration{1, 2, 4, 8, 16, 24, 24, 24}
	for i, h := range want {
		if got := backoff(s, i+1, 0, veille.ErrBusy, 0.5); got != h*time.Hour {
			t.Errorf("F18: failure %d: %v, want %v h", i+1, got, h)
		}
	}
	if got := backoff(s, 1, 0, veille.ErrDenied, 0.5); got != 24*time.Hour {
		t.Errorf("F25: refused: %v", got)
	}
	if got := backoff(s, 9, 90*time.Minute, veille.ErrBusy, 0.1); got != 90*time.Minute {
		t.Errorf("F14: Retry-After: %v", got)
	}
	if got := backoff(s, 1, time.Minute, errors.New("x"), 0); got != time.Hour {
		t.Errorf("F10: a short Retry-After does not hurry: %v", got)
	}
}

func TestQuietHoursAndDaysAreKept(t *testing.T) {
	t.Parallel()
	sunday := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	if got := quiet(sunday, veille.Health{SkipHours: []int{23, 0, 1}}); !got.Equal(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("hours: %v", got)
	}
	if got := quiet(sunday, veille.Health{SkipDays: []time.Weekday{time.Sunday}}); !got.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("days: %v", got)
	}
	var all []int
	for h := range 24 {
		all = append(all, h)
	}
	if got := quiet(sunday, veille.Health{SkipHours: all}); !got.Equal(sunday) {
		t.Errorf("a feed that leaves no hour is not believed: %v", got)
	}
}

func TestASourceNotFoundForAWeekIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("missing", "http://missing.test/rss")
	for range 9 {
		w.once(t, true)
		w.now = w.now.Add(25 * time.Hour)
	}
	if s := w.source("missing"); s.State != veille.SourceActive {
		t.Errorf("F25: over after %d failures", s.Health.Failures)
	}
	w.once(t, true)
	if s := w.source("missing"); s.State != veille.SourceEnded {
		t.Errorf("F25: not over after %d failures", s.Health.Failures)
	}
}

func TestDatesAreNeverAfterTheEntryWasSeen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	before, after, epoch := now.Add(-time.Hour), now.Add(time.Hour), time.Unix(0, 0)
	for _, tt := range []struct {
		e    feed.Entry
		want time.Time
	}{
		{feed.Entry{Published: before}, before},
		{feed.Entry{Published: after}, now},
		{feed.Entry{Published: after, Updated: before}, before},
		{feed.Entry{Published: epoch}, now},
		{feed.Entry{}, now},
	} {
		if got := published(tt.e, now); !got.Equal(tt.want) {
			t.Errorf("published(%+v) = %v, want %v", tt.e, got, tt.want)
		}
	}
}

func TestItemsWithoutANameStillHaveOne(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := veille.Source{ID: "s"}
	f := feed.Feed{Entries: []feed.Entry{
		{URL: "https://a.test/1", Title: "un"},
		{Title: "sans adresse"},
		{Text: "Un billet sans titre. Il continue.\nEncore."},
		{Title: "sans adresse"},
		{},
	}}
	got := entriesOf(s, "", f, now)
	var titles []string
	for _, e := range got {
		titles = append(titles, e.Title)
		if e.GUID == "" || e.ID != veille.NewEntryID("s", e.GUID) {
			t.Errorf("F33: %+v", e)
		}
	}
	if !slices.Equal(titles, []string{"un", "sans adresse", "Un billet sans titre. Il continue."}) {
		t.Errorf("titles %q", titles)
	}
}
