package network

import (
	"net/url"
	"slices"
	"strings"
)

// reddit knows communities, people, searches and the comments of a post. The
// token of a feed, when the address has one, stays.
func reddit(u *url.URL) []Feed {
	p := parts(u)
	if len(p) > 0 && strings.HasSuffix(p[len(p)-1], ".rss") {
		return nil // a feed already
	}
	q := tokenOf(u)
	switch {
	case len(p) == 1 && p[0] == "search" && u.Query().Get("q") != "":
		return []Feed{{Reddit, Search, u.Query().Get("q"), redditURL("search.rss", q, "q", u.Query().Get("q"), "sort", "new")}}
	case len(p) < 2 || !name.MatchString(p[1]):
		return nil
	case p[0] == "user" || p[0] == "u":
		return []Feed{{Reddit, Profile, "u/" + p[1], redditURL("user/"+p[1]+"/.rss", q)}}
	case p[0] != "r":
		return nil
	case len(p) >= 4 && p[2] == "comments" && name.MatchString(p[3]):
		return []Feed{{Reddit, Replies, "r/" + p[1], redditURL("r/"+p[1]+"/comments/"+p[3]+"/.rss", q)}}
	case len(p) == 3 && p[2] == "search" && u.Query().Get("q") != "":
		words := u.Query().Get("q")
		return []Feed{{Reddit, Search, words + " (r/" + p[1] + ")", redditURL("r/"+p[1]+"/search.rss", q, "q", words, "restrict_sr", "on", "sort", "new")}}
	case len(p) == 3 && slices.Contains([]string{"new", "hot", "top", "rising"}, p[2]):
		return []Feed{{Reddit, Community, "r/" + p[1], redditURL("r/"+p[1]+"/"+p[2]+"/.rss", q)}}
	}
	return []Feed{{Reddit, Community, "r/" + p[1], redditURL("r/"+p[1]+"/.rss", q)}}
}

func redditURL(path string, q url.Values, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	out := "https://www.reddit.com/" + path
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return out
}

// tokenOf gives the two parameters that sign a feed of Reddit as its reader's:
// none when the address does not hold both.
func tokenOf(u *url.URL) url.Values {
	feed, user := u.Query().Get("feed"), u.Query().Get("user")
	if feed == "" || user == "" || bare(u) != "reddit.com" {
		return url.Values{}
	}
	return url.Values{"feed": {feed}, "user": {user}}
}

// WithRedditToken signs a feed of Reddit with the token of another one, as
// /prefs/feeds lists them for whoever is signed in: Reddit answers 429 or 403
// to whoever is not. It gives false when private holds no token, or feed is
// not of Reddit. The result is a credential.
func WithRedditToken(feed, private string) (string, bool) {
	p, err := url.Parse(strings.TrimSpace(private))
	if err != nil || len(tokenOf(p)) == 0 {
		return "", false
	}
	u, err := url.Parse(feed)
	if err != nil || bare(u) != "reddit.com" {
		return "", false
	}
	q := u.Query()
	for k, v := range tokenOf(p) {
		q[k] = v
	}
	u.RawQuery = q.Encode()
	return u.String(), true
}
