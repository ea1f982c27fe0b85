package engine

import (
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestWhatWouldBringTheScoreDownAndWhatEachSensitivityWouldHaveRaised(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	b.judge.now = func() time.Time { return morning }
	topic := must(b.Topic(t.Context(), b.topic))(b.house)

	o := must(b.judge.Outlook(t.Context(), topic))(b.house)
	i := b.live(b.topic)
	b.same("a fall for each signal", len(o.Falls), len(i.Signals))
	for _, f := range o.Falls {
		if f.Half.IsZero() || f.Gone.Before(f.Half) {
			t.Errorf("%s of %.1f points falls by half at %v and is gone at %v", f.Kind, f.Now, f.Half, f.Gone)
		}
	}
	last := o.Levels[len(o.Levels)-1]
	if last.Level != veille.LevelNone || last.At.Sub(morning) > 9*24*time.Hour {
		t.Errorf("it ends %+v", o.Levels)
	}
	if o.Levels[0].Level.Rank() >= i.Level.Rank() {
		t.Errorf("it falls first to %s from %s", o.Levels[0].Level, i.Level)
	}

	rs := must(b.judge.Rehearse(t.Context(), topic))(b.house)
	b.same("three words", len(rs), 3)
	for n, r := range rs {
		if n > 0 && len(r.Raised) < len(rs[n-1].Raised) {
			t.Errorf("%s raises less than %s", r.Sensitivity, rs[n-1].Sensitivity)
		}
	}
	b.same("alert raised it", len(rs[2].Raised), 1)
	b.same("nothing was written", b.live(b.topic).JudgedAt, i.JudgedAt)
}
