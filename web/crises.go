package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"veilleur/internal/veille"
)

// CrisesDeps are what the list of crises and the page of an incident read and
// do. All are required.
type CrisesDeps struct {
	Incidents incidentReader
	Watched   watchedReader
	Evidence  evidenceReader
	Response  responder
	Steps     stepper
	Posts     comingPosts
	Hold      postHolder
	Foresight foreseer
	Tunings   tuningReader
}

// incidentReader reads incidents and their history.
type incidentReader interface {
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
	Incident(ctx context.Context, id veille.IncidentID) (veille.Incident, error)
	IncidentEvents(ctx context.Context, id veille.IncidentID) ([]veille.IncidentEvent, error)
}

// watchedReader reads what a branch watches, and since when.
type watchedReader interface {
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
	Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error)
	FirstPublished(ctx context.Context, scope []veille.BranchID) (time.Time, error)
}

// evidenceReader reads the entries behind the numbers.
type evidenceReader interface {
	MentionsOf(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error)
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
}

const (
	oneDay  = 24 * time.Hour
	oneWeek = 7 * oneDay

	closedFor  = 90 * oneDay // how long a closed incident stays in the list
	volumeDays = 14
	// shortWeeks and fullWeeks are what index/crisis says of history: under the
	// first it hardly judges volume, and it forgets what is older than the last.
	shortWeeks = 4
	fullWeeks  = 26
)

func (s *Server) crisesRoutes() {
	s.get("/crises", s.crises)
	s.incidentRoutes()
}

// A crisesModel is all the list shows.
type crisesModel struct {
	Live   []incidentRow // gravest first
	Closed []incidentRow // the latest first
	Topics []watchedTopic
}

// An incidentRow is one incident of the list.
type incidentRow struct {
	veille.Incident
	Topic veille.Topic
	Above bool // of the movement, not of the branch itself
}

// A watchedTopic is a topic that is judged, and how calm it is.
type watchedTopic struct {
	veille.Topic
	Live     *veille.Incident // nil when calm
	Mentions int              // of the last 14 days
	Last     time.Time        // the latest mention among them; zero: none
	Weeks    int              // of history, at most 26
	Empty    bool             // nothing was ever read for it
}

// Short tells whether there is too little history to know what is usual.
func (t watchedTopic) Short() bool { return t.Weeks < shortWeeks }

func (s *Server) crises(v *visit) error {
	m, err := v.readCrises()
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("crises.title"), Nav: "crises"}, crisesPage(v, m))
}

func (v *visit) readCrises() (crisesModel, error) {
	deps, ctx := v.server.deps.Crises, v.ctx()
	scope, err := deps.Watched.Scope(ctx, v.Branch.ID)
	if err != nil {
		return crisesModel{}, fmt.Errorf("web: crises of %s: %w", v.Branch.ID, err)
	}
	topics, err := deps.Watched.Topics(ctx, scope)
	if err != nil {
		return crisesModel{}, fmt.Errorf("web: crises of %s: %w", v.Branch.ID, err)
	}
	live, err1 := deps.Incidents.Incidents(ctx, veille.IncidentFilter{Scope: scope, Live: true})
	recent, err2 := deps.Incidents.Incidents(ctx, veille.IncidentFilter{Scope: scope, Since: v.Now.Add(-closedFor)})
	if err := errors.Join(err1, err2); err != nil {
		return crisesModel{}, fmt.Errorf("web: crises of %s: %w", v.Branch.ID, err)
	}
	m := crisesModel{Live: v.rows(gravestFirst(live), topics), Closed: v.rows(lately(recent), topics)}
	m.Topics, err = v.watched(topics, live)
	return m, err
}

// gravestFirst orders by level, then by score.
func gravestFirst(live []veille.Incident) []veille.Incident {
	slices.SortStableFunc(live, func(a, b veille.Incident) int {
		return cmp.Or(cmp.Compare(b.Level.Rank(), a.Level.Rank()), cmp.Compare(b.Score, a.Score))
	})
	return live
}

// lately keeps those that are over, the last closed first.
func lately(all []veille.Incident) []veille.Incident {
	out := slices.DeleteFunc(slices.Clone(all), veille.Incident.Live)
	slices.SortStableFunc(out, func(a, b veille.Incident) int { return b.ClosedAt.Compare(a.ClosedAt) })
	return out
}

func (v *visit) rows(incidents []veille.Incident, topics []veille.Topic) []incidentRow {
	var out []incidentRow
	for _, i := range incidents {
		out = append(out, incidentRow{Incident: i, Topic: topicOf(topics, i.TopicID), Above: i.BranchID != v.Branch.ID})
	}
	return out
}

