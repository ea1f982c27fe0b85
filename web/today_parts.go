package web

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"veilleur/internal/engine"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// firstHour is how long a branch's first reading may be spoken of.
const firstHour = time.Hour

// A todo is one thing to do, with one act.
type todo struct {
	Kind  string // "incident", "post" or "slots"
	Grave bool   // escalate or above
	Level veille.Level
	Icon  string
	Title string
	Says  string
	Act   string
	Path  string
}

// todos lists what a person must act on: live incidents the news do not tell,
// posts, then free slots; and how many posts are left to the calendar.
func todos(v *visit, m todayModel) (list []todo, more int) {
	for _, i := range m.Morning.Incidents {
		if !tellsIt(m.News, i) {
			list = append(list, incidentTodo(v, i))
		}
	}
	posts := waitingPosts(v, m)
	show := min(len(posts), doneByHand)
	for _, p := range posts[:show] {
		list = append(list, postTodo(v, p, m.By[p.ChannelID]))
	}
	if m.Tally.Free > 0 {
		list = append(list, slotsTodo(v, m))
	}
	return list, len(posts) - show
}

// toAct tells whether an incident asks a person to act, whatever the news
// tell.
func toAct(i veille.Incident) bool { return i.Level.Rank() >= veille.LevelReview.Rank() }

// tellsIt tells whether the news already tell an incident that is only
// watched.
func tellsIt(news []newsItem, i veille.Incident) bool {
	return !toAct(i) && slices.ContainsFunc(news, func(n newsItem) bool { return n.Incident != nil && n.Incident.ID == i.ID })
}

func incidentTodo(v *visit, i veille.Incident) todo {
	says := []string{v.T("today.score", "score", math.Round(i.Score)), v.T("today.voices", "n", i.Independent)}
	var best veille.Signal
	for _, s := range i.Signals {
		if s.Points > best.Points {
			best = s
		}
	}
	if best.Points > 0 {
		says = append(says, strings.TrimSuffix(v.Say(best.Reason), ".")+".")
	}
	if i.State == veille.IncidentAcknowledged {
		says = append(says, v.T("today.owned"))
	}
	return todo{Kind: "incident", Grave: i.Level.Rank() >= veille.LevelEscalate.Rank(), Level: i.Level, Title: i.Title,
		Says: strings.Join(says, " "), Act: v.T("today.incident_act"), Path: incidentPath(i.ID)}
}

// waitingPosts gives the posts that wait for a person, the most pressing
// first.
func waitingPosts(v *visit, m todayModel) []veille.Post {
	order := []veille.PostState{veille.PostUnknown, veille.PostFailed, veille.PostPublishing, veille.PostHeld, veille.PostAwaiting}
	var out []veille.Post
	for _, p := range m.Morning.Waiting {
		if p.State != veille.PostPublishing || publish.Waits(p) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b veille.Post) int { return slices.Index(order, a.State) - slices.Index(order, b.State) })
	return out
}

func postTodo(v *visit, p veille.Post, ch veille.Channel) todo {
	t := todo{Kind: "post", Icon: stateIcon(p.State), Title: v.T("today.post_"+string(p.State), "title", publish.Headline(p)),
		Says: stateWords(v, p, ch), Act: v.T("today.act_" + string(p.State)), Path: postPagePath(p.ID)}
	if p.Problem != nil {
		t.Says = v.Say(*p.Problem)
	}
	return t
}

func postPagePath(id veille.PostID) string { return "/calendrier/" + url.PathEscape(string(id)) }

func slotsTodo(v *visit, m todayModel) todo {
	const shown = 3
	var hours []string
	for _, t := range m.Free[:min(shown, len(m.Free))] {
		hours = append(hours, v.T("today.slot", "weekday", v.Weekday(t), "time", v.Time(t)))
	}
	return todo{Kind: "slots", Icon: "calendar-plus", Title: v.T("today.free", "n", m.Tally.Free),
		Says: v.T("today.free_says", "slots", v.List(hours...)), Act: v.T("today.fill"), Path: "/calendrier"}
}

// stateIcon is the shape of a post's state.
func stateIcon(s veille.PostState) string {
	switch s {
	case veille.PostPublished:
		return "circle-check"
	case veille.PostScheduled:
		return "clock"
	case veille.PostAwaiting:
		return "user-check"
	case veille.PostPublishing:
		return "hand"
	case veille.PostHeld:
		return "pause"
	case veille.PostUnknown:
		return "circle-help"
	case veille.PostFailed:
		return "circle-x"
	}
	return "pencil"
}

// A weekDay is one day of the week at a glance.
type weekDay struct {
	Short string // "lun."
	Today bool
	Class string // free, scheduled, published, wait or none
	Icon  string // "" for none
	Words string // what the day holds
}

