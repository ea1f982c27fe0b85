package veille

import (
	"testing"
	"time"
)

func TestTheConditionOfASource(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	ago := func(hours float64) time.Time { return now.Add(-time.Duration(hours * float64(time.Hour))) }
	says := Say("crawler.fetch.missing")
	for name, tt := range map[string]struct {
		s    Source
		want Condition
	}{
		"read and giving":            {Source{Health: Health{OKAt: now, EntryAt: ago(2)}}, Condition{Is: ConditionWell}},
		"not read yet":               {Source{}, Condition{Is: ConditionNew}},
		"read in part":               {Source{Health: Health{OKAt: now, EntryAt: now, Problem: &says}}, Condition{Is: ConditionShaky}},
		"failing for an hour":        {Source{Health: Health{OKAt: ago(30), Failures: 1, FailingSince: ago(1)}}, Condition{ConditionShaky, ago(1), ago(1)}},
		"failing since the night":    {Source{Health: Health{OKAt: ago(30), Failures: 3, FailingSince: ago(7)}}, Condition{ConditionBroken, ago(7), ago(1)}},
		"failing from an older time": {Source{Health: Health{OKAt: ago(30), Failures: 3}}, Condition{ConditionBroken, ago(30), ago(24)}},
		"never read":                 {Source{CreatedAt: ago(40), Health: Health{Failures: 5}}, Condition{ConditionBroken, ago(40), ago(34)}},
		"mute for a hundred hours":   {Source{Health: Health{OKAt: now, EntryAt: ago(100)}}, Condition{ConditionMute, ago(100), ago(28)}},
		"mute by its own rhythm":     {Source{Health: Health{OKAt: now, EntryAt: ago(100), Rhythm: 24 * 60}}, Condition{ConditionMute, ago(100), ago(4)}},
		"due for a day and more":     {Source{Health: Health{OKAt: ago(26), EntryAt: ago(26), DueAt: ago(25)}}, Condition{ConditionLate, ago(25), ago(1)}},
		"ended":                      {Source{State: SourceEnded, Health: Health{FetchedAt: ago(5), Failures: 1}}, Condition{ConditionEnded, ago(5), ago(5)}},
		"paused, whatever else":      {Source{State: SourcePaused, Health: Health{Failures: 9}}, Condition{Is: ConditionPaused}},
	} {
		got := tt.s.Condition(now)
		if got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
		if got.NeedsMending() != (tt.want.Is == ConditionBroken || tt.want.Is == ConditionEnded) || got.From.After(now) {
			t.Errorf("%s: needs mending %v, from %v", name, got.NeedsMending(), got.From)
		}
	}
}
