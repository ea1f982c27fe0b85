package notify

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

var t0 = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// at is an incident at a level reached at t0, and changes to it.
func at(l veille.Level, changes ...func(*veille.Incident)) *veille.Incident {
	i := &veille.Incident{ID: "i", State: veille.IncidentOpen, Level: l, LevelAt: t0, OpenedAt: t0}
	for _, change := range changes {
		change(i)
	}
	return i
}

func told(l veille.Level, when time.Time) func(*veille.Incident) {
	return func(i *veille.Incident) { i.NotifiedAt, i.NotifiedLevel = when, l }
}

func in(s veille.IncidentState) func(*veille.Incident) {
	return func(i *veille.Incident) { i.State = s }
}

func quiet(until time.Time) func(*veille.Incident) {
	return func(i *veille.Incident) { i.SilencedUntil = until }
}

func TestDecide(t *testing.T) {
	t.Parallel()
	raised := []veille.IncidentEvent{{Kind: "raised"}}
	sec := func(n int) time.Time { return t0.Add(time.Duration(n) * time.Second) }
	hour := func(n float64) time.Time { return t0.Add(time.Duration(n * float64(time.Hour))) }
	const watch, review, escalate, crisis = veille.LevelWatch, veille.LevelReview, veille.LevelEscalate, veille.LevelCrisis
	const acked, resolved, falseAlarm = veille.IncidentAcknowledged, veille.IncidentResolved, veille.IncidentFalseAlarm
	for name, c := range map[string]struct {
		prev, next *veille.Incident
		events     []veille.IncidentEvent
		now        time.Time
		want       Decision
	}{
		"an incident to watch is not told":                {nil, at(watch), raised, sec(60), Decision{Reason: ReasonBelow}},
		"nor one to review":                               {nil, at(review), raised, sec(60), Decision{Reason: ReasonBelow}},
		"one that reaches escalate waits for company":     {nil, at(escalate), raised, sec(0), Decision{Reason: ReasonGrouping, Held: EventOpened}},
		"and is told at the next judgment":                {at(escalate), at(escalate), nil, sec(30), Decision{Event: EventOpened, Reason: ReasonOpened}},
		"even when the clock ticks a second early":        {at(escalate), at(escalate), nil, sec(29), Decision{Event: EventOpened, Reason: ReasonOpened}},
		"going up and down does not put it off":           {at(escalate), at(crisis, func(i *veille.Incident) { i.LevelAt = sec(30) }), raised, sec(30), Decision{Event: EventOpened, Reason: ReasonOpened}},
		"once told it is not told again":                  {at(escalate), at(escalate, told(escalate, sec(30))), nil, sec(60), Decision{Reason: ReasonSaid}},
		"nor after a restart that remembers nothing else": {nil, at(escalate, told(escalate, sec(30))), nil, sec(90), Decision{Reason: ReasonSaid}},
		"a rise is told":                                  {at(escalate), at(crisis, told(escalate, sec(30))), raised, sec(600), Decision{Event: EventRaised, Reason: ReasonRaised}},
		"but five minutes after the last message":         {at(escalate), at(crisis, told(escalate, sec(30))), raised, sec(200), Decision{Reason: ReasonCooling, Held: EventRaised}},
		"a rise that had to wait needs no event":          {at(crisis), at(crisis, told(escalate, sec(30))), nil, sec(330), Decision{Event: EventRaised, Reason: ReasonRaised}},
		"a fall is not told":                              {at(crisis), at(escalate, told(crisis, sec(30))), raised, sec(600), Decision{Reason: ReasonSaid}},
		"nor a fall and a rise to where it was":           {at(review), at(crisis, told(crisis, sec(30))), raised, sec(900), Decision{Reason: ReasonSaid}},
		"what nobody took is told again after four hours": {at(crisis), at(crisis, told(crisis, sec(0))), nil, hour(4), Decision{Event: EventOpened, Reason: ReasonRepeat}},
		"and not a minute before":                         {at(crisis), at(crisis, told(crisis, sec(0))), nil, hour(3.98), Decision{Reason: ReasonSaid}},
		"what a person took is not told again":            {at(crisis, in(acked)), at(crisis, in(acked), told(crisis, sec(0))), nil, hour(5), Decision{Reason: ReasonTaken}},
		"but its rise is":                                 {at(escalate, in(acked)), at(crisis, in(acked), told(escalate, sec(0))), raised, hour(5), Decision{Event: EventRaised, Reason: ReasonRaised}},
		"taking it is told at once":                       {at(crisis), at(crisis, in(acked), told(crisis, sec(30))), nil, sec(40), Decision{Event: EventAcknowledged, Reason: ReasonAcknowledged}},
		"taking what was never told is not":               {at(review), at(review, in(acked)), nil, sec(40), Decision{Reason: ReasonNeverTold}},
		"a message still owed is told though it is taken": {at(escalate, in(acked)), at(escalate, in(acked)), nil, sec(40), Decision{Event: EventOpened, Reason: ReasonOpened}},
		"the end is told at once":                         {at(crisis), at(watch, in(resolved), told(crisis, sec(30))), nil, sec(40), Decision{Event: EventResolved, Reason: ReasonClosed}},
		"a false alarm is an end":                         {at(crisis, in(acked)), at(crisis, in(falseAlarm), told(crisis, sec(30))), nil, sec(40), Decision{Event: EventResolved, Reason: ReasonClosed}},
		"the end is told once":                            {at(watch, in(resolved)), at(watch, in(resolved), told(crisis, sec(30))), nil, sec(50), Decision{Reason: ReasonSaid}},
		"the end of what was never told is not":           {at(review), at(watch, in(resolved)), nil, hour(9), Decision{Reason: ReasonNeverTold}},
		"silence holds the first message":                 {nil, at(crisis, quiet(hour(1))), nil, sec(60), Decision{Reason: ReasonSilenced, Held: EventOpened}},
		"and is recorded when something happened":         {nil, at(crisis, quiet(hour(1))), raised, sec(60), Decision{Reason: ReasonSilenced, Held: EventOpened, Record: true}},
		"silence holds the end":                           {at(crisis), at(watch, in(resolved), told(crisis, sec(30)), quiet(hour(1))), raised, sec(60), Decision{Reason: ReasonSilenced, Held: EventResolved, Record: true}},
		"after silence what stands is told":               {at(crisis), at(crisis, quiet(hour(1))), nil, hour(1), Decision{Event: EventOpened, Reason: ReasonOpened}},
		"silence over nothing to tell is just quiet":      {at(review), at(review, quiet(hour(1))), raised, sec(60), Decision{Reason: ReasonBelow}},
		"a clock set back five minutes tells no double":   {at(crisis), at(crisis, told(crisis, sec(300))), nil, sec(0), Decision{Reason: ReasonSaid}},
		"a clock that ran a year ahead hides nothing":     {at(crisis), at(crisis, told(crisis, hour(9000))), nil, sec(0), Decision{Event: EventOpened, Reason: ReasonRepeat}},
		"nothing left is nothing told":                    {at(crisis), nil, nil, sec(0), Decision{Reason: ReasonSaid}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Decide(c.prev, c.next, c.events, c.now, Config{})); diff != "" {
				t.Errorf("Decide (-want +got):\n%s", diff)
			}
		})
	}
}

