package veille

import (
	"slices"
	"testing"
)

func TestWhoSpeaksInAnEntry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		e    Entry
		s    Source
		want string
	}{
		"the agency it copies":                     {Entry{Reading: Reading{Agency: "A"}}, Source{Title: "T", Group: "G"}, "A"},
		"its press group":                          {Entry{Publisher: "P"}, Source{Title: "T", Group: "G", Kin: "K"}, "G"},
		"the medium an alert names":                {Entry{Publisher: "P"}, Source{Title: "T", Kin: "K"}, "P"},
		"the group its source turned out to be of": {Entry{}, Source{Title: "T", Kin: "K"}, "K"},
		"its source":                               {Entry{}, Source{Title: "T"}, "T"},
		"a source nobody knows":                    {Entry{SourceID: "s"}, Source{}, "s"},
	} {
		if got := Voice(c.e, c.s); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatRepeatsAnArticleElsewhereSpeaksOnceInItsPlace(t *testing.T) {
	t.Parallel()
	of := func(id, src string, dup EntryID) Entry {
		return Entry{ID: EntryID(id), SourceID: SourceID(src), Reading: Reading{DuplicateOf: dup}}
	}
	got := Voices([]Entry{of("1", "a", ""), of("2", "b", "1"), of("3", "c", "away"), of("4", "d", "away")}, nil)
	if want := []string{"a", "", "c", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAnIncidentIsOfTheStoryMostOfItsEntriesAreIn(t *testing.T) {
	t.Parallel()
	i := Incident{Signals: []Signal{{Evidence: []Evidence{{EntryID: "1"}, {EntryID: "2"}}}, {Evidence: []Evidence{{EntryID: "1"}, {EntryID: "3"}}}}}
	for want, in := range map[bool]map[EntryID]bool{true: {"1": true, "2": true}, false: {"1": true}} {
		if got := i.MostlyOf(in); got != want {
			t.Errorf("of %v: %v", in, got)
		}
	}
	if (Incident{}).MostlyOf(map[EntryID]bool{"1": true}) {
		t.Error("one without entries is of none")
	}
}
