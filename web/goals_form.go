package web

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"veilleur/internal/veille"
)

// A goalForm is the form of a new goal: what she typed, and what is wrong by
// field.
type goalForm struct {
	Name, Unit, Start, Target, Due string
	Errors                         map[string]string
	goal                           veille.Goal // when nothing is wrong
}

// A measureForm is a number she typed for a goal, when it was refused.
type measureForm struct {
	Goal       veille.GoalID
	Value, Day string
	Error      string
}

// mostName is how long a name or a unit may be, in bytes.
const mostName = 200

// readGoal takes the form of a new goal, which begins now.
func (v *visit) readGoal() goalForm {
	f := goalForm{
		Name: v.value("name"), Unit: v.value("unit"), Start: v.value("start"),
		Target: v.value("target"), Due: v.value("due"), Errors: map[string]string{},
	}
	g := veille.Goal{
		ID: veille.GoalID(veille.NewID(v.Now)), BranchID: v.Branch.ID, Name: f.Name, Unit: f.Unit,
		StartAt: v.Now.UTC(), CreatedAt: v.Now.UTC(),
	}
	for name, value := range map[string]string{"name": f.Name, "unit": f.Unit} {
		if value == "" || len(value) > mostName {
			f.Errors[name] = v.T("goals." + name + "_needed")
		}
	}
	var ok bool
	if g.Start, ok = readNumber(f.Start, v.Locale()); !ok {
		f.Errors["start"] = v.T("goals.number_wrong")
	}
	if g.Target, ok = readNumber(f.Target, v.Locale()); !ok {
		f.Errors["target"] = v.T("goals.number_wrong")
	} else if g.Target == g.Start && f.Errors["start"] == "" {
		f.Errors["target"] = v.T("goals.target_same")
	}
	if g.DueAt, ok = v.endOf(f.Due); !ok {
		f.Errors["due"] = v.T("goals.due_wrong")
	} else if !g.DueAt.After(v.Now.Add(24 * time.Hour)) {
		f.Errors["due"] = v.T("goals.due_past")
	}
	f.goal = g
	return f
}

// readMeasure takes a number for g, of today or of a day since it began.
func (v *visit) readMeasure(g veille.Goal) (measureForm, veille.Measure) {
	f := measureForm{Goal: g.ID, Value: v.value("value"), Day: v.value("day")}
	value, ok := readNumber(f.Value, v.Locale())
	if !ok {
		f.Error = v.T("goals.number_wrong")
		return f, veille.Measure{}
	}
	m := veille.Measure{At: v.Now.UTC(), Value: value}
	if f.Day == "" || f.Day == v.today() {
		return f, m
	}
	day, err := time.ParseInLocation(time.DateOnly, f.Day, v.Zone)
	if err != nil || day.After(v.Now) || f.Day < g.StartAt.In(v.Zone).Format(time.DateOnly) {
		f.Error = v.T("goals.day_wrong", "date", v.Date(g.StartAt))
		return f, m
	}
	m.At = day.Add(12 * time.Hour).UTC()
	if m.At.Before(g.StartAt) {
		m.At = g.StartAt
	}
	return f, m
}

// today is her day, as a date field writes it.
func (v *visit) today() string { return v.Now.In(v.Zone).Format(time.DateOnly) }

// endOf is the last minute of a day written in a date field.
func (v *visit) endOf(day string) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, v.Zone)
	if err != nil || t.Year() > v.Now.Year()+50 {
		return time.Time{}, false
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 0, 0, v.Zone).UTC(), true
}

// mostNumber bounds what may be typed: enough for the members of a movement or
// its assets in dollars, and still exact.
const mostNumber = 1e12

// readNumber reads a number as it is typed: « 1 204,5 » in French, "1,204.5" in
// English. Signs, digits and separators only.
func readNumber(s, locale string) (float64, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || locale == "en" && r == ',' {
			return -1
		}
		return r
	}, s)
	s = strings.Replace(s, ",", ".", 1)
	if s == "" || strings.Trim(s, "+-0123456789.") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && math.Abs(x) <= mostNumber
}

// whole rounds a forecast: no tenth of a follower is foreseen.
func whole(x float64) float64 { return math.Round(x) }

// signed is a rate with its sign, to a tenth: "+1,8", "−0,5", "0".
func signed(v *visit, x float64) string {
	x = math.Round(x*10) / 10
	switch {
	case x > 0:
		return "+" + v.Num(x)
	case x < 0:
		return "−" + v.Num(-x)
	}
	return v.Num(0)
}

// A measureInput is the field of one goal as it is shown: empty, or with what
// was refused.
type measureInput struct {
	Value, Day, Error string
	attributes        templ.Attributes
}

func measureField(v *visit, c goalCard, typed measureForm) measureInput {
	if typed.Goal != c.ID {
		return measureInput{Day: v.today()}
	}
	return measureInput{
		Value: typed.Value, Day: typed.Day, Error: typed.Error,
		attributes: templ.Attributes{"aria-invalid": "true", "aria-describedby": "e-" + string(c.ID)},
	}
}

func goalAct(id veille.GoalID, act string) templ.SafeURL {
	return templ.SafeURL("/objectifs/" + url.PathEscape(string(id)) + "/" + act)
}