// A flood is 10,000 changes in a minute, whatever the levels; a restart halfway
// keeps what is stored only.
func TestTenThousandChangesInAMinuteAreOneMessage(t *testing.T) {
	t.Parallel()
	levels := []veille.Level{veille.LevelWatch, veille.LevelReview, veille.LevelEscalate, veille.LevelCrisis}
	total := 0
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		stored := at(veille.LevelWatch)
		var all []string
		for n := range 10_000 {
			now := t0.Add(time.Duration(n) * time.Minute / 10_000)
			next := *stored
			// Mostly as a crisis grows: it stays, or goes anywhere.
			if l := levels[random.IntN(len(levels))]; n < 100 || random.IntN(1000) == 0 {
				if l.Rank() >= 3 && next.Level.Rank() < 3 {
					next.LevelAt = now
				}
				next.Level = l
			} else if n == 100 {
				next.Level, next.LevelAt = veille.LevelEscalate, now
			}
			prev := stored
			if n == 5000 {
				prev = nil
			}
			d := Decide(prev, &next, []veille.IncidentEvent{{Kind: "raised"}}, now, Config{})
			d.Mark(&next, now)
			if d.Event != "" {
				all = append(all, d.Event)
			}
			stored = &next
		}
		if len(all) > 1 {
			t.Errorf("seed %d: told %v", seed, all)
		}
		total += len(all)
	}
	if total == 0 {
		t.Error("no flood was told at all")
	}
}

func TestAGrowingCrisisIsToldWithinAMinuteThenEveryFiveMinutesAtMost(t *testing.T) {
	t.Parallel()
	i := at(veille.LevelEscalate)
	var when []time.Duration
	for tick := range 1200 { // ten hours of judgments
		now := t0.Add(time.Duration(tick) * 30 * time.Second)
		prev := *i
		if tick == 2 {
			i.Level, i.LevelAt = veille.LevelCrisis, now
		}
		d := Decide(&prev, i, nil, now, Config{})
		d.Mark(i, now)
		if d.Event != "" {
			when = append(when, now.Sub(t0))
		}
	}
	first := 30 * time.Second
	second := first + 5*time.Minute
	want := []time.Duration{first, second, second + 4*time.Hour, second + 8*time.Hour}
	if diff := cmp.Diff(want, when); diff != "" {
		t.Errorf("told at (-want +got):\n%s", diff)
	}
}

// broken is a stage with a fault.
type broken struct{}

func (broken) Pass(*Change) string { panic("fault") }

func TestAFaultyStageHidesNothing(t *testing.T) {
	t.Parallel()
	d := decide(Change{Next: at(veille.LevelCrisis), Now: t0.Add(time.Hour)}, due{4 * time.Hour}, broken{}, silence{})
	if d.Event != EventOpened {
		t.Errorf("decide = %+v, want %s", d, EventOpened)
	}
}

func TestMarkOfNothingChangesNothing(t *testing.T) {
	t.Parallel()
	i := at(veille.LevelCrisis)
	Decision{Reason: ReasonGrouping}.Mark(i, t0)
	if diff := cmp.Diff(at(veille.LevelCrisis), i); diff != "" {
		t.Errorf("Mark (-want +got):\n%s", diff)
	}
}
