package publish

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"veilleur/internal/veille"
)

// A limit is how long a text one network takes, and how it counts.
type limit struct {
	hosts []string // of the page a manual channel opens
	max   int
	count func(string) int
}

// limits is the one table of lengths, as of 2026-11-23. Source: the networks'
// own documentation, and for X twitter-text configuration v3. WordPress and
// other sites have no limit.
func limits() []limit {
	return []limit{
		{[]string{"facebook.com", "fb.com"}, 63206, utf8.RuneCountInString},
		{[]string{"instagram.com"}, 2200, utf8.RuneCountInString},
		{[]string{"linkedin.com"}, 3000, utf8.RuneCountInString},
		{[]string{"bsky.app"}, 300, uniseg.GraphemeClusterCount},
		{[]string{"x.com", "twitter.com"}, 280, weigh},
	}
}

// Length counts text as the channel's network does, and gives the most it
// takes; 0 when there is no limit. A manual channel is known by the page it
// opens; text nobody counts otherwise is counted in characters as a reader
// sees them (grapheme clusters).
func Length(ch veille.Channel, text string) (n, most int) {
	if ch.Network == veille.NetworkManual {
		host := hostOf(ch.URL)
		for _, l := range limits() {
			for _, h := range l.hosts {
				if host == h || strings.HasSuffix(host, "."+h) {
					return l.count(text), l.max
				}
			}
		}
	}
	return uniseg.GraphemeClusterCount(text), 0
}

func hostOf(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// weigh counts as X does: an address is 23, an emoji 2, a character 1 in the
// ranges of most alphabets and of French punctuation, and 2 elsewhere.
func weigh(text string) int {
	text = norm.NFC.String(text)
	address := regexp.MustCompile(`https?://[^\s<>"«»]+`)
	n := 23 * len(address.FindAllString(text, -1))
	for g := uniseg.NewGraphemes(address.ReplaceAllString(text, "")); g.Next(); {
		if isEmoji(g.Runes()) {
			n += 2
			continue
		}
		for _, r := range g.Runes() {
			n += weight(r)
		}
	}
	return n
}

func weight(r rune) int {
	switch {
	case r <= 0x10FF, r >= 0x2000 && r <= 0x200D, r >= 0x2010 && r <= 0x201F, r >= 0x2032 && r <= 0x2037:
		return 1
	}
	return 2
}

// isEmoji tells whether a cluster of several runes is one emoji: it holds a
// joiner, a variation selector, a skin tone, a keycap or a flag.
func isEmoji(rs []rune) bool {
	for _, r := range rs[1:] {
		if r == 0x200D || r == 0xFE0F || r == 0x20E3 || r >= 0x1F1E6 && r <= 0x1F1FF || r >= 0x1F3FB && r <= 0x1F3FF {
			return true
		}
	}
	return false
}
