package engine

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"veilleur/internal/goal"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// MorningStore reads all that a morning tells.
type MorningStore interface {
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
	StoriesOf(ctx context.Context, f veille.StoryFilter) ([]veille.Story, error)
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
	MentionsOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	Ideas(ctx context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error)
	Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error)
	Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error)
}

// MorningGoals reads goals.
type MorningGoals interface {
	Goals(ctx context.Context, branch veille.BranchID) ([]veille.Goal, error)
}

// A Morning is what one branch should see today: the page Aujourd'hui and the
// digest are two prints of it.
type Morning struct {
	Branch    veille.Branch     `json:"branch"`
	Now       time.Time         `json:"now"`
	Incidents []veille.Incident `json:"incidents"` // live, gravest first
	News      []News            `json:"news"`      // stories since the day before, most telling first
	Folded    int               `json:"folded"`    // entries folded in News
	Others    int               `json:"others"`    // stories of her topics left for the search page
	Entries   int               `json:"entries"`   // entries in all those stories
	Ideas     []SuggestedIdea   `json:"ideas"`     // best first
	Posts     []veille.Post     `json:"posts"`     // this week's, by hour
	Waiting   []veille.Post     `json:"waiting"`   // a person must act: by hand, awaiting approval, failed, unknown or held
	Free      []time.Time       `json:"free"`      // free slots from now to the end of the week
	Channels  []veille.Channel  `json:"channels"`
	Wanted    int               `json:"wanted"` // posts wanted this week
	Goals     []GoalPace        `json:"goals"`
	Sources   SourceHealth      `json:"sources"`
}

// News is one story with why it is told.
type News struct {
	Story    veille.Story     `json:"story"`
	Lead     veille.Entry     `json:"lead"`
	Source   veille.Source    `json:"source"`
	Topics   []veille.Topic   `json:"topics"`
	Passages []veille.Passage `json:"passages"`

	firmly map[veille.TopicID]bool // the topics found by more than a weak mention
}

// A SuggestedIdea is an idea with what it cites.
type SuggestedIdea struct {
	Idea   veille.Idea   `json:"idea"`
	Entry  veille.Entry  `json:"entry"`
	Source veille.Source `json:"source"`
}

// GoalPace is a goal with where it is going.
type GoalPace struct {
	Goal veille.Goal `json:"goal"`
	Pace goal.Pace   `json:"pace"`
}

// SourceHealth counts the sources a branch sees.
type SourceHealth struct {
	All     []veille.Source `json:"-"`
	Read    int             `json:"read"`    // read without trouble
	ReadAt  time.Time       `json:"read_at"` // the latest success
	Silent  []veille.Source `json:"silent"`  // mute, each by its own rhythm
	Failing []veille.Source `json:"failing"` // to mend: failing for hours, or ended
}

// Mornings gathers mornings.
type Mornings struct {
	store    MorningStore
	goals    MorningGoals
	entries  EntryReader
	topics   Topics
	sources  SourceReader
	branches Branches
}

// EntryReader reads entries by id.
type EntryReader interface {
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
}

// NewMornings makes Mornings.
func NewMornings(store MorningStore, goals MorningGoals, entries EntryReader, topics Topics, sources SourceReader, branches Branches) *Mornings {
	return &Mornings{store: store, goals: goals, entries: entries, topics: topics, sources: sources, branches: branches}
}

// told is how many stories a morning tells; the rest waits in the search page.
const told = 3

// Of gathers the morning of a branch as of now.
func (ms *Mornings) Of(ctx context.Context, id veille.BranchID, now time.Time) (Morning, error) {
	b, err := ms.branches.Branch(ctx, id)
	if err != nil {
		return Morning{}, fmt.Errorf("engine: morning: %w", err)
	}
	scope, err := ms.branches.Scope(ctx, id)
	if err != nil {
		return Morning{}, fmt.Errorf("engine: morning of %s: %w", id, err)
	}
	sources, err := ms.sources.Sources(ctx, scope)
	if err != nil {
		return Morning{}, fmt.Errorf("engine: morning of %s: %w", id, err)
	}
	m := Morning{Branch: b, Now: now, Sources: HealthOf(sources, now)}
	byID := indexBy(sources, func(s veille.Source) veille.SourceID { return s.ID })
	for _, gather := range []func() error{
		func() error { return ms.incidents(ctx, &m, scope) },
		func() error { return ms.news(ctx, &m, scope, byID) },
		func() error { return ms.ideas(ctx, &m, byID) },
		func() error { return ms.week(ctx, &m) },
		func() error { return ms.goalsOf(ctx, &m) },
	} {
		if err := gather(); err != nil {
			return Morning{}, fmt.Errorf("engine: morning of %s: %w", id, err)
		}
	}
	return m, nil
}

