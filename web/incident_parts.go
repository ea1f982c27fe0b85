package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

// holdingStep is the step of every playbook at which its holding statement is
// published: the page shows the text there.
const holdingStep = "playbook.step.holding"

// A stepRow is one step of the playbook, and whether it is done.
type stepRow struct {
	playbook.Step
	N      int       // from 0: its place, which its events name
	Due    time.Time // zero: no clock
	DoneAt time.Time // zero: not done
	By     veille.UserID
	Late   bool
}

// stepRows reads in the history which steps are done: the last word on a step
// stands.
func stepRows(steps []playbook.Step, events []veille.IncidentEvent, opened, now time.Time) []stepRow {
	out := make([]stepRow, len(steps))
	for n, s := range steps {
		out[n] = stepRow{Step: s, N: n}
		if s.Within > 0 {
			out[n].Due = opened.Add(s.Within)
		}
	}
	for _, e := range events {
		n := stepAt(steps, e.Note)
		if n < 0 {
			continue
		}
		switch e.Kind {
		case "step_done":
			out[n].DoneAt, out[n].By = e.At, e.By
		case "step_undone":
			out[n].DoneAt, out[n].By = time.Time{}, ""
		}
	}
	for n := range out {
		out[n].Late = out[n].DoneAt.IsZero() && !out[n].Due.IsZero() && out[n].Due.Before(now)
	}
	return out
}

// stepAt is the place of the step that an event names by its key or its
// number; -1 when it is none of them.
func stepAt(steps []playbook.Step, note string) int {
	if at := slices.IndexFunc(steps, func(s playbook.Step) bool { return s.Says.Key == note }); at >= 0 {
		return at
	}
	n, err := strconv.Atoi(note)
	if err != nil || n < 0 || n >= len(steps) {
		return -1
	}
	return n
}

func stepsDone(steps []stepRow) int {
	n := 0
	for _, s := range steps {
		if !s.DoneAt.IsZero() {
			n++
		}
	}
	return n
}

// clock says when a step was done, or by when it must be.
func (s stepRow) clock(v *visit) string {
	switch {
	case !s.DoneAt.IsZero():
		return v.T("incident.step_done_at", "when", v.Ago(s.DoneAt, v.Now))
	case s.Due.IsZero():
		return ""
	case s.Late:
		return v.T("incident.step_late", "since", sinceWords(v, s.Due))
	}
	return v.T("incident.step_due", "when", byWords(v, s.Due))
}

// byWords is a moment to come after the words "d'ici".
func byWords(v *visit, t time.Time) string {
	if sameDay(v, t) {
		return v.Time(t)
	}
	return v.Ago(t, v.Now)
}

// writePath opens the composer with a text.
func writePath(text string) string { return "/calendrier/nouvelle?texte=" + url.QueryEscape(text) }

// reasonWords is why a signal has points, with its grave words marked.
func reasonWords(v *visit, s veille.Signal) veille.Passage {
	p := veille.Passage{Text: v.Say(s.Reason)}
	words, _ := s.Reason.Args["words"].(string)
	at := 0
	for w := range strings.SplitSeq(words, ", ") {
		if from := strings.Index(p.Text[at:], w); w != "" && from >= 0 {
			p.Marks = append(p.Marks, [2]int{at + from, at + from + len(w)})
			at += from + len(w)
		}
	}
	return p
}

// volumeOf is the mentions of a day, for the chart and its table.
type volumeOf struct {
	Day time.Time
	N   int
	Hot bool // since the incident opened
}

// volume counts the mentions by day, in her zone, the last day last.
func (m incidentModel) volume(v *visit) []volumeOf {
	first := v.firstDay(m)
	out := make([]volumeOf, volumeDays)
	for n := range out {
		next := first.AddDate(0, 0, n+1)
		out[n] = volumeOf{Day: first.AddDate(0, 0, n), Hot: next.After(m.OpenedAt)}
		for _, at := range m.Mentions {
			if !at.At.Before(out[n].Day) && at.At.Before(next) {
				out[n].N++
			}
		}
	}
	return out
}

