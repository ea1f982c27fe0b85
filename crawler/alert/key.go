package alert

import (
	"strings"
	"time"
)

// NewsKey names an article of Google News, whose links are opaque and differ
// from one search to another: its title, its publisher and the day it
// appeared. Case, accents, spaces and signs do not count. It gives "" when the
// title has no letter to tell it by, or no date.
func NewsKey(title, publisher string, published time.Time) string {
	t := letters(title)
	if t == "" || published.IsZero() {
		return ""
	}
	return strings.Join([]string{"google_news", t, letters(publisher), published.UTC().Format(time.DateOnly)}, "\x1f")
}

// SplitNews parts a title of Google News from its publisher, which always
// follows the last dash there: "Un don record - La Presse".
func SplitNews(title string) (clean, publisher string) {
	i := strings.LastIndex(title, " - ")
	if i <= 0 {
		return title, ""
	}
	return strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+3:])
}
