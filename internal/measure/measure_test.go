package measure

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"veilleur/internal/veille"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 5e-5 || math.IsNaN(got) {
		t.Errorf("%s is %.5f, want %.5f", what, got, want)
	}
}

func TestAGroupingIsScoredByThingsAndByPairs(t *testing.T) {
	t.Parallel()
	got, gold := strings.Fields("a a a b b"), strings.Fields("x x y y y")
	f := BCubed(got, gold) // 2/3 2/3 1/3 1 1; 1 1 1/3 2/3 2/3
	near(t, "BCubed precision", f.Precision, 11./15)
	near(t, "BCubed recall", f.Recall, 11./15)
	near(t, "BCubed F1", f.F1, 11./15)
	alone := BCubed(strings.Fields("a b c d e"), gold)
	near(t, "precision of each alone", alone.Precision, 1)
	near(t, "recall of each alone", alone.Recall, (1./2+1./2+1./3+1./3+1./3)/5)
	p := Pairs(got, gold, nil) // said 3 + 1, gold 1 + 3, both 2
	near(t, "pair precision", p.Precision, .5)
	near(t, "pair recall", p.Recall, .5)
	lang := strings.Fields("fr en fr fr en") // across languages: said 1-2 2-3 4-5, gold 1-2 3-5 4-5
	p = Pairs(got, gold, func(i, j int) bool { return lang[i] != lang[j] })
	near(t, "pair F1 across languages", p.F1, 2./3)
	if (BCubed(nil, nil) != Found{}) || (Pairs(nil, nil, nil) != Found{}) {
		t.Error("of nothing, nothing is scored")
	}
}

func TestClassesAreScoredOneByOneAndTogether(t *testing.T) {
	t.Parallel()
	var c Classes
	for _, a := range []string{"neg neg", "neg neg", "neg pos", "neu neu", "pos pos", "pos neu"} {
		gold, got, _ := strings.Cut(a, " ")
		c.Add(gold, got)
	}
	near(t, "negative precision", c.Of("neg").Precision, 1)
	near(t, "negative recall", c.Of("neg").Recall, 2./3)
	near(t, "negative F1", c.Of("neg").F1, .8)
	near(t, "macro-F1", c.Macro("neg", "neu", "pos"), (.8+2./3+.5)/3)
	near(t, "accuracy", c.Accuracy(), 4./6)
	near(t, "accuracy of none", new(Classes).Accuracy(), 0)
}

func TestPhrasesAreScoredByTheFirstTen(t *testing.T) {
	t.Parallel()
	var p Phrases
	p.Add(strings.Fields("a b c d"), strings.Fields("a c z")) // P 1/2, R 2/3
	near(t, "F1@10", p.F1At10(), 4./7)
	near(t, "P@5", p.PrecisionAt5(), 2./5)
	p.Add(strings.Fields("n n n n n a 7 8 9 10 b"), strings.Fields("n n a b")) // the eleventh is not looked at; twice counts once
	near(t, "mean F1@10", p.F1At10(), (4./7+2*.2*(2./3)/(.2+2./3))/2)
	near(t, "mean P@5", p.PrecisionAt5(), (2./5+1./5)/2)
	if p.Texts() != 2 {
		t.Errorf("%d texts", p.Texts())
	}
}

// watched is a hundred readings a minute apart with alerts at some, and one
// event from the 50th to the 59th.
func watched(alerts ...int) Series {
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	s := Series{Score: make([]float64, 100)}
	for i := range 100 {
		s.At = append(s.At, start.Add(time.Duration(i)*time.Minute))
	}
	s.Windows = [][2]time.Time{{s.At[50], s.At[59]}}
	for _, a := range alerts {
		s.Score[a] = Alert
	}
	return s
}

func TestSpikesAreScoredByTheStandardProfile(t *testing.T) {
	t.Parallel()
	sig := func(y float64) float64 { return 2/(1+math.Exp(5*y)) - 1 }
	near(t, "the sigmoid at the start", sig(-1), .986614)
	for name, c := range map[string]struct {
		alerts []int
		want   float64
		wrong  int
	}{
		"nothing said is 0":                               {nil, 0, 0},
		"an event found at once is 100":                   {[]int{50}, 100, 0},
		"the first alert of a window alone counts":        {[]int{50, 55, 59}, 100, 0},
		"a late one counts less":                          {[]int{59}, 62.4121, 0}, // .244919 ÷ .986614
		"a false alert before any event costs .11":        {[]int{20, 50}, 94.5, 1},
		"one after an event costs by its distance":        {[]int{50, 68}, 94.57362, 1}, // one window later: .11 × −.986614
		"one long after costs .11":                        {[]int{50, 99}, 94.5, 1},
		"the first 15 % are not scored":                   {[]int{14, 50}, 100, 0},
		"missing the event with a false alert is below 0": {[]int{20}, -5.5, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, wrong := NAB(watched(c.alerts...))
			near(t, "NAB", got, c.want)
			if wrong != c.wrong {
				t.Errorf("%d false alerts", wrong)
			}
		})
	}
	got, _ := NAB(watched(50), watched())
	near(t, "one event of two", got, 50)
	near(t, "weeks", watched().Weeks(), 99./60/24/7)
}

func TestReplaysAreScoredByWhatWasSaidInTime(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	day := func(n float64) time.Time { return start.Add(time.Duration(n * 24 * float64(time.Hour))) }
	at := func(n float64) *time.Time { t := day(n); return &t }
	crisis := Replay{Topics: []string{"a"}, From: start, To: day(40), Truth: Truth{TopicID: "a", Onset: at(30), FlagBy: at(30.5), ReviewBy: at(30.25),
		MaxBefore: "review", Evidence: []string{"Fermeture", "pétition"}}}
	calm := Replay{Topics: []string{"a", "b"}, From: start, To: day(30), Truth: Truth{TopicID: "a", MaxAllowed: "watch"}}
	var y Replays
	y.Add(crisis, []Change{{At: day(29), Topic: "a", Level: veille.LevelReview, Said: "une pétition"},
		{At: day(30.125), Topic: "a", Level: veille.LevelReview}, {At: day(30.25), Topic: "a", Level: veille.LevelEscalate, Said: "la FERMETURE"}})
	y.Add(crisis, []Change{{At: day(10), Topic: "a", Level: veille.LevelCrisis}, {At: day(11), Topic: "a", Level: veille.LevelNone},
		{At: day(31), Topic: "a", Level: veille.LevelEscalate, Said: "une petition contre la fermeture"}})
	y.Add(crisis, nil)
	y.Add(calm, []Change{{At: day(3), Topic: "a", Level: veille.LevelReview}, {At: day(4), Topic: "b", Level: veille.LevelEscalate}})
	want := Replays{Crises: 3, Caught: 1, Late: 1, Missed: 1, Reviews: 3, Reviewed: 1, FalseFlags: 2, Quiet: 150 * 24 * time.Hour, Over: 2, Evidence: 6, Shown: 3}
	if diff := cmp.Diff(want, y, cmpopts.IgnoreUnexported(Replays{})); diff != "" {
		t.Error(diff)
	}
	near(t, "recall", y.Recall(), 1./3)
	near(t, "months", y.Months(), 150*24/730.5)
	near(t, "false flags a month", y.FalseFlagsAMonth(), 2*730.5/(150*24))
	if d := y.Delay(); d != 24*time.Hour {
		t.Errorf("median delay %v of 6 h, 24 h and never", d)
	}
	if z := new(Replays); z.Delay() != 0 || z.Recall() != 0 || z.FalseFlagsAMonth() != 0 {
		t.Error("of nothing")
	}
}
