package idea

import (
	"math"
	"strconv"
	"time"

	"veilleur/internal/veille"
)

// An occasion is a day of the year that gives something to say without any
// news: its sentences are idea.occasion.NAME and, for the question and the
// photo, .question and .photo.
type occasion struct {
	name  string
	angle veille.Angle
	on    func(year int) (time.Month, int)
}

// ahead is how long before its day an occasion is suggested.
const ahead = 9

// occasions are the days a caisse of Québec may speak of: feasts, seasons of
// money and of co-operation. None mourns, none is of a faith or a party.
//
// Source: Loi sur la fête nationale; Loi sur les normes du travail (Action de
// grâce); Code de la sécurité routière, art. 440.1 (winter tires); Income Tax
// Act, par. 146(5) (60 days); UN resolutions 47/90 (co-operatives) and 45/106
// (older persons); World Council of Credit Unions (third Thursday of October);
// Journées de la culture (last Friday of September, and two days).
func occasions() []occasion {
	date := func(m time.Month, d int) func(int) (time.Month, int) {
		return func(int) (time.Month, int) { return m, d }
	}
	nth := func(n int, day time.Weekday, m time.Month) func(int) (time.Month, int) {
		return func(year int) (time.Month, int) {
			first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
			return m, 1 + int(day-first.Weekday()+7)%7 + 7*(n-1)
		}
	}
	return []occasion{
		{"budget", veille.AngleAsk, nth(2, time.Monday, time.January)},
		{"valentine", veille.AngleAsk, date(time.February, 14)},
		{"rrsp", veille.AngleRemind, rrspDay},
		{"fraud", veille.AngleRemind, nth(1, time.Monday, time.March)},
		{"clocks", veille.AngleRemind, nth(2, time.Sunday, time.March)},
		{"earth", veille.AngleAsk, date(time.April, 22)},
		{"gardens", veille.AngleAsk, nth(3, time.Monday, time.May)},
		{"national", veille.AngleAsk, date(time.June, 24)},
		{"moving", veille.AngleRemind, date(time.July, 1)},
		{"coops", veille.AngleCelebrate, nth(1, time.Saturday, time.July)},
		{"school", veille.AngleAsk, nth(4, time.Monday, time.August)},
		{"culture", veille.AngleAsk, lastFridayOfSeptember},
		{"elders", veille.AngleCelebrate, date(time.October, 1)},
		{"thanks", veille.AngleAsk, nth(2, time.Monday, time.October)},
		{"caisses", veille.AngleCelebrate, nth(3, time.Thursday, time.October)},
		{"halloween", veille.AngleAsk, date(time.October, 31)},
		{"literacy", veille.AngleAnswer, nth(1, time.Monday, time.November)},
		{"tires", veille.AngleRemind, date(time.December, 1)},
		{"volunteers", veille.AngleCelebrate, date(time.December, 5)},
		{"holidays", veille.AngleAsk, nth(3, time.Monday, time.December)},
	}
}

// rrspDay is the sixtieth day of the year.
func rrspDay(year int) (time.Month, int) {
	d := time.Date(year, time.January, 60, 0, 0, 0, 0, time.UTC)
	return d.Month(), d.Day()
}

func lastFridayOfSeptember(year int) (time.Month, int) {
	last := time.Date(year, time.September, 30, 0, 0, 0, 0, time.UTC)
	return time.September, 30 - int(last.Weekday()-time.Friday+7)%7
}

// days gives the ideas of the days to come, in the branch's zone.
func days(in Input, now time.Time) (out []veille.Idea) {
	zone, err := time.LoadLocation(in.Branch.Zone)
	if err != nil {
		zone = time.UTC
	}
	today := now.In(zone)
	for _, o := range occasions() {
		month, day := o.on(today.Year())
		end := time.Date(today.Year(), month, day, 23, 59, 59, 0, zone) // a page says "until the end of the day"
		left := int(math.Ceil(end.Sub(today).Hours()/24)) - 1
		if left < 0 || left > ahead {
			continue
		}
		if i := o.idea(in, today.Year(), left, end, now); !in.Refused[i.ID] && !in.Used[i.ID] {
			out = append(out, i)
		}
	}
	return out
}

func (o occasion) idea(in Input, year, left int, end, now time.Time) veille.Idea {
	key := "idea.occasion." + o.name
	i := veille.Idea{
		ID: ID(in.Branch.ID, veille.StoryID("occasion:"+o.name+":"+strconv.Itoa(year)), o.angle), BranchID: in.Branch.ID, Angle: o.angle,
		Title: veille.Say(key), Question: veille.Say(key + ".question"), Photo: veille.Say(key + ".photo"), Effort: effort(o.angle),
		ExpiresAt: end, State: veille.IdeaNew, CreatedAt: now,
	}
	add := func(points float64, key string, kv ...any) {
		if p := tenth(points); p != 0 {
			i.Reasons = append(i.Reasons, veille.Reason{Points: p, Says: veille.Say(key, kv...)})
		}
	}
	if left == 0 {
		add(maxRecent, "idea.reason.occasion_today")
	} else {
		add(maxRecent-float64(left), "idea.reason.occasion", "n", left)
	}
	add(maxSubject, "idea.reason.everyone")
	add(maxQuestion, "idea.reason.question")
	fitWeek(add, in, o.angle, end)
	for _, r := range i.Reasons {
		i.Rank = tenth(i.Rank + r.Points)
	}
	return i
}
