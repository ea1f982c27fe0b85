// Package playbook says what to do about an incident: steps with a clock, a
// holding statement, and what never to do.
//
// It stores and sends nothing. The kind of an incident is read from its grave
// words, its title and its evidence, so the same incident always has the same
// playbook; when nothing speaks, the general one serves. The first question of
// each is "is it true?": a plan that assumes we are right is how a bad day
// becomes a bad month.
//
// Sources, all in our own words: the United States Air Force Web Posting
// Response Assessment (public domain), for the order of an answer; the RESIST 2
// toolkit of the United Kingdom's Government Communication Service, for
// verifying before speaking.
package playbook

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// The kinds of incident, by Key.
const (
	KindDeath    = "death"    // an accident, a death, violence
	KindLeak     = "leak"     // personal data lost or stolen
	KindFraud    = "fraud"    // fraud, phishing, someone using our name
	KindRights   = "rights"   // racist or discriminating words or acts, harassment
	KindStrike   = "strike"   // strike, lockout, layoffs
	KindOutage   = "outage"   // ATM, card or online service down
	KindClosure  = "closure"  // a counter closes, hours are cut
	KindFees     = "fees"     // fees, rates
	KindInternal = "internal" // conduct of our own people: inquiry, accusation
	KindOther    = "other"
)

// A Playbook is what to do for one kind of incident.
type Playbook struct {
	Key     string          // the kind
	Name    veille.Sentence // of the kind, for a heading
	Steps   []Step          // in the order of their clock; the key of each is its id
	Holding veille.Sentence // the message that says "we know, and we come back"
	Never   []veille.Sentence
}

// A Step is one thing to do. Its Says.Key names it in every incident, and does
// not change with the topic.
type Step struct {
	Says   veille.Sentence
	Within time.Duration // after the incident opened
}

// For gives the playbook of an incident of a topic.
func For(i veille.Incident, t veille.Topic) Playbook {
	kind := KindOf(i)
	say := func(key string) veille.Sentence { return veille.Say(key, "topic", t.Name) }
	p := Playbook{
		Key:     kind,
		Name:    veille.Say("playbook." + kind + ".name"),
		Holding: say("playbook." + kind + ".holding"),
		Never: []veille.Sentence{
			veille.Say("playbook.never.delete"), veille.Say("playbook.never.account"), veille.Say("playbook.never.name"),
			veille.Say("playbook." + kind + ".never"),
		},
	}
	for _, s := range steps(kind, i.Inherited) {
		p.Steps = append(p.Steps, Step{Says: say(s.key), Within: s.within})
	}
	return p
}

type step struct {
	key    string
	within time.Duration
}

// steps are the steps of a kind by their clock. Each kind verifies, acts and
// answers in its own way; the rest is the same for all.
func steps(kind string, inherited bool) []step {
	const minute, hour, day = time.Minute, time.Hour, 24 * time.Hour
	all := []step{
		{"playbook." + kind + ".check", 15 * minute},
		{"playbook.step.hold", 20 * minute},
		{"playbook.step.voice", 30 * minute},
		{"playbook.step.holding", hour},
		{"playbook." + kind + ".act", actWithin(kind)},
		{"playbook." + kind + ".answer", 4 * hour},
		{"playbook.step.update", day},
		{"playbook.step.review", 5 * day},
	}
	if kind == KindDeath || kind == KindRights {
		all[1].key = "playbook.step.hold_all"
	}
	if inherited {
		all = append(all, step{"playbook.step.movement", 20 * minute})
	}
	slices.SortStableFunc(all, func(a, b step) int { return int(a.within - b.within) })
	return all
}

// actWithin is how soon what a kind alone asks must be done: at once where
// people are losing money or data meanwhile.
func actWithin(kind string) time.Duration {
	switch kind {
	case KindFraud, KindLeak, KindOutage, KindDeath:
		return 45 * time.Minute
	}
	return 3 * time.Hour
}
