package veille

import (
	"testing"
	"time"
)

func TestASourceIsMuteByItsOwnRhythm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	ago := func(days float64) time.Time { return now.Add(-time.Duration(days * 24 * float64(time.Hour))) }
	const day, month = Minutes(24 * 60), Minutes(30 * 24 * 60)
	for name, tt := range map[string]struct {
		h    Health
		mute bool
	}{
		"a daily after three days":                 {Health{OKAt: now, EntryAt: ago(3), Rhythm: day / 4}, false},
		"a daily after more":                       {Health{OKAt: now, EntryAt: ago(3.1), Rhythm: day / 4}, true},
		"a weekly after a fortnight":               {Health{OKAt: now, EntryAt: ago(14), Rhythm: 7 * day}, false},
		"a weekly after more than four weeks":      {Health{OKAt: now, EntryAt: ago(28.1), Rhythm: 7 * day}, true},
		"a monthly after three months":             {Health{OKAt: now, EntryAt: ago(90), Rhythm: month}, false},
		"of unknown rhythm, after more than three": {Health{OKAt: now, EntryAt: ago(4)}, true},
		"one that fails":                           {Health{OKAt: ago(1), EntryAt: ago(9), Failures: 2}, false},
		"one not read since its last entry":        {Health{OKAt: ago(9), EntryAt: ago(9)}, false},
		"one that never brought anything":          {Health{OKAt: now}, false},
	} {
		got := tt.h.MuteSince(now)
		if tt.mute && !got.Equal(tt.h.EntryAt) || !tt.mute && !got.IsZero() {
			t.Errorf("%s: mute since %v, want %v", name, got, tt.mute)
		}
	}
}