// bars draws a volume; its words are under it.
func (m incidentModel) bars(v *visit) (says string, bars []bar, under [3]string) {
	days := m.volume(v)
	total := 0
	for _, d := range days {
		total += d.N
		bars = append(bars, bar{N: float64(d.N), Hot: d.Hot && d.N > 0, Label: v.T("incident.volume_day", "day", v.DateShort(d.Day), "n", d.N)})
	}
	last := days[len(days)-1]
	says = v.T("incident.volume_says", "n", total, "days", volumeDays, "last", last.N, "day", v.DateShort(last.Day))
	under = [3]string{v.DateShort(days[0].Day), "", v.T("incident.volume_last", "day", v.DateShort(last.Day), "n", last.N)}
	return says, bars, under
}

// told is one line of the history, in words.
func (m incidentModel) told(v *visit, e veille.IncidentEvent) string {
	level := v.T("web.level_" + string(e.Level))
	switch e.Kind {
	case "opened", "raised", "lowered":
		return v.T("incident.event_"+e.Kind, "level", level, "score", e.Score)
	case "resolved":
		if e.By == "" {
			return v.T("incident.event_calmed", "score", e.Score)
		}
	case "step_done", "step_undone":
		return v.T("incident.event_"+e.Kind, "who", m.person(v, e.By), "step", m.stepName(v, e.Note))
	}
	return v.T("incident.event_"+e.Kind, "who", m.person(v, e.By), "reason", e.Note)
}

func (m incidentModel) stepName(v *visit, note string) string {
	if n := stepAt(m.Playbook.Steps, note); n >= 0 {
		return v.Say(m.Playbook.Steps[n].Says)
	}
	return note
}

// history is what happened, the latest first.
func (m incidentModel) history() []veille.IncidentEvent {
	out := slices.Clone(m.Events)
	slices.Reverse(out)
	return out
}

// silenced tells whether its notifications are muted now.
func (m incidentModel) silenced(v *visit) bool { return m.Live() && m.SilencedUntil.After(v.Now) }

// hourOptions are the silences one can choose.
func hourOptions(v *visit) []option {
	var out []option
	for _, h := range []int{1, 4, 12, 24, 72, 168} {
		label := v.T("incident.hours", "n", h)
		if h >= 48 {
			label = v.T("incident.days", "n", h/24)
		}
		out = append(out, option{Value: strconv.Itoa(h), Label: label})
	}
	return out
}

// typed is what she wrote in a form that was refused.
func (f incidentForm) typed(which string) string {
	if f.Which == which {
		return f.Reason
	}
	return ""
}

// wrong is why a form was refused.
func (f incidentForm) wrong(which string) string {
	if f.Which == which {
		return f.Error
	}
	return ""
}

// hours is the silence chosen: a day unless she chose another.
func (f incidentForm) hours() string {
	if f.Hours == "" {
		return "24"
	}
	return f.Hours
}

// storyAddress is the page of a story.
func storyAddress(id veille.StoryID) string { return "/nouvelles/" + url.PathEscape(string(id)) }

func incidentAct(m incidentModel, act string) templ.SafeURL {
	return templ.SafeURL(incidentPath(m.ID) + "/" + act)
}

// scoreClass is the colour of the score and its bars: red from escalate on.
func scoreClass(i veille.Incident) string {
	if i.Level.Rank() >= veille.LevelEscalate.Rank() {
		return "bad"
	}
	return "warn"
}

// ownerSays names who is on it.
func ownerSays(v *visit, m incidentModel) string {
	switch {
	case m.OwnerID == "" && m.Live():
		return v.T("incident.nobody")
	case m.OwnerID == "":
		return v.T("incident.nobody_was")
	case m.OwnerID == v.User.ID:
		return v.T("incident.owner_you", "since", sinceWords(v, m.AckedAt))
	}
	return v.T("incident.owner_is", "who", m.person(v, m.OwnerID), "since", sinceWords(v, m.AckedAt))
}

// tickTo is what pressing the box asks for.
func tickTo(s stepRow) string {
	if s.DoneAt.IsZero() {
		return "yes"
	}
	return "no"
}

func tickKey(s stepRow) string {
	if s.DoneAt.IsZero() {
		return "incident.step_open"
	}
	return "incident.step_done"
}

// postSays is when a post goes out, and whether it touches the incident.
func postSays(v *visit, p touchedPost) string {
	link := "incident.post_apart"
	if p.Touches {
		link = "incident.post_touches"
	}
	return v.T("incident.post_says", "weekday", v.WeekdayShort(p.At), "date", v.DateShort(p.At), "time", v.Time(p.At), "link_key", link)
}
