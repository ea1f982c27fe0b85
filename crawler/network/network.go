// Package network knows where known networks keep the feeds of what a person
// looks at: from the address of a YouTube channel, a subreddit, a Mastodon or
// Bluesky profile, or a WordPress site, the address of its feed. It works on
// addresses and pages already fetched, stores nothing and asks nobody: whoever
// calls it checks that the feed is there.
//
// Source: the networks' own pages, as listed in the project's platform notes
// (platforms.md §10); addresses change with the networks, so each rule has its
// line in the tests.
package network

import (
	"net/url"
	"regexp"
	"strings"

	"veilleur/internal/veille"
)

// A Network is whose feed it is.
type Network string

// The networks known.
const (
	YouTube   Network = "youtube"
	Reddit    Network = "reddit"
	Mastodon  Network = "mastodon"
	Bluesky   Network = "bluesky"
	WordPress Network = "wordpress"
)

// A What says what of a network a feed follows.
type What string

// What can be followed.
const (
	Channel   What = "channel"    // all videos of a YouTube channel
	LongVideo What = "long_video" // its videos without the shorts and the lives
	Playlist  What = "playlist"
	Community What = "community" // a subreddit
	Profile   What = "profile"   // what one person or organisation posts
	Tag       What = "tag"
	Search    What = "search"
	Posts     What = "posts"         // of a site
	Comments  What = "comments"      // under all posts of a site
	Replies   What = "post_comments" // under one post
)

// A Feed is one that should be at an address of a known network.
type Feed struct {
	Network Network
	What    What
	Name    string // of the channel, the community or the person, as its address says; "" when it does not
	URL     string
}

// Kind is the kind of source the feed makes.
func (f Feed) Kind() veille.SourceKind {
	if f.What == Comments || f.What == Replies {
		return veille.SourceComments
	}
	return veille.SourceFeed
}

// Tier is the reach of what is published there: a blog or a social network.
const Tier veille.Tier = 4

// Of gives the feeds of an address, by the address alone, best first: none
// when it belongs to no network known, or when only the page tells (see
// OnPage). The address has its scheme.
func Of(address string) []Feed {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	switch host := bare(u); {
	case isYouTube(host):
		return youtube(u)
	case host == "reddit.com":
		return reddit(u)
	case host == "bsky.app" || strings.HasSuffix(host, ".bsky.social"):
		return bluesky(u)
	default:
		return mastodon(u)
	}
}

// IsFeed tells the feeds that networks themselves serve, by their addresses.
func IsFeed(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch host := bare(u); {
	case isYouTube(host):
		return strings.HasPrefix(u.Path, "/feeds/")
	case host == "reddit.com":
		return strings.HasSuffix(u.Path, ".rss")
	case host == "bsky.app":
		return strings.HasSuffix(u.Path, "/rss")
	}
	return strings.HasPrefix(u.Path, "/@") && strings.HasSuffix(u.Path, ".rss")
}

// bare is the host of an address without what says where one reads it from.
func bare(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	for _, known := range []string{"youtube.com", "reddit.com"} { // m., old., music.: one place
		if strings.HasSuffix(host, "."+known) {
			return known
		}
	}
	return strings.TrimPrefix(host, "www.")
}

// parts are the pieces of a path, without empty ones.
func parts(u *url.URL) []string {
	return strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
}

// handle is a name of the fediverse: @ana@social.example.
var handle = regexp.MustCompile(`^@?([A-Za-z0-9_.-]{1,64})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$`)

// Address makes an address of a name that people give instead of one:
// "@ana@social.example" of Mastodon, "r/quebec" of Reddit, "@ana.bsky.social"
// of Bluesky. It gives "" for anything else. A mail address without its first
// @ is not taken for a name.
func Address(typed string) string {
	typed = strings.TrimSpace(typed)
	if m := handle.FindStringSubmatch(typed); m != nil && strings.HasPrefix(typed, "@") {
		return "https://" + strings.ToLower(m[2]) + "/@" + m[1]
	}
	trimmed := strings.TrimPrefix(typed, "/")
	for _, p := range []string{"r/", "u/", "user/"} {
		if rest, ok := strings.CutPrefix(trimmed, p); ok && name.MatchString(rest) {
			return "https://www.reddit.com/" + p + rest
		}
	}
	if rest, ok := strings.CutPrefix(typed, "@"); ok && strings.HasSuffix(strings.ToLower(rest), ".bsky.social") && domain.MatchString(rest) {
		return "https://bsky.app/profile/" + rest
	}
	return ""
}

var (
	name   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	domain = regexp.MustCompile(`^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`)
)

// mastodon knows the profiles and the tags of an instance. Any host may be
// one, save those that use the same addresses for something else.
func mastodon(u *url.URL) []Feed {
	p := parts(u)
	if len(p) == 0 || notMastodon[bare(u)] {
		return nil
	}
	host := u.Scheme + "://" + u.Host
	switch {
	case len(p) == 2 && p[0] == "tags" && !strings.Contains(p[1], "."):
		return []Feed{{Mastodon, Tag, "#" + p[1], host + "/tags/" + url.PathEscape(p[1]) + ".rss"}}
	case strings.HasPrefix(p[0], "@") && len(p) <= 2: // a profile, or one of its posts or tabs
		user, other, away := strings.Cut(p[0][1:], "@")
		if away && domain.MatchString(other) {
			host = "https://" + strings.ToLower(other) // a profile is followed at home
		}
		if name.MatchString(user) && !strings.HasSuffix(user, ".rss") {
			return []Feed{{Mastodon, Profile, "@" + user, host + "/@" + user + ".rss"}}
		}
	case len(p) == 2 && p[0] == "users" && name.MatchString(p[1]) && !strings.HasSuffix(p[1], ".rss"):
		return []Feed{{Mastodon, Profile, "@" + p[1], host + "/users/" + p[1] + ".rss"}}
	}
	return nil
}

// notMastodon use /@name for something else, and have no such feed.
var notMastodon = map[string]bool{
	"medium.com": true, "tiktok.com": true, "threads.net": true, "threads.com": true, "flipboard.com": true, "substack.com": true,
}

// bluesky knows profiles, by their page or by their own host.
func bluesky(u *url.URL) []Feed {
	p := parts(u)
	who := ""
	switch {
	case len(p) >= 2 && p[0] == "profile":
		who = p[1]
	case len(p) == 0 && bare(u) != "bsky.app":
		who = bare(u)
	}
	if !domain.MatchString(who) && !strings.HasPrefix(who, "did:") || len(p) == 3 && p[2] == "rss" {
		return nil
	}
	return []Feed{{Bluesky, Profile, "@" + who, "https://bsky.app/profile/" + url.PathEscape(who) + "/rss"}}
}