// topicOf finds a topic; one deleted since keeps its id alone.
func topicOf(topics []veille.Topic, id veille.TopicID) veille.Topic {
	if at := slices.IndexFunc(topics, func(t veille.Topic) bool { return t.ID == id }); at >= 0 {
		return topics[at]
	}
	return veille.Topic{ID: id}
}

// watched tells how calm each judged topic is, those with an incident first.
func (v *visit) watched(topics []veille.Topic, live []veille.Incident) ([]watchedTopic, error) {
	var out []watchedTopic
	for _, t := range topics {
		if t.Subject == veille.SubjectTheme {
			continue
		}
		w := watchedTopic{Topic: t}
		if at := slices.IndexFunc(live, func(i veille.Incident) bool { return i.TopicID == t.ID }); at >= 0 {
			w.Live = &live[at]
		}
		if err := v.measure(&w); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b watchedTopic) int { return boolOrder(a.Live == nil, b.Live == nil) })
	return out, nil
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// measure counts the mentions of a topic and the weeks it was read.
func (v *visit) measure(w *watchedTopic) error {
	deps, ctx := v.server.deps.Crises, v.ctx()
	mentions, err := deps.Evidence.MentionsOf(ctx, w.ID, v.Now.Add(-volumeDays*oneDay))
	if err != nil {
		return fmt.Errorf("web: mentions of topic %s: %w", w.ID, err)
	}
	if w.Mentions = len(mentions); w.Mentions > 0 {
		w.Last = mentions[w.Mentions-1].At
	}
	scope, err := deps.Watched.Scope(ctx, w.BranchID)
	if err != nil {
		return fmt.Errorf("web: scope of topic %s: %w", w.ID, err)
	}
	first, err := deps.Watched.FirstPublished(ctx, scope)
	if errors.Is(err, veille.ErrNotFound) {
		w.Empty = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("web: history of topic %s: %w", w.ID, err)
	}
	w.Weeks = min(fullWeeks, max(0, int(v.Now.Sub(first)/oneWeek)))
	return nil
}

// searchPath opens the search page on the mentions of a topic since a day.
func searchPath(v *visit, t veille.Topic, since time.Time) string {
	q := "(" + t.Query + ")"
	if !since.IsZero() {
		q += " after:" + since.In(v.Zone).Format(time.DateOnly)
	}
	return "/veille?q=" + url.QueryEscape(q)
}

func incidentPath(id veille.IncidentID) string { return "/crises/" + url.PathEscape(string(id)) }

// closing says how an incident ended, in a word.
func closing(v *visit, i veille.Incident) string {
	if i.State == veille.IncidentFalseAlarm {
		return v.T("crises.false_alarm")
	}
	return v.T("crises.resolved")
}

// sinceWords is a moment after the word "depuis": "6 h 40" today, a day before.
func sinceWords(v *visit, t time.Time) string {
	if sameDay(v, t) {
		return v.Time(t)
	}
	return v.T("crises.since_day", "date", v.DateShort(t))
}

// whenWords is when something happened, after a word such as "ouvert": as one
// speaks of it within a week, by its day before.
func whenWords(v *visit, t time.Time) string {
	if v.Now.Sub(t) < 6*24*time.Hour {
		return v.Ago(t, v.Now)
	}
	return v.T("crises.since_day", "date", v.DateShort(t))
}

func sameDay(v *visit, t time.Time) bool {
	return t.In(v.Zone).Format(time.DateOnly) == v.Now.In(v.Zone).Format(time.DateOnly)
}

func topicName(v *visit, t veille.Topic) string {
	if t.Name == "" {
		return v.T("crises.topic_gone")
	}
	return t.Name
}

// closedSays tells how long it lasted and how high it went.
func closedSays(v *visit, row incidentRow) string {
	return v.T("crises.closed_says", "topic", topicName(v, row.Topic), "when", whenWords(v, row.ClosedAt),
		"peak", math.Round(row.Peak), "level_key", "web.level_"+string(row.PeakLevel))
}

// historySays is how much there is to judge by, and what follows.
func historySays(v *visit, weeks int, empty bool) string {
	switch {
	case empty:
		return v.T("crises.history_none")
	case weeks < shortWeeks:
		return v.T("crises.history_short", "n", weeks)
	case weeks < fullWeeks/2:
		return v.T("crises.history_some", "n", weeks)
	}
	return v.T("crises.history_full", "n", weeks)
}
