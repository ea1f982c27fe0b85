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

	"veilleur/internal/measure"
)

func TestAVolumeTellsASpikeOnceAndNoDailyNoon(t *testing.T) {
	t.Parallel()
	var v Volume
	at := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	var spikes []time.Time
	burst := at.Add(9*24*time.Hour + 3*time.Hour)
	for i := range 17 * 288 {
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
	if len(v.past) > 15*288 {
		t.Errorf("%d readings kept", len(v.past))
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
	var all []measure.Series
	weeks := 0.0
	for _, f := range files {
		s := readSeries(t, f)
		for _, w := range windows["realTweets/"+filepath.Base(f)] {
			s.Windows = append(s.Windows, [2]time.Time{nabTime(t, w[0]), nabTime(t, w[1])})
		}
		all, weeks = append(all, s), weeks+s.Weeks()
		one, n := measure.NAB(s)
		t.Logf("%s: NAB %.1f, %d false alerts", filepath.Base(f), one, n)
	}
	score, alerts := measure.NAB(all...)
	t.Logf("spikes of five brands: NAB score %.1f (standard profile), %.2f false alerts a topic a week", score, float64(alerts)/weeks)
	if score < 80 || float64(alerts)/weeks > .3 {
		t.Errorf("NAB score %.1f, %.2f false alerts a topic a week", score, float64(alerts)/weeks)
	}
}

func nabTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateTime, strings.TrimSuffix(s, ".000000"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// readSeries gives one brand's counts with what is said of each.
func readSeries(t *testing.T, file string) (s measure.Series) {
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
	var v Volume
	for _, r := range rows[1:] {
		n, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		at := nabTime(t, r[0])
		s.At, s.Score = append(s.At, at), append(s.Score, v.Add(at, n))
	}
	return s
}
