package network

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
)

// OnPage gives the feeds that only the page at an address tells: the channel
// of a YouTube handle or video, the posts and comments of a WordPress site.
func OnPage(address string, page []byte) []Feed {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil
	}
	if isYouTube(bare(u)) {
		return youtubePage(page)
	}
	if isWordPress(page) {
		return wordpress(u, page)
	}
	return nil
}

// The signs of a WordPress site: what it says of itself, its API, its files.
var (
	generator = regexp.MustCompile(`(?i)<meta[^>]+name=["']generator["'][^>]+content=["']WordPress`)
	restAPI   = []byte("https://api.w.org/")
	themes    = []byte("/wp-content/themes/")
)

func isWordPress(page []byte) bool {
	return generator.Match(page) || bytes.Contains(page, restAPI) || bytes.Contains(page, themes)
}

// onePost tells the page of one post, which has a feed of its own comments.
var onePost = regexp.MustCompile(`(?i)<body[^>]+class=["'][^"']*\bsingle(?:-post)?\b`)

// wordpress offers a site's posts and comments, and under a post its own. The
// site may stand in a folder, which its API's address tells.
func wordpress(u *url.URL, page []byte) []Feed {
	root := u.Scheme + "://" + u.Host + "/"
	if m := apiRoot.FindSubmatch(page); m != nil {
		if at, err := u.Parse(string(m[1])); err == nil && at.Host == u.Host {
			root = at.String()
		}
	}
	out := []Feed{{WordPress, Posts, "", root + "feed/"}, {WordPress, Comments, "", root + "comments/feed/"}}
	if onePost.Match(page) && strings.Trim(u.Path, "/") != "" {
		post := *u
		post.RawQuery, post.Fragment = "", ""
		out = append(out, Feed{WordPress, Replies, "", strings.TrimSuffix(post.String(), "/") + "/feed/"})
	}
	return out
}

var apiRoot = regexp.MustCompile(`<link[^>]+rel=["']https://api\.w\.org/["'][^>]+href=["']([^"']+)wp-json/`)

// commentPaths are how the addresses of comment feeds look: WordPress, Blogger,
// Drupal, Reddit.
var commentPaths = regexp.MustCompile(`(?i)/comments/(?:feed|default|[a-z0-9]+/(?:[^/]+/)?\.rss)|/comments?(?:\.rss|\.xml|/rss|/atom)|/feeds/\d+/comments/|/crss\b`)

// commentTitles are how the feeds of comments are called, in French and in
// English.
var commentTitles = regexp.MustCompile(`(?i)^(?:comments (?:for|on)\b|commentaires (?:pour|sur|de)\b|comments\s*:|flux des commentaires)|[»:|–-]\s*(?:flux des commentaires|comments feed)\s*$|\bflux des commentaires\b|\bcomments feed\b`)

// AreComments tells a feed of what people say under posts from a feed of
// posts, by its address and what it is called.
func AreComments(address, title string) bool {
	if u, err := url.Parse(address); err == nil && commentPaths.MatchString(u.Path) {
		return true
	}
	return commentTitles.MatchString(strings.TrimSpace(title))
}
