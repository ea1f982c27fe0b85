package web

import (
	"slices"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A count is how long a text is for one channel.
type count struct {
	Channel veille.Channel
	N, Most int    // Most is 0 where there is no limit
	Rule    string // how its network counts: "points", "clusters" or "weights"
	On      bool   // the post goes there
}

// counts counts a text for each channel as its network does.
func counts(body string, channels []veille.Channel, on []veille.ChannelID) []count {
	out := make([]count, len(channels))
	for i, ch := range channels {
		n, most := publish.Length(ch, body)
		out[i] = count{Channel: ch, N: n, Most: most, Rule: ruleOf(ch), On: slices.Contains(on, ch.ID)}
	}
	return out
}

// ruleOf asks the one table of lengths how a channel counts: a family of three
// code points is one cluster, and two to X.
func ruleOf(ch veille.Channel) string {
	switch n, _ := publish.Length(ch, "\U0001F469\u200D\U0001F467"); n {
	case 3:
		return "points"
	case 2:
		return "weights"
	}
	return "clusters"
}

// countWords is "Facebook : 152 / 63 206".
func countWords(v *visit, n int, most int) string {
	if most == 0 {
		return v.T("compose.count_free", "n", n)
	}
	return v.T("compose.count", "n", n, "most", most)
}
