package main

import (
	"io/fs"
	"strings"
	"testing"
)

func TestAFigureHasItsWord(t *testing.T) {
	t.Parallel()
	for want, rows := range map[string][]row{
		"goal":  {{floor: .8, goal: .9, seen: .9}, {floor: 2, goal: 1, seen: 1, low: true}, {goal: .3, seen: .1, low: true}},
		"floor": {{floor: .8, goal: .9, seen: .8}, {floor: 2, goal: 1, seen: 1.2, low: true}},
		"under": {{floor: .8, goal: .9, seen: .79}, {floor: 2, goal: 1, seen: 2.1, low: true}, {floor: .8, goal: .9}},
		"short": {{goal: 70, seen: 69.9}, {goal: .3, seen: .31, low: true}},
		"told":  {{seen: .5}},
	} {
		for _, r := range rows {
			if got := r.word(); got != want {
				t.Errorf("%+v is %q, want %q", r, got, want)
			}
		}
	}
}

func TestTheReportFailsUnderAFloorAndSaysWhatIsNotHere(t *testing.T) {
	t.Parallel()
	good := task{"good", func(bench) ([]row, error) { return []row{{data: "d", floor: .8, goal: .9, seen: .85}}, nil }}
	bad := task{"bad", func(bench) ([]row, error) { return []row{{data: "d", floor: .8, goal: .9, seen: .7}}, nil }}
	gone := task{"gone", func(bench) ([]row, error) { return nil, fs.ErrNotExist }}
	broken := task{"broken", func(bench) ([]row, error) { return nil, fs.ErrPermission }}
	for name, c := range map[string]struct {
		all   []task
		ok    bool
		err   bool
		wants string
	}{
		"at the floor":     {[]task{good}, true, false, "0.8500  floor"},
		"under it":         {[]task{good, bad}, false, false, "1 under the floor"},
		"not here":         {[]task{gone, good}, true, false, "1 of 2 tasks were not measured"},
		"it cannot be run": {[]task{broken, good}, true, true, "0.8500  floor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			ok, err := report(&out, bench{}, c.all)
			if ok != c.ok || (err != nil) != c.err || !strings.Contains(out.String(), c.wants) {
				t.Errorf("%v, %v:\n%s", ok, err, out.String())
			}
		})
	}
	if all := tasks(""); len(all) != 12 {
		t.Errorf("%d tasks", len(all))
	}
	var out strings.Builder
	if ok, err := report(&out, bench{data: t.TempDir()}, tasks("")); !ok || err != nil || strings.Count(out.String(), " not measured: open ")+strings.Count(out.String(), "not measured: stat ") != 12 {
		t.Errorf("with no data: %v, %v:\n%s", ok, err, out.String())
	}
}

func TestAnArticleIsItsTitleAndText(t *testing.T) {
	t.Parallel()
	got := article("<html><h1>L&#39;eau</h1><p>Un <b>pont</b>.</p></body></html>")
	if got.Title != "L'eau" || strings.Join(strings.Fields(got.Text), " ") != "Un pont ." {
		t.Errorf("%+v", got)
	}
}