func (ms *Mornings) incidents(ctx context.Context, m *Morning, scope []veille.BranchID) error {
	live, err := ms.store.Incidents(ctx, veille.IncidentFilter{Scope: scope, Live: true})
	if err != nil {
		return fmt.Errorf("incidents: %w", err)
	}
	sort.SliceStable(live, func(i, j int) bool { return live[i].Score > live[j].Score })
	m.Incidents = live
	return nil
}

func (ms *Mornings) news(ctx context.Context, m *Morning, scope []veille.BranchID, sources map[veille.SourceID]veille.Source) error {
	topics, err := ms.topics.Topics(ctx, []veille.BranchID{m.Branch.ID})
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	byID := indexBy(topics, func(t veille.Topic) veille.TopicID { return t.ID })
	ids := make([]veille.TopicID, len(topics))
	for i, t := range topics {
		ids[i] = t.ID
	}
	if len(ids) == 0 {
		return nil
	}
	stories, err := ms.store.StoriesOf(ctx, veille.StoryFilter{Scope: scope, Topics: ids, Since: sinceYesterday(m.Now.In(zoneOf(m.Branch))), Limit: 200})
	if err != nil {
		return fmt.Errorf("stories: %w", err)
	}
	all := make([]News, 0, len(stories))
	for _, s := range stories {
		n, ok, err := ms.tell(ctx, m.Branch.Locale, s, byID, sources)
		if err != nil {
			return err
		}
		if ok {
			all = append(all, n)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].weight(m.Now) > all[j].weight(m.Now) })
	m.News = all[:min(told, len(all))]
	m.Others = len(all) - len(m.News)
	for i, n := range all {
		m.Entries += n.Story.Entries
		if i < len(m.News) {
			m.Folded += n.Story.Entries
		}
	}
	return nil
}

// sinceYesterday reaches back to the evening before the last working day: a
// Monday, in the zone of now, tells the weekend.
func sinceYesterday(now time.Time) time.Time {
	days := 1
	if now.Weekday() == time.Monday {
		days = 3
	}
	return now.Add(-time.Duration(days)*24*time.Hour - 6*time.Hour)
}

// weakShare is what a topic weighs in a story that only lends or thanks its
// name: less than a second voice.
const weakShare = .1

// weight orders news: what names the branch first, then the movement, then by
// voices and freshness.
func (n News) weight(now time.Time) float64 {
	w := float64(min(n.Story.Independent, 10))
	for _, t := range n.Topics {
		share := weakShare
		if n.firmly[t.ID] {
			share = 1
		}
		switch t.Subject {
		case veille.SubjectBranch:
			w += 20 * share
		case veille.SubjectMovement:
			w += 8 * share
		}
	}
	return w - now.Sub(n.Story.Last).Hours()/6
}

