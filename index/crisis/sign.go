package crisis

import (
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

// The most each signal can add. The six of the topic itself add up to 100:
// volume and severity weigh most, since neither alone makes a crisis and both
// together do; who says it and where it is said weigh half as much.
const (
	maxVolume       = 25.0
	maxIndependence = 18.0
	maxSeverity     = 32.0
	maxTier         = 8.0
	maxNamed        = 7.0
	maxNegativity   = 10.0
)

const (
	// calmVolume is the part of volume that mentions without trouble can give:
	// a bursary season is worth a look, never an alarm.
	calmVolume = .4
	// loneVolume bounds volume when fewer than two troubling mentions count:
	// one event is rare, but it is no volume.
	loneVolume = 6.0
	// shortVolume bounds volume when usual is not known.
	shortVolume = 8.0
	// dull and stark are the odds, in powers of ten, at which volume begins to
	// count and counts in full: one in ten, which each topic sees every month,
	// and one in a hundred thousand, which none sees in its life.
	dull, stark = 1.0, 5.0
	// burst is the span of a burst: what comes within three hours, a morning, is
	// said of one thing. In it two or three mentions are already a wonder that
	// two days of patience would dilute.
	burst = 3 * time.Hour
	// crowd is what each further person of one social source adds to its
	// voice, and crowdMost their sum: a crowd in one group is more than a
	// post and less than two media.
	crowd, crowdMost = .35, 1.0
	// fullVoices is how many voices beyond the usual give all of independence.
	fullVoices = 4.6
	// gravest is how many persons' words are put together for severity.
	gravest = 4
	// faint is the gravity that adds nothing to severity.
	faint = .15
	// inheritedWatch and inheritedCrisis are what an incident of the movement
	// at escalate, or at crisis, adds to each branch: enough that a branch
	// nobody talks of is watched, and that one article of its own is reviewed.
	inheritedWatch, inheritedCrisis = 25.0, 32.0
)

// sign makes the signals.
func (c *current) sign() {
	trouble := c.troubling()
	add := func(s veille.Signal) {
		s.Points = math.Round(s.Points*10) / 10
		if s.Points > 0 {
			c.signals = append(c.signals, s)
		}
	}
	add(c.volume(trouble))
	add(c.independence(trouble))
	add(c.severity(trouble))
	add(c.tier(trouble))
	add(c.named(trouble))
	add(c.negativity())
	if s, ok := c.inherit(); ok {
		c.inherited = s.Points
		add(s)
	}
	slices.SortStableFunc(c.signals, func(a, b veille.Signal) int { return int(10 * (b.Points - a.Points)) })
}

// score is the sum of the signals, capped.
func (c *current) score() float64 {
	sum := 0.0
	for _, s := range c.signals {
		sum += s.Points
	}
	return min(100, math.Round(sum*10)/10)
}

// troubling gives the recent mentions that trouble, gravest first.
func (c *current) troubling() []*weighed {
	var t []*weighed
	for i := range c.recent {
		if w := &c.recent[i]; w.counts*w.fresh > .02 {
			t = append(t, w)
		}
	}
	slices.SortStableFunc(t, func(a, b *weighed) int {
		if d := b.grave*b.fresh - a.grave*a.fresh; d != 0 {
			return int(math.Copysign(1, d))
		}
		return b.at.Compare(a.at)
	})
	return t
}

// countOf adds mentions, the n-th of one person for an n-th: ten posts of one
// angry man are not ten.
func countOf(ws []*weighed, of func(*weighed) float64) float64 {
	nth := make(map[string]int)
	x := 0.0
	for _, w := range ws {
		v := of(w) * w.fresh
		if v <= 0 {
			continue
		}
		nth[w.person]++
		x += v / float64(nth[w.person])
	}
	return x
}

func clamp(x float64) float64 { return max(0, min(1, x)) }

func (c *current) volume(trouble []*weighed) veille.Signal {
	s := veille.Signal{Kind: "volume", Max: maxVolume, Reason: c.sayCount("crisis.volume", len(trouble), trouble), Evidence: evidence(trouble)}
	counts := func(w *weighed) float64 { return w.counts }
	x := countOf(trouble, counts)
	var odd float64
	odd, s.Detail = c.odd(x, c.trouble, counts, c.usual.perWindow, c.usual.odds)
	if !c.trouble.busy {
		odd = max(odd, c.fastest(trouble))
	}
	s.Points = maxVolume * odd
	if x < 2 {
		s.Points = min(s.Points, loneVolume)
	}
	if calm := c.calm(trouble); calm.Points > s.Points {
		s = calm
	}
	if c.usual.short {
		s.Max, s.Points = shortVolume, min(s.Points, shortVolume)
		d := veille.Say("crisis.short_of_data", "n", c.usual.weeks)
		s.Detail = &d
	}
	return s
}

// odd is how far a series stands out of its usual, in [0,1], and what to say of
// it: by its pace when its mentions are many, else by the odds of x of them.
func (c *current) odd(x float64, s series, of func(*weighed) float64, perWindow float64, odds func(float64) float64) (float64, *veille.Sentence) {
	if s.busy {
		p := c.pace(s, of)
		return p.strength, p.say()
	}
	p := odds(x)
	return clamp((surprise(p) - dull) / (stark - dull)), sayOdds(perWindow, p)
}

// fastest is how far the fastest burst of rare trouble stands out, in [0,1],
// less as it ages.
func (c *current) fastest(trouble []*weighed) float64 {
	best := 0.0
	for _, last := range trouble {
		nth := make(map[string]int)
		x, n := 0.0, 0
		for _, w := range trouble {
			if w.at.After(last.at) || last.at.Sub(w.at) > burst {
				continue
			}
			nth[w.person]++
			x += w.counts / float64(nth[w.person])
			n++
		}
		if n > 1 { // one mention is no burst
			best = max(best, last.fresh*clamp((surprise(c.usual.burstOdds(x))-dull)/(stark-dull)))
		}
	}
	return best
}

// calm is the volume of all mentions, troubling or not: the more of them
// trouble, the more it can give.
func (c *current) calm(trouble []*weighed) veille.Signal {
	all := c.recentEntries()
	one := func(*weighed) float64 { return 1 }
	x := countOf(all, one)
	s := veille.Signal{Kind: "volume", Max: calmVolume * maxVolume, Reason: c.sayCount("crisis.volume_calm", len(all), all), Evidence: evidence(all)}
	if c.all.busy && len(trouble) > 0 {
		share := clamp(countOf(trouble, func(w *weighed) float64 { return w.counts }) / max(1, x))
		s.Max = maxVolume * (calmVolume + (1-calmVolume)*share)
		s.Reason, s.Evidence = c.sayCount("crisis.volume_among", len(all), all, "grave", len(trouble)), evidence(trouble)
	}
	var odd float64
	odd, s.Detail = c.odd(x, c.all, (*weighed).told, c.usual.all/max(1, c.usual.days)*exposure, c.usual.oddsAll)
	s.Points = s.Max * odd
	return s
}

// told is 1 for a mention about the topic that repeats no other.
func (w *weighed) told() float64 {
	if w.reprint || w.about <= aboutPlace {
		return 0
	}
	return 1
}

func (c *current) independence(trouble []*weighed) veille.Signal {
	voices := make(map[string]float64)
	people := make(map[string]map[string]bool)
	for _, w := range trouble {
		voices[w.voice] = max(voices[w.voice], w.counts*w.fresh)
		if people[w.voice] == nil {
			people[w.voice] = make(map[string]bool)
		}
		if w.fresh > .5 {
			people[w.voice][w.person] = true
		}
	}
	v := 0.0
	for voice, f := range voices {
		v += f + min(crowdMost, crowd*float64(max(0, len(people[voice])-1)))
	}
	s := veille.Signal{Kind: "independence", Max: maxIndependence, Evidence: tellingEvidence(trouble)}
	s.Points = maxIndependence * clamp((v-c.usual.perWindow-.6)/(fullVoices-.6))
	s.Reason = c.sayCount("crisis.independence", len(voices), trouble)
	s.Detail = sayOdds(c.usual.perWindow, c.usual.odds(float64(len(voices))))
	return s
}

func (c *current) severity(trouble []*weighed) veille.Signal {
	best := make(map[string]bool)
	left, n := 1.0, 0
	var meant []*weighed
	for _, w := range trouble {
		g := clamp((w.grave*w.fresh - faint) / (1 - faint))
		if g == 0 {
			continue
		}
		meant = append(meant, w)
		if best[w.person] || n == gravest {
			continue
		}
		best[w.person] = true
		n++
		left *= 1 - g
	}
	s := veille.Signal{Kind: "severity", Max: maxSeverity, Points: maxSeverity * (1 - left), Evidence: graveEvidence(meant)}
	s.Reason = veille.Say("crisis.severity", "words", wordsOf(meant))
	d := veille.Say("crisis.severity_in", "n", len(meant), "of", len(c.recentEntries()))
	s.Detail = &d
	return s
}

func (c *current) tier(trouble []*weighed) veille.Signal {
	worth := map[veille.Tier]float64{1: 1, 2: .85, 0: .7, 3: .7, 4: .25}
	s := veille.Signal{Kind: "tier", Max: maxTier}
	var by []*weighed
	for _, w := range trouble {
		p := maxTier * worth[w.Source.Tier] * w.fresh * min(1, w.counts)
		if p > s.Points {
			s.Points, by = p, []*weighed{w}
		}
	}
	if len(by) == 0 {
		return s
	}
	t := max(by[0].Source.Tier, 0)
	if t == 0 {
		t = 3
	}
	s.Reason = veille.Say("crisis.tier_"+string('0'+rune(t)), "source", by[0].Source.Name())
	d := veille.Say("crisis.tier_of", "tier", int(t), "source", by[0].Source.Name())
	s.Detail, s.Evidence = &d, evidence(by)
	return s
}

func (c *current) named(trouble []*weighed) veille.Signal {
	s := veille.Signal{Kind: "named", Max: maxNamed}
	var titles, posts []*weighed
	for _, w := range trouble {
		switch {
		case w.Mention.InTitle:
			titles = append(titles, w)
			s.Points = max(s.Points, maxNamed*w.fresh*w.counts)
		case w.Entry.Title == "":
			posts = append(posts, w)
			s.Points = max(s.Points, maxNamed*.6*w.fresh*w.counts)
		}
	}
	if len(titles) > 0 {
		s.Reason = veille.Say("crisis.named", "topic", c.in.Topic.Name)
		d := veille.Say("crisis.named_in", "n", len(titles))
		s.Detail, s.Evidence = &d, namedEvidence(titles)
		return s
	}
	s.Reason = veille.Say("crisis.named_post", "topic", c.in.Topic.Name)
	d := veille.Say("crisis.named_posts", "n", len(posts))
	s.Detail, s.Evidence = &d, evidence(posts)
	return s
}

// negative is the tone from which a mention is said to be negative, and the
// gravity that makes it so whatever its tone.
const (
	negativeTone = -.15
	negativeWord = .35
)

func (c *current) negativity() veille.Signal {
	all, bad, amount := 0.0, 0.0, 0.0
	var those []*weighed
	n := 0
	for _, w := range c.recentEntries() {
		n++
		all += w.fresh
		if g := w.gravity * w.about; g >= negativeWord || w.Entry.Reading.Tone <= negativeTone && w.about > aboutPlace {
			bad += w.fresh
			amount += max(w.grave, .3*w.about) * w.fresh
			those = append(those, w)
		}
	}
	s := veille.Signal{Kind: "negativity", Max: maxNegativity}
	if all == 0 {
		return s
	}
	s.Points = maxNegativity * bad / all * min(1, amount)
	s.Reason = veille.Say("crisis.negativity", "n", len(those), "of", n)
	s.Evidence = evidence(those)
	return s
}

// recentEntries are the recent mentions about the topic, reprints left out.
func (c *current) recentEntries() []*weighed {
	var ws []*weighed
	for i := range c.recent {
		if w := &c.recent[i]; !w.reprint && w.about > aboutPlace && w.fresh > .1 {
			ws = append(ws, w)
		}
	}
	return ws
}

func (c *current) inherit() (veille.Signal, bool) {
	p := c.in.Parent
	if p == nil || !p.Live() || p.Level.Rank() < veille.LevelEscalate.Rank() || c.in.Topic.Subject != veille.SubjectBranch {
		return veille.Signal{}, false
	}
	s := veille.Signal{Kind: "inherited", Max: inheritedCrisis, Points: inheritedWatch}
	if p.Level == veille.LevelCrisis {
		s.Points = inheritedCrisis
	}
	s.Reason = veille.Say("crisis.inherited", "title", p.Title)
	d := veille.Say("crisis.inherited_score", "score", math.Round(p.Score))
	s.Detail = &d
	if len(p.Signals) > 0 {
		s.Evidence = p.Signals[0].Evidence[:min(3, len(p.Signals[0].Evidence))]
	}
	return s, true
}
