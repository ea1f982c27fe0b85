package crisis_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/measure"
	"veilleur/internal/replay"
	"veilleur/internal/veille"
)

// A labelled replay is a timeline and what a careful person would have said
// of it. Its form is that of crisis-replay's README.
type labelled struct {
	replay.Replay
	ID    string `json:"id"`
	Truth struct {
		measure.Truth
		InheritedBy []string `json:"inherited_by"`
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
	inherit map[string]time.Time
}

func (r labelled) play(t *testing.T) stage {
	st := stage{changes: map[string][]replay.Judgement{}, peak: map[string]crisis.Verdict{}, inherit: map[string]time.Time{}}
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

// A tally is the score of a set of replays, with the crises of the movement
// that its branches were told of.
type tally struct {
	measure.Replays
	inheritors, inherited int
}

func (y *tally) add(r labelled, st stage) {
	m := measure.Replay{From: r.Entries[0].T, To: r.Entries[0].T.Add(r.Span()), Truth: r.Truth.Truth}
	var changes []measure.Change
	for _, tp := range r.Topics {
		m.Topics = append(m.Topics, tp.ID)
		for _, c := range st.changes[tp.ID] {
			changes = append(changes, measure.Change{At: c.At, Topic: tp.ID, Level: c.Level, Said: fmt.Sprint(c.Verdict.Signals)})
		}
	}
	y.Add(m, changes)
	for _, b := range r.Truth.InheritedBy {
		y.inheritors++
		for _, c := range st.changes[r.Truth.TopicID] {
			if at := st.inherit[b]; c.Level.Rank() >= veille.LevelEscalate.Rank() && !at.IsZero() && !at.After(c.At.Add(10*time.Minute)) {
				y.inherited++
				break
			}
		}
	}
}

func (y *tally) log(t *testing.T) {
	t.Logf("recall %.2f (%d of %d, late %d, missed %d); reviewed in time %d of %d", y.Recall(), y.Caught, y.Crises, y.Late, y.Missed, y.Reviewed, y.Reviews)
	t.Logf("median delay %v", y.Delay())
	t.Logf("false flags %d in %.0f topic-months without a crisis: %.3f a month; over the level allowed %d", y.FalseFlags, y.Months(), y.FalseFlagsAMonth(), y.Over)
	t.Logf("inherited %d of %d; expected evidence shown word for word %d of %d", y.inherited, y.inheritors, y.Shown, y.Evidence)
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
	y.log(t)
	if y.Recall() < .9 || y.FalseFlagsAMonth() > .3 || y.Delay() > 2*time.Hour {
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
