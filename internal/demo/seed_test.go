package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func seed(t *testing.T, at time.Time) Movement {
	t.Helper()
	m, err := Seed(at, "http://demo.test")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSeedIsTheSameForTheSameStart(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(seed(t, start), seed(t, start)); diff != "" {
		t.Error(diff)
	}
}

func TestSeedHangsTogether(t *testing.T) {
	t.Parallel()
	m := seed(t, start)
	branches := map[veille.BranchID]bool{"": true}
	for _, b := range m.Branches {
		if !branches[b.ParentID] {
			t.Errorf("%s comes before its parent", b.ID)
		}
		branches[b.ID] = true
	}
	var owners []veille.BranchID
	for _, u := range m.Users {
		owners = append(owners, u.BranchID)
	}
	for _, s := range m.Sources {
		owners = append(owners, s.BranchID)
	}
	for _, topic := range m.Topics {
		owners = append(owners, topic.BranchID)
	}
	for _, id := range owners {
		if !branches[id] || id == "" {
			t.Errorf("no branch %q", id)
		}
	}
	if len(m.Branches) != 4 || len(m.Users) != 2 || len(m.Sources) < 10 || len(m.Topics) < 6 {
		t.Errorf("%d branches, %d users, %d sources, %d topics", len(m.Branches), len(m.Users), len(m.Sources), len(m.Topics))
	}
	if !slices.ContainsFunc(m.Topics, func(t veille.Topic) bool { return t.ID == BranchTopicID && t.BranchID == MainID }) {
		t.Error("the main branch does not watch its own name")
	}
}

func TestEverySourceIsServed(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	for _, s := range seed(t, start).Sources {
		if rec := get(t, w, strings.TrimPrefix(s.URL, "http://demo.test")); rec.Code != 200 {
			t.Errorf("%s: %d", s.URL, rec.Code)
		}
	}
}

func TestPostsFillTheCalendar(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 24 * 7 {
		now := start.Add(time.Duration(hour) * time.Hour)
		states := map[veille.PostState]int{}
		counter := false
		for _, p := range seed(t, now).Posts {
			states[p.State]++
			checkPost(t, p, now, loc)
			counter = counter || p.State == veille.PostScheduled && strings.Contains(p.Text, "comptoir de Saint-Rémi")
		}
		if states[veille.PostPublished] < 14 || states[veille.PostScheduled] != 2 || states[veille.PostDraft] != 1 || !counter {
			t.Errorf("at %v: %v, the counter's post scheduled: %v", now, states, counter)
		}
	}
}

func checkPost(t *testing.T, p veille.Post, now time.Time, loc *time.Location) {
	t.Helper()
	switch p.State {
	case veille.PostPublished:
		if p.At.After(now) || now.Sub(p.At) > 36*24*time.Hour || p.PublishedAt.IsZero() {
			t.Errorf("%s was published at %v", p.ID, p.At)
		}
	case veille.PostScheduled:
		if !p.At.After(now) || p.At.Sub(now) > 7*24*time.Hour {
			t.Errorf("%s is scheduled at %v", p.ID, p.At)
		}
	case veille.PostDraft:
		if !p.At.IsZero() {
			t.Errorf("draft %s has a time", p.ID)
		}
	}
	if p.CreatedAt.After(now) || p.UpdatedAt.After(now) {
		t.Errorf("%s is written in the future", p.ID)
	}
	if p.Wall != "" && p.At.In(loc).Format(wallTime) != p.Wall {
		t.Errorf("%s: %v is not %s", p.ID, p.At, p.Wall)
	}
}

func TestGoalIsUnderWay(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{start, time.Date(2027, 12, 20, 12, 0, 0, 0, time.UTC)} {
		g := seed(t, at).Goals[0]
		last := g.Measures[len(g.Measures)-1]
		if left := g.DueAt.Sub(at); left < 41*24*time.Hour || left > 366*24*time.Hour {
			t.Errorf("goal %q is due in %v", g.Name, left)
		}
		if len(g.Measures) < 6 || last.At.After(at) || last.Value >= g.Target || g.Start != 160 {
			t.Errorf("goal %q stands at %v on %v", g.Name, last.Value, last.At)
		}
	}
}