// newWeekDay gives the most pressing of what a day holds.
func newWeekDay(v *visit, d calendarDay) weekDay {
	out := weekDay{Short: strings.TrimSuffix(v.WeekdayShort(d.Date), "."), Today: d.Today, Class: "none"}
	var words []string
	rank := 0
	take := func(n int, class, icon string) {
		if n > rank {
			rank, out.Class, out.Icon = n, class, icon
		}
	}
	for _, l := range d.Lines {
		switch {
		case l.Post == nil && l.Spare:
			continue
		case l.Post == nil:
			take(3, "free", "")
			words = append(words, v.T("today.day_free", "time", v.Time(l.At)))
			continue
		case l.Post.State == veille.PostPublished:
			take(1, "published", "check")
		case l.Post.State == veille.PostScheduled:
			take(2, "scheduled", "clock")
		default:
			take(4, "wait", stateIcon(l.Post.State))
		}
		words = append(words, v.T("today.day_"+string(l.Post.State), "time", v.Time(l.At)))
	}
	out.Words = v.T("today.day_none", "weekday", v.Weekday(d.Date))
	if len(words) > 0 {
		out.Words = v.T("today.day", "weekday", v.Weekday(d.Date), "says", strings.Join(words, ", "))
	}
	return out
}

// nearestGoal is the goal due first among those to come, else the last one
// past.
func nearestGoal(goals []engine.GoalPace, now time.Time) *engine.GoalPace {
	var best *engine.GoalPace
	for i := range goals {
		g := &goals[i]
		switch {
		case best == nil:
			best = g
		case g.Goal.DueAt.Before(now) != best.Goal.DueAt.Before(now):
			if best.Goal.DueAt.Before(now) {
				best = g
			}
		case g.Goal.DueAt.Before(now) == g.Goal.DueAt.After(best.Goal.DueAt):
			best = g
		}
	}
	return best
}

// paceWords tells how a goal goes, in a sentence.
func paceWords(v *visit, g engine.GoalPace) string {
	p := g.Pace
	tenth := func(x float64) float64 { return math.Round(x*10) / 10 }
	switch {
	case p.Reached:
		return v.T("today.goal_reached")
	case p.Over:
		return v.T("today.goal_over")
	case p.Short:
		return v.T("today.goal_short", "needed", tenth(p.Needed))
	case p.OnPace:
		return v.T("today.goal_on", "pace", tenth(p.PerWeek), "needed", tenth(p.Needed))
	}
	return v.T("today.goal_behind", "pace", tenth(p.PerWeek), "needed", tenth(p.Needed))
}

// goalSpark draws the measures of a goal; it says the same in words.
func goalSpark(v *visit, g engine.GoalPace) spark {
	s := spark{Goal: g.Goal.Target, Forecast: math.NaN()}
	s.Values = append(s.Values, g.Goal.Start)
	for _, m := range g.Goal.Measures {
		s.Values = append(s.Values, m.Value)
	}
	s.Says = v.T("today.spark", "start", g.Goal.Start, "start_date", g.Goal.StartAt, "value", g.Pace.Value, "unit", g.Goal.Unit)
	if !g.Pace.Short && !g.Pace.Over && !g.Pace.Reached {
		s.Forecast = g.Pace.Forecast
		s.Says += " " + v.T("today.spark_then", "forecast", math.Round(g.Pace.Forecast), "due_date", g.Goal.DueAt)
	}
	return s
}

// silentNames names at most two sources, then counts the others.
func silentNames(v *visit, list []veille.Source) string {
	const named = 2
	names := each(list[:min(named, len(list))], veille.Source.Name)
	if more := len(list) - len(names); more > 0 {
		names = append(names, v.T("today.others", "n", more))
	}
	return v.List(names...)
}

func headline(p veille.Post) string { return publish.Headline(p) }

// folds counts the entries the news fold.
func folds(news []newsItem) int {
	n := 0
	for _, x := range news {
		n += x.Story.Entries
	}
	return n
}

// newsWords gives the tone words of the lead when they agree with the story.
func newsWords(n newsItem) []veille.ToneWord {
	if n.Lead.Reading.ToneClass() != (veille.Reading{Tone: n.Story.Tone}).ToneClass() {
		return nil
	}
	return n.Lead.Reading.ToneWords
}

// scoreWords says the score of an incident about a story, and whether it is
// under the threshold.
func scoreWords(v *visit, i veille.Incident) string {
	key := "today.score_over"
	if i.Level.Rank() < veille.LevelEscalate.Rank() {
		key = "today.score_under"
	}
	return v.T(key, "score", math.Round(i.Score))
}

func incidentClass(d todo) string {
	if d.Grave {
		return "alarm"
	}
	return "lamp"
}
