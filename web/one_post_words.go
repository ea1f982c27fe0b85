package web

import (
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// ready tells whether the post is hers to publish by hand, now or later.
func ready(m postModel) bool {
	return m.Channel.Network == veille.NetworkManual && m.Post.State != veille.PostPublished
}

// backPath is the week of the post, or this week when it has no hour.
func backPath(v *visit, p veille.Post) string {
	if p.At.IsZero() {
		return "/calendrier"
	}
	return calendarPath(mondayOf(p.At, v.Zone), false)
}

// stateWords says in a sentence where the post is in its life.
func stateWords(v *visit, p veille.Post, ch veille.Channel) string {
	name := channelName(v, ch)
	switch p.State {
	case veille.PostAwaiting:
		return v.T("onepost.says_awaiting", "channel", name)
	case veille.PostScheduled:
		if ch.Network == veille.NetworkManual {
			return v.T("onepost.says_by_hand", "channel", name, "when", dayAndTime(v, p.At))
		}
		return v.T("onepost.says_scheduled", "channel", name, "when", dayAndTime(v, p.At))
	case veille.PostPublishing:
		if publish.Waits(p) {
			return v.T("onepost.says_waits", "channel", name)
		}
		return v.T("onepost.says_publishing", "channel", name)
	case veille.PostPublished:
		return v.T("onepost.says_published", "channel", name, "when", dayAndTime(v, p.PublishedAt))
	case veille.PostFailed:
		return v.T("onepost.says_failed", "channel", name)
	case veille.PostUnknown:
		return v.T("onepost.says_unknown", "channel", name)
	case veille.PostHeld:
		return v.T("onepost.says_held", "channel", name)
	}
	if p.At.IsZero() {
		return v.T("onepost.says_draft", "channel", name)
	}
	return v.T("onepost.says_draft_at", "channel", name, "when", dayAndTime(v, p.At))
}

// dayAndTime is "lundi 23 novembre à 12 h".
func dayAndTime(v *visit, t time.Time) string {
	return v.T("onepost.day_time", "weekday", v.Weekday(t), "date", dayMonth(v, t), "time", v.Time(t))
}

func channelName(v *visit, ch veille.Channel) string {
	if ch.ID == "" {
		return v.T("onepost.channel_gone")
	}
	return ch.Name
}

// problemKind is how grave the post's problem is.
func problemKind(p veille.Post) string {
	if p.State == veille.PostFailed {
		return "bad"
	}
	return "warn"
}

func doneTitle(v *visit, p veille.Post) string {
	switch p.State {
	case veille.PostUnknown:
		return v.T("onepost.ask_there")
	case veille.PostFailed:
		return v.T("onepost.ask_by_hand")
	}
	return v.T("onepost.ask_done")
}

func hourTitle(v *visit, p veille.Post) string {
	switch p.State {
	case veille.PostAwaiting:
		return v.T("onepost.hour_approve")
	case veille.PostDraft:
		return v.T("onepost.hour_draft")
	case veille.PostFailed:
		return v.T("onepost.hour_failed")
	case veille.PostHeld:
		return v.T("onepost.hour_held")
	}
	return v.T("onepost.hour_move")
}

func hourAct(v *visit, p veille.Post) string {
	switch p.State {
	case veille.PostAwaiting:
		return v.T("onepost.approve")
	case veille.PostDraft:
		return v.T("compose.schedule")
	case veille.PostFailed:
		return v.T("onepost.try_again")
	case veille.PostHeld:
		return v.T("onepost.release")
	}
	return v.T("onepost.move")
}

func backWords(v *visit, p veille.Post) string {
	if p.State == veille.PostAwaiting {
		return v.T("onepost.send_back")
	}
	return v.T("onepost.take_back")
}
