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
	tests := map[string]struct {
		s        veille.Source
		asks     veille.Minutes
		maxAge   time.Duration
		min, max time.Duration
	}{
		"a feed, hourly":                {feedSource, 0, 0, 60 * time.Minute, 66 * time.Minute},
		"an alert, every quarter":       {alertSource, 0, 0, 15 * time.Minute, 17 * time.Minute},
		"what a person set":             {veille.Source{Every: 10}, 0, 0, 10 * time.Minute, 11 * time.Minute},
		"what the feed asks":            {feedSource, 300, 0, 270 * time.Minute, 330 * time.Minute},
		"what the server says":          {feedSource, 0, 3 * time.Hour, 162 * time.Minute, 198 * time.Minute},
		"a short max-age never hurries": {feedSource, 0, time.Minute, 60 * time.Minute, 66 * time.Minute},
		"at most a day":                 {feedSource, 100000, 0, 21 * time.Hour, 27 * time.Hour},
	}
	for name, tt := range tests {
		for _, chance := range []float64{0, 0.3, 0.5, 0.999} {
			got := interval(tt.s, veille.Health{Asks: tt.asks}, tt.maxAge, chance)
			if got < tt.min || got > tt.max {
				t.Errorf("%s: %v at chance %v, want within %v and %v", name, got, chance, tt.min, tt.max)
			}
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
	if got := quiet(sunday, []int{23, 0, 1}, nil); !got.Equal(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("hours: %v", got)
	}
	if got := quiet(sunday, nil, []time.Weekday{time.Sunday}); !got.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("days: %v", got)
	}
	var all []int
	for h := range 24 {
		all = append(all, h)
	}
	if got := quiet(sunday, all, nil); !got.Equal(sunday) {
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
