package crisis_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/index/crisis"
	"veilleur/index/text"
	"veilleur/internal/replay"
	"veilleur/internal/veille"
)

// A labelled replay is a timeline and what a careful person would have said
// of it. Its form is that of crisis-replay's README.
type labelled struct {
	replay.Replay
	ID    string `json:"id"`
	Truth struct {
		TopicID         string     `json:"topic_id"`
		InheritedBy     []string   `json:"inherited_by"`
		Onset           *time.Time `json:"onset"`
		FlagBy          *time.Time `json:"should_flag_by"`
		ReviewBy        *time.Time `json:"review_by"`
		ResolvedBy      *time.Time `json:"resolved_by"`
		Peak            string     `json:"peak_level"`
		MaxBefore       string     `json:"max_level_before_onset"`
		MaxAllowed      string     `json:"max_level_allowed"`
		ExpectedEvident []string   `json:"expected_evidence"`
	} `json:"truth"`
}

func loadReplay(t *testing.T, path string) (r labelled) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return r
}

// A stage is what was said of each topic of one replay, and when.
type stage struct {
	changes map[string][]replay.Judgement
	peak    map[string]crisis.Verdict
	months  float64 // topic-months played
	inherit map[string]time.Time
}

func (r labelled) play(t *testing.T) stage {
	st := stage{changes: map[string][]replay.Judgement{}, peak: map[string]crisis.Verdict{}, inherit: map[string]time.Time{}}
	st.months = float64(len(r.Topics)) * r.Span().Hours() / 24 / 30.44
	err := replay.Play(r.Replay, func(j replay.Judgement) error {
		id := string(j.Topic.ID)
		if j.Verdict.Score > st.peak[id].Score {
			st.peak[id] = j.Verdict
		}
		if j.Verdict.Inherited && st.inherit[id].IsZero() {
			st.inherit[id] = j.At
		}
		if j.Changed {
			st.changes[id] = append(st.changes[id], j)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func sharedDir(t *testing.T, path string) string {
	t.Helper()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	p := filepath.Join(dir, "..", "shared", path)
	if _, err := os.Stat(p); err != nil {
		t.Skip("skipped: no " + path + " in ../shared")
	}
	return p
}

func rank(s string) int { return veille.Level(s).Rank() }

// A tally is the score of a set of replays, as crisis-replay's README defines.
type tally struct {
	crises, caught, late, missed int
	reviews, reviewed            int
	delays                       []time.Duration
	falses                       int
	months                       float64
	over                         []string
	inheritors, inherited        int
	evidence, shown              int
}

func (y *tally) add(r labelled, st stage) {
	y.months += st.months
	tr := r.Truth
	for _, tp := range r.Topics {
		prev := 0
		for _, c := range st.changes[tp.ID] {
			now := c.Level.Rank()
			before := tr.Onset == nil || c.At.Before(*tr.Onset)
			if before && now >= 3 && prev < 3 {
				y.falses++
			}
			limit := 4
			if tr.Onset == nil && tp.ID == tr.TopicID {
				limit = rank(tr.MaxAllowed)
			} else if before {
				limit = rank(tr.MaxBefore)
			}
			if now > limit && now > prev {
				y.over = append(y.over, fmt.Sprintf("%s %s %s at %s (%.0f) %q", r.ID, tp.ID, c.Level, c.At.Format("01-02 15:04"), c.Verdict.Score, c.Verdict.Title))
			}
			prev = now
		}
	}
	if tr.Onset == nil {
		return
	}
	y.crises++
	var flagged, reviewed time.Time
	for _, c := range st.changes[tr.TopicID] {
		if c.At.Before(*tr.Onset) {
			continue
		}
		if c.Level.Rank() >= 3 && flagged.IsZero() {
			flagged = c.At
		}
		if c.Level.Rank() >= 2 && reviewed.IsZero() {
			reviewed = c.At
		}
	}
	switch {
	case flagged.IsZero():
		y.missed++
	case flagged.After(*tr.FlagBy):
		y.late++
	default:
		y.caught++
	}
	if !flagged.IsZero() {
		y.delays = append(y.delays, flagged.Sub(*tr.Onset))
	} else {
		y.delays = append(y.delays, 1000*time.Hour)
	}
	if tr.ReviewBy != nil {
		y.reviews++
		if !reviewed.IsZero() && !reviewed.After(*tr.ReviewBy) {
			y.reviewed++
		}
	}
	y.inheritors += len(tr.InheritedBy)
	for _, b := range tr.InheritedBy {
		if at := st.inherit[b]; !at.IsZero() && !flagged.IsZero() && !at.After(flagged.Add(10*time.Minute)) {
			y.inherited++
		}
	}
	said := text.Fold(fmt.Sprint(st.peak[tr.TopicID].Signals))
	for _, e := range tr.ExpectedEvident {
		y.evidence++
		if strings.Contains(said, text.Fold(e)) {
			y.shown++
		}
	}
}

func (y *tally) log(t *testing.T) (recall, falses float64, median time.Duration) {
	recall = float64(y.caught) / float64(max(1, y.crises))
	falses = float64(y.falses) / y.months
	if len(y.delays) > 0 {
		slices.Sort(y.delays)
		median = y.delays[len(y.delays)/2]
	}
	t.Logf("recall %.2f (%d of %d, late %d, missed %d); reviewed in time %d of %d", recall, y.caught, y.crises, y.late, y.missed, y.reviewed, y.reviews)
	t.Logf("median delay %v of %v", median, y.delays)
	t.Logf("false flags %d in %.0f topic-months: %.3f a month", y.falses, y.months, falses)
	t.Logf("inherited %d of %d; expected evidence shown word for word %d of %d", y.inherited, y.inheritors, y.shown, y.evidence)
	for _, o := range y.over {
		t.Logf("over its limit: %s", o)
	}
	return recall, falses, median
}

func TestReplaysOnShared(t *testing.T) {
	t.Parallel()
	dir := sharedDir(t, "data/crisis-replay")
	if d := os.Getenv("VEILLEUR_REPLAY_DIR"); d != "" {
		dir = d
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	var y tally
	for _, p := range paths {
		r := loadReplay(t, p)
		st := r.play(t)
		y.add(r, st)
		if os.Getenv("VEILLEUR_REPLAY") != "" {
			st.log(t, r)
		}
	}
	recall, falses, median := y.log(t)
	if recall < .9 || falses > .3 || median > 2*time.Hour {
		t.Errorf("under the floor of recall .9, median 2 h, .3 false flags a topic-month")
	}
}

// log prints every change of level, to read what a judge thinks.
func (st stage) log(t *testing.T, r labelled) {
	t.Logf("=== %s onset %v flag by %v", r.ID, r.Truth.Onset, r.Truth.FlagBy)
	for id, cs := range st.changes {
		for _, c := range cs {
			t.Logf("  %s %s %-8s %5.1f %v %s", id, c.At.Format("01-02 15:04"), c.Level, c.Verdict.Score, brief(c.Verdict), c.Verdict.Title)
		}
		t.Logf("  %s peak %.1f %v", id, st.peak[id].Score, brief(st.peak[id]))
	}
}

func brief(v crisis.Verdict) string {
	var b strings.Builder
	for _, s := range v.Signals {
		fmt.Fprintf(&b, "%.3s %.0f ", s.Kind, s.Points)
		if s.Kind == "severity" {
			fmt.Fprintf(&b, "(%v) ", s.Reason.Args["words"])
		}
	}
	return b.String()
}
