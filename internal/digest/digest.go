// Package digest makes the morning mail: what to do, what to know, what to
// dare, seven lines at most in all, and then it ends.
//
// It stores and sends nothing. Compose chooses and orders the lines from
// nouns, Render prints them in the reader's language as a subject, an HTML
// part with its CSS inlined and a text part that says the same, and Due tells
// whether a person's hour has come. Every line has one action. What is left
// out is counted and told.
package digest

import (
	"time"

	"veilleur/internal/veille"
)

// most is how many lines a digest holds in all.
const most = 7

// Input is all a digest is made of. Only Person, Branch and BaseURL are
// required: what is missing is not told.
type Input struct {
	Person      veille.User
	Branch      veille.Branch
	BaseURL     string            // address of the dashboard, without its last slash
	Unsubscribe string            // signed address of the one-click unsubscription; "" leaves it out
	Incidents   []veille.Incident // live ones
	Stories     []Story           // since the last digest, most telling first
	Ideas       []veille.Idea     // new ones, best first
	Free        []time.Time       // free slots left this week, by time
	Posts       []veille.Post     // of the week; those a person must act on are found by their state
	Channels    []veille.Channel  // of the branch; tells which posts are published by hand
	Goals       []Goal
	Sources     []veille.Source // of the branch and above
	Entries     int             // entries that came since the last digest
}

// A Story is a story to know, with what made its tone.
type Story struct {
	Story veille.Story
	Fresh int      // its entries since the last digest; 0 means all of them
	Words []string // the words that made its tone, strongest first
}

// A Goal is a goal and how it goes, as internal/goal tells it.
type Goal struct {
	Goal    veille.Goal
	Value   float64 // latest
	PerWeek float64
	Needed  float64 // a week
	Reached bool
	Over    bool // its day has passed
	Short   bool // too few measures for a pace
}

// A Digest is one morning, ready to print.
type Digest struct {
	At      time.Time // when it was composed, in the reader's zone
	Branch  veille.Branch
	Person  veille.User
	Do      []Line
	Know    []Line
	Dare    []Line
	Grave   int               // live incidents at escalate or above
	Crises  int               // those of them at crisis
	Highest float64           // highest score of a live incident; 0 when there is none
	Left    Left              // what did not fit
	Totals  Totals            // of articles
	Foot    []FootLine        // goal, health and totals
	Links   Links             // of the foot
	Counts  []veille.Sentence // what the subject counts, gravest first
}

// Nothing tells whether there is no line to read: "rien à signaler".
func (d Digest) Nothing() bool { return len(d.Do)+len(d.Know)+len(d.Dare) == 0 }

// Calm tells whether no incident is at escalate or above.
func (d Digest) Calm() bool { return d.Grave == 0 }

// Minutes is how long it takes to read, at least 1: a quarter of a minute a line.
func (d Digest) Minutes() int { return max(1, (len(d.Do)+len(d.Know)+len(d.Dare)+3)/4) }

// Left counts what a digest leaves for the dashboard.
type Left struct {
	Do   int
	Know int
	Dare int
}

// Totals count the articles behind the lines.
type Totals struct {
	Folded  int // articles of the stories told
	Stories int // stories told
	Others  int // articles that came and are not in them
}

// A Line is one thing, with one action.
type Line struct {
	Title  veille.Sentence
	Lang   string           // of a title that is an article's own; "" for ours
	Quote  *veille.Sentence // a question, printed within quotation marks
	Says   []veille.Sentence
	When   []time.Time // hours to enumerate after Says, in the reader's zone
	Until  time.Time   // "bon jusqu’au"; zero for none
	Meta   []veille.Sentence
	Action veille.Sentence
	Link   string
	Crisis bool // shown as a crisis
	Quiet  bool // its action is a plain link, not a button
}

// A FootLine is one line of the foot; Link is "" or where it leads.
type FootLine struct {
	Says veille.Sentence
	At   time.Time         // given to Says as "time" and "day"; zero when it has none
	More []veille.Sentence // said after Says
	Link string
}

// Links are the addresses every digest carries.
type Links struct {
	Today       string
	Settings    string // change the hour or the days
	Unsubscribe string // "" when there is none
}

// Compose chooses what to tell at now. It is pure: the same input gives the
// same digest.
func Compose(in Input, now time.Time) Digest {
	zone := zoneOf(in.Person, in.Branch.Zone)
	a := addresses(in.BaseURL)
	d := Digest{
		At: now.In(zone), Branch: in.Branch, Person: in.Person,
		Links: Links{Today: a.today(), Settings: a.settings(), Unsubscribe: in.Unsubscribe},
	}
	d.judge(in.Incidents)
	do, know, dare := toDo(in, a, d.At), toKnow(in, a), toDare(in, a, d.At)
	nDo, nKnow, nDare := share(len(do), d.Grave, len(know), len(dare))
	d.Do, d.Know, d.Dare = do[:nDo], know[:nKnow], dare[:nDare]
	d.Left = Left{len(do) - nDo, len(know) - nKnow, len(dare) - nDare}
	d.Totals = totals(in, nKnow)
	d.Counts = counts(in, d)
	d.Foot = foot(in, d, a)
	return d
}

// judge reads the incidents as a whole.
func (d *Digest) judge(incidents []veille.Incident) {
	for _, i := range incidents {
		if !i.Live() {
			continue
		}
		d.Highest = max(d.Highest, i.Score)
		if isGrave(i) {
			d.Grave++
		}
		if i.Level == veille.LevelCrisis {
			d.Crises++
		}
	}
}

func isGrave(i veille.Incident) bool {
	return i.Live() && i.Level.Rank() >= veille.LevelEscalate.Rank()
}

// share divides the seven lines: each box its part (three, three, one), every
// grave incident up to five, then what is left to what is left over.
func share(do, grave, know, dare int) (nDo, nKnow, nDare int) {
	nDo = min(do, max(3, min(grave, 5)))
	nDare = min(dare, 1)
	nKnow = min(know, 3, most-nDo-nDare)
	for free := most - nDo - nKnow - nDare; free > 0; free-- {
		switch {
		case nDo < do && nDo < 4:
			nDo++
		case nDare < dare && nDare < 3:
			nDare++
		case nKnow < know && nKnow < 4:
			nKnow++
		case nDo < do:
			nDo++
		}
	}
	return nDo, nKnow, nDare
}
