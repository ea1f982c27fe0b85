package alert

import (
	"encoding/base64"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cd encodes what Google Alerts puts in the links of an alert.
func cd(identity string) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{8, 2, 0x32, byte(len(identity))}, identity...))
}

func TestTheLinksOfAnAlertTellWhichItIs(t *testing.T) {
	t.Parallel()
	fr := Identity{"5028badf1d93c30a", "com", "fr", "CA"}
	for name, tt := range map[string]struct {
		link string
		want Identity
		ok   bool
	}{
		"a real one":             {"https://www.google.com/url?url=https://a.test/&ct=ga&cd=CAIyGjUwMjhiYWRmMWQ5M2MzMGE6Y29tOmVuOlVT&usg=A", Identity{"5028badf1d93c30a", "com", "en", "US"}, true},
		"a Google of two labels": {"https://www.google.com/url?cd=CAIyHGU4ZTJkZjQ3OTVkYmIzMTc6Y28uanA6ZW46SlA", Identity{"e8e2df4795dbb317", "co.jp", "en", "JP"}, true},
		"in French, in Canada":   {"https://www.google.ca/url?cd=" + cd("5028badf1d93c30a:com:fr:CA"), fr, true},
		"padded":                 {"https://www.google.ca/url?cd=" + cd("5028badf1d93c30a:com:fr:CA") + "%3D%3D", fr, true},
		"no region":              {"https://www.google.ca/url?cd=" + cd("5028badf1d93c30a:com:fr:"), Identity{"5028badf1d93c30a", "com", "fr", ""}, true},
		"another message":        {"https://www.google.com/url?cd=CAEYBQ", Identity{}, false},
		"cut short":              {"https://www.google.com/url?cd=CAIyGjUwMjhi", Identity{}, false},
		"the sample's ends":      {"https://www.google.com/url?cd=CAIyGg", Identity{}, false},
		"not base64":             {"https://www.google.com/url?cd=***", Identity{}, false},
		"something to say":       {"https://www.google.com/url?cd=" + cd("<b>:com:fr:CA"), Identity{}, false},
		"none":                   {"https://a.test/", Identity{}, false},
	} {
		got, ok := IdentityOf(tt.link)
		if diff := cmp.Diff(tt.want, got); diff != "" || ok != tt.ok {
			t.Errorf("%s: %v (-want +got):\n%s", name, ok, diff)
		}
	}
}

func TestEveryIdentityOfTheSamplesIsRead(t *testing.T) {
	dir, _ := os.Getwd()
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	want := map[string]Identity{
		"google-alerts-feed-1.atom.xml":    {"5028badf1d93c30a", "com", "en", "US"},
		"real-google-alerts-feed.atom.xml": {"e8e2df4795dbb317", "co.jp", "en", "JP"},
	}
	wrapped := regexp.MustCompile(`https?://www\.google\.com/url[^"<]+`)
	for name, id := range want {
		b, err := os.ReadFile(filepath.Join(dir, "../shared/data/platform-samples", name))
		if err != nil {
			t.Skip("platform-samples are not here")
		}
		for _, m := range wrapped.FindAllString(string(b), -1) {
			if got, ok := IdentityOf(html.UnescapeString(m)); !ok || got != id {
				t.Errorf("%s: %+v, %v", name, got, ok)
			}
		}
	}
}

func TestASavedSearchIsNamedByItsWords(t *testing.T) {
	t.Parallel()
	link := "https://www.google.ca/url?cd=" + cd("5028badf1d93c30a:com:fr:CA")
	for _, tt := range []struct {
		kind                 Kind
		title, address, link string
		want                 string
	}{
		{KindGoogle, `Alerte Google - "caisse du Fleuve"`, "", link, `"caisse du Fleuve" (Google Alertes, fr, CA)`},
		{KindGoogle, "Google Alert - caisse", "", "https://a.test/", "caisse (Google Alerts)"},
		{KindGoogleNews, `"banque alimentaire" when:7d - Google Actualités`, "https://news.google.com/rss/search?q=x&hl=fr-CA&gl=CA&ceid=CA:fr", "", `"banque alimentaire" when:7d (Google Actualités, fr, CA)`},
		{KindBing, "caisse - BingNews", "https://www.bing.com/news/search?q=caisse&format=rss&setlang=fr&cc=ca", "", "caisse (Bing News, fr, CA)"},
		{KindTalkwalker, "Talkwalker Alerts: caisse", "https://alerts.talkwalker.com/alerts/rss/J", "", "caisse (Talkwalker)"},
		{KindGoogle, "Mon alerte", "", "", "Mon alerte"},
		{KindGoogle, "", "", "", ""},
	} {
		if got := Name(tt.kind, tt.title, tt.address, tt.link); got != tt.want {
			t.Errorf("Name(%s, %q) = %q, want %q", tt.kind, tt.title, got, tt.want)
		}
	}
}

