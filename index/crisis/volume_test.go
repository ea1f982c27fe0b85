package crisis

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestAVolumeTellsASpikeOnceAndNoDailyNoon(t *testing.T) {
	t.Parallel()
	var v Volume
	at := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	var spikes []time.Time
	burst := at.Add(9*24*time.Hour + 3*time.Hour)
	for i := range 12 * 288 {
		now := at.Add(time.Duration(i) * 5 * time.Minute)
		n := 4 + float64(i%3)
		if h := now.Hour(); h == 12 { // every noon has four times as much
			n *= 4
		}
		if d := now.Sub(burst); d >= 0 && d < 2*time.Hour {
			n += 90
		}
		s := v.Add(now, n)
		if s < 0 || s > 1 || math.IsNaN(s) {
			t.Fatalf("score %v", s)
		}
		if s >= .5 && i > 2*288 {
			spikes = append(spikes, now)
		}
	}
	if len(spikes) != 1 || spikes[0].Before(burst) || spikes[0].After(burst.Add(30*time.Minute)) {
		t.Errorf("spikes at %v, want one within half an hour of %v", spikes, burst)
	}
	if len(v.at) > 9*288 {
		t.Errorf("%d readings kept", len(v.at))
	}
}

func TestSpikesOnShared(t *testing.T) {
	t.Parallel()
	root := "../../../shared/data/spikes/nab"
	files, _ := filepath.Glob(root + "/data/realTweets/*.csv")
	if len(files) == 0 {
		t.Skip("skipped: no data/spikes in ../shared")
	}
	var windows map[string][][2]string
	b, err := os.ReadFile(root + "/labels/combined_windows.json")
	if err == nil {
		err = json.Unmarshal(b, &windows)
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, events, alerts, weeks := 0.0, 0.0, 0, 0.0
	for _, f := range files {
		s := readSeries(t, f)
		for _, w := range windows["realTweets/"+filepath.Base(f)] {
			s.windows = append(s.windows, [2]time.Time{nabTime(t, w[0]), nabTime(t, w[1])})
		}
		r, n := s.score()
		raw, events, alerts = raw+r, events+float64(len(s.windows)), alerts+n
		weeks += s.at[len(s.at)-1].Sub(s.at[0]).Hours() / 24 / 7
		t.Logf("%s: NAB %.1f, %d false alerts", filepath.Base(f), 100*(r+float64(len(s.windows)))/(2*float64(len(s.windows))), n)
	}
	score := 100 * (raw + events) / (2 * events)
	t.Logf("spikes of five brands: NAB score %.1f (standard profile), %.2f false alerts a topic a week", score, float64(alerts)/weeks)
	if score < 74 {
		t.Errorf("NAB score %.1f", score)
	}
}

// A series is one brand's counts, and when something happened.
type series struct {
	at      []time.Time
	n       []float64
	windows [][2]time.Time
}

func nabTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateTime, strings.TrimSuffix(s, ".000000"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func readSeries(t *testing.T, file string) (s series) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		n, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		s.at, s.n = append(s.at, nabTime(t, r[0])), append(s.n, n)
	}
	return s
}

// score is the raw score of the standard profile of the Numenta Anomaly
// Benchmark (Lavin and Ahmad, ICMLA 2015): the earliest alert in a window
// counts up to 1, a missed window -1, a false alert down to -.11.
func (s series) score() (raw float64, falseAlerts int) {
	sigmoid := func(p float64) float64 {
		if p > 3 {
			return -1
		}
		return 2/(1+math.Exp(5*p)) - 1
	}
	index := func(t time.Time) float64 { // of the last reading not after t
		n := 0
		for n+1 < len(s.at) && !s.at[n+1].After(t) {
			n++
		}
		return float64(n)
	}
	probation := math.Min(.15*float64(len(s.at)), .15*5000)
	found := make([]bool, len(s.windows))
	var v Volume
	for i, at := range s.at {
		if v.Add(at, s.n[i]) < .5 || float64(i) < probation {
			continue
		}
		last, inside := -1, -1
		for w, win := range s.windows {
			if !at.Before(win[0]) && !at.After(win[1]) {
				inside = w
			} else if at.After(win[1]) {
				last = w
			}
		}
		switch {
		case inside >= 0 && !found[inside]:
			win := s.windows[inside]
			end := index(win[1])
			width := end - index(win[0]) // the reading at its start is inside
			raw += sigmoid(-(end-float64(i)+1)/(width+1)) / sigmoid(-1)
			found[inside] = true
		case inside >= 0:
		case last < 0:
			raw, falseAlerts = raw-.11, falseAlerts+1
		default:
			win := s.windows[last]
			raw += .11 * sigmoid((float64(i)-index(win[1]))/(index(win[1])-index(win[0])))
			falseAlerts++
		}
	}
	for _, f := range found {
		if !f {
			raw--
		}
	}
	return raw, falseAlerts
}
