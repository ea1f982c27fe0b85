package crisis_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// troubled is a quiet half-year with an outage, two weeks ago, told by three
// media, and one complaint two months ago. All of it was read today.
func troubled() crisis.Input {
	ms := quiet()
	for i, s := range []string{"L’Hebdo", "Radio", "Forum"} {
		ms = append(ms, said(fmt.Sprint("p", i), s, 2, 14*24*time.Hour-time.Duration(i)*time.Hour, "Panne à la Caisse de la Rivière : la colère monte", "Les guichets de la Caisse de la Rivière sont hors service, des membres dénoncent le silence de la direction."))
	}
	ms = append(ms, said("c", "Le Régional", 2, 60*24*time.Hour, "Plainte contre la Caisse de la Rivière", "Une enquête est ouverte."))
	for i := range ms {
		ms[i].Entry.Seen = noon
	}
	return crisis.Input{Topic: topic, Mentions: ms, Since: noon.Add(-26 * 7 * 24 * time.Hour)}
}

func TestASensitivityMovesTheThresholdOfWhatWouldHaveBeenRaised(t *testing.T) {
	t.Parallel()
	rs := crisis.Rehearse(troubled(), noon)
	var words []veille.Sensitivity
	for i, r := range rs {
		words = append(words, r.Sensitivity)
		if i > 0 && len(r.Raised) < len(rs[i-1].Raised) {
			t.Errorf("%s raises %d, less than %s", r.Sensitivity, len(r.Raised), rs[i-1].Sensitivity)
		}
		grave := 0
		for _, x := range r.Raised {
			if x.Score < crisis.Threshold(veille.LevelWatch, r.Sensitivity) {
				t.Errorf("%s raised at %.1f", r.Sensitivity, x.Score)
			}
			if x.Level.Rank() >= veille.LevelEscalate.Rank() {
				grave++
			}
		}
		if grave != 1 {
			t.Errorf("%s: %d grave incidents in %+v, want the outage", r.Sensitivity, grave, r.Raised)
		}
	}
	if diff := cmp.Diff([]veille.Sensitivity{veille.SensitivityCalm, veille.SensitivityNormal, veille.SensitivityAlert}, words); diff != "" {
		t.Error(diff)
	}
	if len(rs[2].Raised) == len(rs[0].Raised) {
		t.Errorf("alert raises no more than calm: %+v", rs[2].Raised)
	}
}

func TestAFalseAlarmLiftsTheThresholdsForHalfAYear(t *testing.T) {
	t.Parallel()
	m := said("1", "Le Régional", 2, time.Hour, "Plainte contre la Caisse de la Rivière", "Une enquête est ouverte.")
	in := crisis.Input{Topic: topic, Mentions: append(quiet(), m), Since: noon.Add(-26 * 7 * 24 * time.Hour)}
	score := crisis.Judge(in, noon).Score
	for n, want := range []float64{0, 3, 6, 8, 8} {
		if got := crisis.Lift(n); got != want {
			t.Errorf("%d false alarms lift by %v, want %v", n, got, want)
		}
	}
	told := func(ago time.Duration) (fs []veille.Incident) {
		for range 3 {
			fs = append(fs, veille.Incident{OpenedAt: noon.Add(-ago), ClosedAt: noon.Add(-ago)})
		}
		return fs
	}
	in.FalseAlarms = told(90 * 24 * time.Hour)
	recent := crisis.Judge(in, noon)
	in.FalseAlarms = told(300 * 24 * time.Hour)
	old := crisis.Judge(in, noon)
	if recent.Score != score || old.Score != score {
		t.Errorf("scores %.1f and %.1f, want %.1f: only thresholds move", recent.Score, old.Score, score)
	}
	if recent.Level.Rank() >= old.Level.Rank() {
		t.Errorf("level %s at %.1f after three false alarms, %s when they are forgotten", recent.Level, score, old.Level)
	}
}

func TestWhatIsToldTodayFallsWithinNineDays(t *testing.T) {
	t.Parallel()
	in := crisis.Input{Topic: topic, Since: noon.Add(-26 * 7 * 24 * time.Hour), Mentions: append(quiet(),
		said("1", "Le Régional", 2, time.Hour, "Fraude à la Caisse de la Rivière : un employé arrêté", "La police a arrêté un employé accusé d’avoir détourné des fonds."))}
	v := crisis.Judge(in, noon)
	in.Previous, _ = crisis.Apply(nil, topic, v, noon)
	o := crisis.Foresee(in, noon)
	if len(o.Falls) != len(v.Signals) || len(o.Levels) == 0 {
		t.Fatalf("%d falls for %d signals, levels %+v", len(o.Falls), len(v.Signals), o.Levels)
	}
	for i, f := range o.Falls {
		if f.Now != v.Signals[i].Points || f.Half.IsZero() || f.Gone.Before(f.Half) {
			t.Errorf("%+v for %s", f, v.Signals[i].Kind)
		}
	}
	rank := v.Level.Rank()
	for _, l := range o.Levels {
		if l.Level.Rank() >= rank {
			t.Errorf("falls to %s: %+v", l.Level, o.Levels)
		}
		rank = l.Level.Rank()
	}
	end := o.Levels[len(o.Levels)-1]
	if got := crisis.Judge(in, end.At).Level; end.Level != veille.LevelNone || got != veille.LevelNone {
		t.Errorf("foresees %s at %v; judged then it is %s", end.Level, end.At, got)
	}
}