// tell gives a story as the branch sees it; false when it sees nothing of it.
func (ms *Mornings) tell(ctx context.Context, locale string, s veille.Story, topics map[veille.TopicID]veille.Topic, sources map[veille.SourceID]veille.Source) (News, bool, error) {
	entries, err := ms.store.EntriesOfStory(ctx, s.ID)
	if err != nil {
		return News{}, false, fmt.Errorf("entries of story %s: %w", s.ID, err)
	}
	s, entries = seenFrom(s, entries, sources)
	if len(entries) == 0 {
		return News{}, false, nil
	}
	var n News
	n.Story, n.Lead = toldIn(locale, s, entries, sources)
	n.Source = sources[n.Lead.SourceID]
	ids := make([]veille.EntryID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	mentions, err := ms.store.MentionsOfEntries(ctx, ids)
	if err != nil {
		return News{}, false, fmt.Errorf("mentions of story %s: %w", s.ID, err)
	}
	n.explain(mentions, topics)
	return n, true, nil
}

// explain adds the topics that found the story and a passage in which they
// stand, the lead's own first.
func (n *News) explain(mentions []veille.Mention, topics map[veille.TopicID]veille.Topic) {
	seen := map[veille.TopicID]bool{}
	n.firmly = map[veille.TopicID]bool{}
	for _, m := range mentions {
		t, ok := topics[m.TopicID]
		if !ok {
			continue
		}
		if !seen[t.ID] {
			seen[t.ID] = true
			n.Topics = append(n.Topics, t)
		}
		if m.Standing != veille.StandingWeak {
			n.firmly[t.ID] = true
		}
		own := m.EntryID == n.Lead.ID
		for _, p := range m.Passages {
			if p.Field == "text" && (len(n.Passages) == 0 || own) {
				n.Passages = []veille.Passage{p}
				break
			}
		}
	}
}

func (ms *Mornings) ideas(ctx context.Context, m *Morning, sources map[veille.SourceID]veille.Source) error {
	ideas, err := ms.store.Ideas(ctx, m.Branch.ID, veille.IdeaNew)
	if err != nil {
		return fmt.Errorf("ideas: %w", err)
	}
	m.Ideas, err = ms.Cite(ctx, ideas, sources)
	return err
}

// Cite reads the article and the source behind each idea.
func (ms *Mornings) Cite(ctx context.Context, ideas []veille.Idea, sources map[veille.SourceID]veille.Source) ([]SuggestedIdea, error) {
	ids := make([]veille.EntryID, len(ideas))
	for i, d := range ideas {
		ids[i] = d.EntryID
	}
	entries, err := ms.entries.EntriesByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("articles of ideas: %w", err)
	}
	byID := indexBy(entries, func(e veille.Entry) veille.EntryID { return e.ID })
	out := make([]SuggestedIdea, 0, len(ideas))
	for _, d := range ideas {
		e := byID[d.EntryID]
		out = append(out, SuggestedIdea{Idea: d, Entry: e, Source: sources[e.SourceID]})
	}
	return out, nil
}

// week gathers the posts of the week and the slots still free.
func (ms *Mornings) week(ctx context.Context, m *Morning) error {
	from, to := Week(m.Now, zoneOf(m.Branch))
	posts, err1 := ms.store.Posts(ctx, veille.PostFilter{Branch: m.Branch.ID, From: from, To: to})
	waiting, err2 := ms.store.Posts(ctx, veille.PostFilter{Branch: m.Branch.ID, States: []veille.PostState{
		veille.PostPublishing, veille.PostAwaiting, veille.PostFailed, veille.PostUnknown, veille.PostHeld}})
	channels, err3 := ms.store.Channels(ctx, m.Branch.ID)
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("week: %w", err)
	}
	m.Posts, m.Waiting, m.Channels = posts, waiting, channels
	for _, c := range channels {
		m.Wanted += c.Cadence
		m.Free = append(m.Free, publish.FreeSlots(c, posts, m.Now, to)...)
	}
	sort.Slice(m.Free, func(i, j int) bool { return m.Free[i].Before(m.Free[j]) })
	return nil
}

// zoneOf is the zone of a branch; UTC when it is not known.
func zoneOf(b veille.Branch) *time.Location {
	zone, err := time.LoadLocation(b.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Week gives the Monday 0 h of now's week in a zone, and the next one.
func Week(now time.Time, zone *time.Location) (from, to time.Time) {
	n := now.In(zone)
	back := (int(n.Weekday()) + 6) % 7
	from = time.Date(n.Year(), n.Month(), n.Day()-back, 0, 0, 0, 0, zone)
	return from, time.Date(n.Year(), n.Month(), n.Day()-back+7, 0, 0, 0, 0, zone)
}

func (ms *Mornings) goalsOf(ctx context.Context, m *Morning) error {
	goals, err := ms.goals.Goals(ctx, m.Branch.ID)
	if err != nil {
		return fmt.Errorf("goals: %w", err)
	}
	for _, g := range goals {
		m.Goals = append(m.Goals, GoalPace{Goal: g, Pace: goal.PaceOf(g, m.Now)})
	}
	return nil
}

// HealthOf counts the sources of a branch as of now, by the condition each is in.
func HealthOf(sources []veille.Source, now time.Time) SourceHealth {
	h := SourceHealth{All: sources}
	for _, s := range sources {
		switch c := s.Condition(now); {
		case c.Is == veille.ConditionPaused:
			continue
		case c.NeedsMending():
			h.Failing = append(h.Failing, s)
			continue
		case c.Is == veille.ConditionMute:
			h.Silent = append(h.Silent, s)
		}
		if s.Health.OKAt.After(h.ReadAt) {
			h.ReadAt = s.Health.OKAt
		}
		if !s.Health.OKAt.IsZero() {
			h.Read++
		}
	}
	return h
}
