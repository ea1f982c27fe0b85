package alert

import (
	"net/url"
	"strings"
)

// A Search is what a person wants to follow on a news engine, in plain words.
type Search struct {
	Words  string // as typed: several words must all be there, "quotes" hold a phrase together
	Lang   string // fr or en
	Region string // CA, FR, US
}

// GoogleNews is the address of the feed of a search on Google News.
func (s Search) GoogleNews() string {
	lang := s.Lang + "-" + s.Region
	return "https://news.google.com/rss/search?" + url.Values{
		"q": {s.words()}, "hl": {lang}, "gl": {s.Region}, "ceid": {s.Region + ":" + s.Lang},
	}.Encode()
}

// BingNews is the address of the feed of a search on Bing News.
func (s Search) BingNews() string {
	return "https://www.bing.com/news/search?" + url.Values{
		"q": {s.words()}, "format": {"rss"}, "setlang": {s.Lang}, "cc": {strings.ToLower(s.Region)},
	}.Encode()
}

// words are the words with the signs the engines understand: French quotation
// marks hold nothing together there.
func (s Search) words() string {
	return strings.Join(strings.Fields(quotes.Replace(s.Words)), " ")
}

var quotes = strings.NewReplacer("«\u00a0", `"`, "\u00a0»", `"`, "« ", `"`, " »", `"`, "«", `"`, "»", `"`, "“", `"`, "”", `"`)

// FeedOf gives the feed of a page of a news engine that a person looks at:
// a search or a section of Google News, a search of Bing News. It gives "" for
// any other address, a feed included.
func FeedOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || KindOf(address) != KindNone && KindOf(address) != KindBing {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	q := u.Query()
	switch {
	case host == "news.google.com" && newsPath(u.Path):
		u.Path = "/rss" + strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/home")
	case host == "bing.com" && strings.HasPrefix(u.Path, "/news/search") && q.Get("format") != "rss" && q.Get("q") != "":
		q.Set("format", "rss")
		u.RawQuery = q.Encode()
	default:
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// newsPath tells the pages of Google News that have a feed.
func newsPath(path string) bool {
	path = strings.TrimSuffix(path, "/")
	return path == "" || path == "/home" || path == "/search" || strings.HasPrefix(path, "/topics/") || strings.HasPrefix(path, "/headlines/")
}
