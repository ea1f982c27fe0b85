package i18n

import (
	"strconv"
	"time"
)

var (
	frenchMonths = [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	frenchShort  = [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."}
	englishShort = [12]string{"Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."}
	frenchDays   = [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	frenchDay3   = [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."}
	englishDay3  = [7]string{"Sun.", "Mon.", "Tue.", "Wed.", "Thu.", "Fri.", "Sat."}
)

func (p *Printer) local(t time.Time) time.Time {
	if p.zone != nil {
		return t.In(p.zone)
	}
	return t
}

// Month prints the month of t in full: "novembre", "November".
func (p *Printer) Month(t time.Time) string {
	t = p.local(t)
	if p.locale == "fr" {
		return frenchMonths[t.Month()-1]
	}
	return t.Month().String()
}

// Date prints the day of t in full: "23 novembre 2026", "November 23, 2026".
func (p *Printer) Date(t time.Time) string {
	t = p.local(t)
	year := strconv.Itoa(t.Year())
	return p.T("i18n.date", "day", p.day(t), "month", p.Month(t), "year", year)
}

// DateShort prints the day of t without its year: "23 nov.", "Nov. 23".
func (p *Printer) DateShort(t time.Time) string {
	t = p.local(t)
	month := englishShort[t.Month()-1]
	if p.locale == "fr" {
		month = frenchShort[t.Month()-1]
	}
	return p.T("i18n.date_short", "day", p.day(t), "month", month)
}

// day is the number of the day: in French the first is « 1er ».
func (p *Printer) day(t time.Time) string {
	if p.locale == "fr" && t.Day() == 1 {
		return "1er"
	}
	return strconv.Itoa(t.Day())
}

// Weekday prints the day of the week of t: "lundi", "Monday".
func (p *Printer) Weekday(t time.Time) string { return p.WeekdayName(int(p.local(t).Weekday())) }

// WeekdayShort prints the day of the week of t in short: "lun.", "Mon.".
func (p *Printer) WeekdayShort(t time.Time) string {
	d := p.local(t).Weekday()
	if p.locale == "fr" {
		return frenchDay3[d]
	}
	return englishDay3[d]
}

// WeekdayName prints day d, 0 Sunday to 6 Saturday, any other number taken
// modulo 7: "dimanche", "Sunday".
func (p *Printer) WeekdayName(d int) string {
	d = (d%7 + 7) % 7
	if p.locale == "fr" {
		return frenchDays[d]
	}
	return time.Weekday(d).String()
}

// Time prints the time of day of t: "9 h", "6 h 52", "7 h 05" in French,
// "9:00 AM" in English, with no-break spaces.
func (p *Printer) Time(t time.Time) string {
	t = p.local(t)
	if p.locale != "fr" {
		return t.Format("3:04" + nbsp + "PM")
	}
	if t.Minute() == 0 {
		return p.T("i18n.clock_h", "h", t.Hour())
	}
	return p.T("i18n.clock_hm", "h", t.Hour(), "m", t.Format("04"))
}

// DateTime prints day and time: "23 novembre 2026 à 6 h 52", "November 23,
// 2026 at 6:52 AM".
func (p *Printer) DateTime(t time.Time) string {
	return p.T("i18n.date_time", "date", p.Date(t), "time", p.Time(t))
}

// Ago prints t as one speaks of it at now, before or after: "à l’instant",
// "il y a 12 minutes", "ce matin 5 h 30", "hier 16 h", "il y a 3 jours",
// "4 août"; "dans 5 minutes", "demain 9 h", "jeudi 9 h".
func (p *Printer) Ago(t, now time.Time) string {
	t, now = p.local(t), p.local(now).In(p.local(t).Location())
	days := dayNumber(now) - dayNumber(t)
	gap := now.Sub(t)
	switch {
	case gap > -time.Minute && gap < time.Minute:
		return p.T("i18n.now")
	case gap > 0 && gap < time.Hour:
		return p.T("i18n.minutes_ago", "n", int(gap.Minutes()))
	case gap < 0 && gap > -time.Hour:
		return p.T("i18n.in_minutes", "n", int(-gap.Minutes()))
	case days == 0:
		return p.T(partOfDay(t), "time", p.Time(t))
	case days == 1:
		return p.T("i18n.yesterday", "time", p.Time(t))
	case days == -1:
		return p.T("i18n.tomorrow", "time", p.Time(t))
	case days > 1 && days < 7:
		return p.T("i18n.days_ago", "n", days)
	case days < -1 && days > -7:
		return p.T("i18n.weekday_time", "weekday", p.Weekday(t), "time", p.Time(t))
	case t.Year() == now.Year():
		return p.DateShort(t)
	}
	return p.Date(t)
}

// dayNumber counts calendar days, so that their difference ignores hours and
// changes of clock.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func partOfDay(t time.Time) string {
	switch h := t.Hour(); {
	case h < 5:
		return "i18n.tonight"
	case h < 12:
		return "i18n.this_morning"
	case h < 18:
		return "i18n.this_afternoon"
	}
	return "i18n.this_evening"
}
