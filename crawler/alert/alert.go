// Package alert knows the feeds of saved searches elsewhere: Google Alerts,
// Google News, Bing News, Talkwalker. It tells them by their addresses and
// ids, finds the article behind their links, and cleans their titles. It works
// on strings, stores nothing and asks nobody.
//
// The links of Google News have been opaque since 2024; resolving them would
// need scraping, so they are kept as they are.
package alert

import (
	"html"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A Kind is whose saved search it is.
type Kind string

// The kinds of alert; KindNone is none.
const (
	KindNone       Kind = ""
	KindGoogle     Kind = "google_alerts"
	KindGoogleNews Kind = "google_news"
	KindBing       Kind = "bing_news"
	KindTalkwalker Kind = "talkwalker"
)

// KindOf tells what an address is, by its host and path.
func KindOf(address string) Kind {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return KindNone
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	switch {
	case googleHost(host) && strings.HasPrefix(u.Path, "/alerts/feeds/"):
		return KindGoogle
	case host == "news.google.com" && strings.HasPrefix(u.Path, "/rss"):
		return KindGoogleNews
	case host == "bing.com" && strings.HasPrefix(u.Path, "/news/search"):
		return KindBing
	case (host == "alerts.talkwalker.com" || host == "talkwalker.com") && strings.Contains(u.Path, "/rss/"):
		return KindTalkwalker
	}
	return KindNone
}

// IsAlert says whether an address is a saved search's feed.
func IsAlert(address string) bool { return KindOf(address) != KindNone }

// KindOfFeed tells what a feed is wherever it is served from: by the id it
// gives itself (Google Alerts), else by its own address or its site.
func KindOfFeed(id, self, site string) Kind {
	if strings.HasPrefix(id, "tag:google.com,") && strings.Contains(id, "/alerts/") {
		return KindGoogle
	}
	if k := KindOf(self); k != KindNone {
		return k
	}
	u, err := url.Parse(site)
	if err != nil {
		return KindNone
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if host == "news.google.com" && (strings.HasPrefix(u.Path, "/search") || strings.HasPrefix(u.Path, "/topics")) {
		return KindGoogleNews
	}
	return KindOf(site)
}

// Unwrap gives the address of the article behind the link of an alert, which
// its service wraps to count visits; other links come back unchanged. A
// wrapped link that leads nowhere on the web gives "".
func Unwrap(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	var keys []string
	switch {
	case googleHost(host) && u.Path == "/url":
		keys = []string{"url", "q"}
	case strings.HasSuffix(host, "bing.com") && strings.HasPrefix(strings.ToLower(u.Path), "/news/apiclick"):
		keys = []string{"url", "u"}
	case strings.HasSuffix(host, "talkwalker.com") && u.Query().Get("url") != "":
		keys = []string{"url"}
	default:
		return link
	}
	for _, k := range keys {
		if target := web(parameter(u.RawQuery, k)); target != "" {
			return target
		}
	}
	return ""
}

// parameter is the value of a parameter, decoded once. Google does not escape
// the colon and slashes of its targets, and leaves "+" and "%" of its own, so
// what does not decode is taken as it is.
func parameter(query, name string) string {
	for pair := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if k != name {
			continue
		}
		if decoded, err := url.PathUnescape(v); err == nil {
			return decoded
		}
		return v
	}
	return ""
}

// web is s if it is an address of the web, else "".
func web(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// googleHost tells google.com and google.ca from google.evil.example.
func googleHost(host string) bool {
	rest, ok := strings.CutPrefix(host, "google.")
	if !ok {
		return false
	}
	labels := strings.Split(rest, ".")
	return len(labels) == 1 && len(rest) <= 3 || len(labels) == 2 && (labels[0] == "co" || labels[0] == "com") && len(labels[1]) == 2
}

var markup = regexp.MustCompile(`</?(?:b|em|strong|i)\s*/?>`)

// CleanTitle is a title without the marks an alert puts around the words it
// searched, and without the publisher's name after it when that is known.
func CleanTitle(title, publisher string) string {
	title = html.UnescapeString(markup.ReplaceAllString(title, ""))
	title = strings.Join(strings.Fields(title), " ")
	for _, dash := range []string{" - ", " – ", " | "} {
		if publisher == "" {
			break
		}
		if cut, ok := strings.CutSuffix(title, dash+publisher); ok && cut != "" {
			return strings.TrimSpace(cut)
		}
	}
	return title
}

// SplitTitle parts a title from the publisher after its last dash, when that
// name is the one of the article's site: "Un don record - La Presse" at
// lapresse.ca. Otherwise the dash may be the sentence's own, so the title is
// kept whole and the site's host stands for the publisher; a bare IP address
// names nobody.
func SplitTitle(title, address string) (clean, publisher string) {
	host := Site(address)
	if _, err := netip.ParseAddr(host); err == nil {
		return title, ""
	}
	i := strings.LastIndex(title, " - ")
	if i <= 0 || host == "" {
		return title, host
	}
	name := strings.TrimSpace(title[i+3:])
	if bare := letters(article.ReplaceAllString(name, "")); bare == "" || !strings.Contains(letters(host), bare) {
		return title, host
	}
	return strings.TrimSpace(title[:i]), name
}

// article is the one before a name, which hosts often leave out.
var article = regexp.MustCompile(`(?i)^(?:l['’]|le |la |les |the )`)

// letters is s in lower case without accents, spaces or signs.
func letters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var trailing = regexp.MustCompile(`(?:[\s\x{00A0}]*(?:\.\.\.|…))+[\s\x{00A0}]*$`)

// CleanText is the snippet of an alert without the dots of its cut end.
func CleanText(text string) string {
	return strings.TrimSpace(trailing.ReplaceAllString(text, "…"))
}

// Site is the host of an address, without www: the only name of a publisher
// that Google Alerts gives. "" when the address has none, or only numbers,
// which name nobody.
func Site(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
