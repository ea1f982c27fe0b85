package api

import (
	"context"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
	"github.com/labstack/echo/v4"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// postLength is how long a post shows in a calendar, which has no instants.
const postLength = 15 * time.Minute

// ics answers the posts of a branch that have an hour, from three months back
// to a year ahead.
func (s *server) ics(ctx context.Context, c echo.Context, id veille.BranchID) error {
	b, err := s.d.People.Branch(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	all, err := s.d.Posts.Posts(ctx, veille.PostFilter{Branch: id, From: now.AddDate(0, -3, 0), To: now.AddDate(1, 0, 0)})
	if err != nil {
		return err
	}
	cal := ics.NewCalendarFor("Veilleur")
	cal.SetName(oneText(b.Name))
	cal.SetXWRCalName(oneText(b.Name))
	for _, p := range all {
		ev := cal.AddEvent(string(p.ID) + "@veilleur")
		ev.SetDtStampTime(p.UpdatedAt)
		ev.SetStartAt(p.At)
		ev.SetEndAt(p.At.Add(postLength))
		ev.SetSummary(oneText(publish.Headline(p)))
		ev.SetDescription(oneText(p.Text))
		ev.SetURL(s.d.Base + "/calendrier/" + string(p.ID))
		ev.SetStatus(statusOf(p.State))
	}
	return stream(c, "text/calendar; charset=utf-8", "calendrier.ics", []byte(cal.Serialize(ics.WithNewLine("\r\n"))))
}

// statusOf is a post's state as a calendar says it: sure once it is scheduled.
func statusOf(st veille.PostState) ics.ObjectStatus {
	switch st {
	case veille.PostScheduled, veille.PostPublishing, veille.PostPublished:
		return ics.ObjectStatusConfirmed
	}
	return ics.ObjectStatusTentative
}

// oneText drops what no line of a calendar may hold: carriage returns and the
// other control characters. Newlines stay; they are escaped.
func oneText(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