func TestWordsMakeASearchAndItsPageAFeed(t *testing.T) {
	t.Parallel()
	s := Search{Words: " «\u00a0caisse du Fleuve\u00a0»  OR  ristourne ", Lang: "fr", Region: "CA"}
	if got, want := s.GoogleNews(), "https://news.google.com/rss/search?ceid=CA%3Afr&gl=CA&hl=fr-CA&q=%22caisse+du+Fleuve%22+OR+ristourne"; got != want {
		t.Errorf("GoogleNews = %s, want %s", got, want)
	}
	if got, want := s.BingNews(), "https://www.bing.com/news/search?cc=ca&format=rss&q=%22caisse+du+Fleuve%22+OR+ristourne&setlang=fr"; got != want {
		t.Errorf("BingNews = %s, want %s", got, want)
	}
	if KindOf(s.GoogleNews()) != KindGoogleNews || KindOf(s.BingNews()) != KindBing {
		t.Error("a search is not told for what it is")
	}
	for page, want := range map[string]string{
		"https://news.google.com/search?q=caisse&hl=fr-CA&gl=CA&ceid=CA:fr": "https://news.google.com/rss/search?q=caisse&hl=fr-CA&gl=CA&ceid=CA:fr",
		"https://news.google.com/home?hl=fr-CA&gl=CA&ceid=CA:fr":            "https://news.google.com/rss?hl=fr-CA&gl=CA&ceid=CA:fr",
		"https://news.google.com/topics/CAAqJggK?hl=fr-CA":                  "https://news.google.com/rss/topics/CAAqJggK?hl=fr-CA",
		"https://www.bing.com/news/search?q=caisse":                         "https://www.bing.com/news/search?format=rss&q=caisse",
		"https://www.bing.com/news/search?q=caisse&format=rss":              "",
		"https://www.bing.com/news/search":                                  "",
		"https://news.google.com/rss/search?q=caisse":                       "",
		"https://news.google.com/articles/CBMi":                             "",
		"https://hebdo.test/search?q=caisse":                                "",
		"::":                                                                "",
	} {
		if got := FeedOf(page); got != want {
			t.Errorf("FeedOf(%s) = %q, want %q", page, got, want)
		}
	}
}

func TestANewsKeyForgetsWhatEnginesChange(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 12, 31, 0, 0, time.UTC)
	key := NewsKey("Un don record pour l’école", "L’Écho", at)
	if again := NewsKey(" Un DON record pour l'ecole ", "L'Echo", at.Add(5*time.Hour)); again != key || key == "" {
		t.Errorf("%q, want %q", again, key)
	}
	for name, other := range map[string]string{
		"another title":     NewsKey("Un don pour l’école", "L’Écho", at),
		"another publisher": NewsKey("Un don record pour l’école", "Le Riverain", at),
		"another day":       NewsKey("Un don record pour l’école", "L’Écho", at.Add(24*time.Hour)),
	} {
		if other == key {
			t.Errorf("%s has the same key", name)
		}
	}
	if NewsKey("…", "L’Écho", at) != "" || NewsKey("Un don", "L’Écho", time.Time{}) != "" {
		t.Error("what cannot be told apart has a key")
	}
	for in, want := range map[string][2]string{
		"Un don record - La Presse":          {"Un don record", "La Presse"},
		"Pont Saint-Aubert - Piémont - Écho": {"Pont Saint-Aubert - Piémont", "Écho"},
		"Sans tiret":                         {"Sans tiret", ""},
		" - Écho":                            {" - Écho", ""},
	} {
		if title, publisher := SplitNews(in); title != want[0] || publisher != want[1] {
			t.Errorf("SplitNews(%q) = %q, %q", in, title, publisher)
		}
	}
}

func FuzzIdentity(f *testing.F) {
	f.Add("CAIyGjUwMjhiYWRmMWQ5M2MzMGE6Y29tOmVuOlVT", "Alerte Google - caisse")
	f.Add("CAEYBQ", "caisse - Google News")
	f.Fuzz(func(t *testing.T, value, title string) {
		id, ok := IdentityOf("https://www.google.com/url?cd=" + value)
		if ok != (id.Alert != "") || !plain([]string{id.Alert, id.Domain, id.Lang, id.Region}) {
			t.Errorf("cd=%q gives %+v, %v", value, id, ok)
		}
		if raw, err := base64.RawURLEncoding.DecodeString(value); err == nil {
			bytesField(raw, 6)
		}
		for _, k := range []Kind{KindGoogle, KindGoogleNews, KindBing, KindTalkwalker} {
			Name(k, title, value, title)
		}
		if f := FeedOf(title); f != "" && FeedOf(f) != "" {
			t.Errorf("the feed of %q is taken for a page: %q", title, f)
		}
		SplitNews(title)
		NewsKey(title, value, time.Unix(0, 0))
	})
}
