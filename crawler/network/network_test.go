package network

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

const anID = "UC7_gcs09iThXybpVgjHZ_7g" // of the sample

func TestAnAddressOfANetworkLeadsToItsFeed(t *testing.T) {
	t.Parallel()
	const yt = "https://www.youtube.com/feeds/videos.xml?"
	for address, want := range map[string][]string{
		"https://www.youtube.com/channel/" + anID:                     {yt + "channel_id=" + anID, yt + "playlist_id=UULF7_gcs09iThXybpVgjHZ_7g"},
		"https://m.youtube.com/channel/" + anID + "/videos":           {yt + "channel_id=" + anID, yt + "playlist_id=UULF7_gcs09iThXybpVgjHZ_7g"},
		"https://www.youtube.com/playlist?list=PLabcdefghijklmnop":    {yt + "playlist_id=PLabcdefghijklmnop"},
		"https://www.youtube.com/watch?v=abc&list=PLabcdefghijklmnop": {yt + "playlist_id=PLabcdefghijklmnop"},
		"https://www.youtube.com/@unecaisse":                          nil, // its page tells
		"https://youtu.be/0A1ouV7iD8o":                                nil,
		yt + "channel_id=" + anID:                                     nil, // a feed already
		"https://www.youtube.com/channel/trop-court":                  nil,
		"https://www.reddit.com/r/Quebec/":                            {"https://www.reddit.com/r/Quebec/.rss"},
		"https://old.reddit.com/r/Quebec/new/":                        {"https://www.reddit.com/r/Quebec/new/.rss"},
		"https://www.reddit.com/user/unepersonne/":                    {"https://www.reddit.com/user/unepersonne/.rss"},
		"https://reddit.com/u/unepersonne":                            {"https://www.reddit.com/user/unepersonne/.rss"},
		"https://www.reddit.com/search/?q=caisse+populaire":           {"https://www.reddit.com/search.rss?q=caisse+populaire&sort=new"},
		"https://www.reddit.com/r/Quebec/search/?q=caisse":            {"https://www.reddit.com/r/Quebec/search.rss?q=caisse&restrict_sr=on&sort=new"},
		"https://www.reddit.com/r/Quebec/comments/157kyrd/un_titre/":  {"https://www.reddit.com/r/Quebec/comments/157kyrd/.rss"},
		"https://www.reddit.com/r/Quebec/?feed=jeton&user=ana":        {"https://www.reddit.com/r/Quebec/.rss?feed=jeton&user=ana"},
		"https://www.reddit.com/r/Quebec/.rss":                        nil,
		"https://www.reddit.com/":                                     nil,
		"https://social.exemple/@ana":                                 {"https://social.exemple/@ana.rss"},
		"https://social.exemple/@ana/115151515":                       {"https://social.exemple/@ana.rss"},
		"https://social.exemple/@ana@autre.exemple":                   {"https://autre.exemple/@ana.rss"},
		"https://social.exemple/users/ana":                            {"https://social.exemple/users/ana.rss"},
		"https://social.exemple/tags/ristourne":                       {"https://social.exemple/tags/ristourne.rss"},
		"https://social.exemple/@ana.rss":                             nil,
		"https://medium.com/@ana":                                     nil,
		"https://bsky.app/profile/ana.bsky.social":                    {"https://bsky.app/profile/ana.bsky.social/rss"},
		"https://bsky.app/profile/caisse.exemple/post/3k":             {"https://bsky.app/profile/caisse.exemple/rss"},
		"https://bsky.app/profile/did:plc:abc":                        {"https://bsky.app/profile/did:plc:abc/rss"},
		"https://ana.bsky.social":                                     {"https://bsky.app/profile/ana.bsky.social/rss"},
		"https://bsky.app/profile/ana.bsky.social/rss":                nil,
		"https://hebdo.exemple/actualites":                            nil,
		"ftp://social.exemple/@ana":                                   nil,
		"::":                                                          nil,
	} {
		var got []string
		for _, f := range Of(address) {
			got = append(got, f.URL)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Of(%s) (-want +got):\n%s", address, diff)
		}
	}
}

func TestANameIsAnAddressToo(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"@ana@social.exemple": "https://social.exemple/@ana",
		"ana@social.exemple":  "", // a mail address
		"r/Quebec":            "https://www.reddit.com/r/Quebec",
		"/r/Quebec":           "https://www.reddit.com/r/Quebec",
		"u/ana":               "https://www.reddit.com/u/ana",
		"@ana.bsky.social":    "https://bsky.app/profile/ana.bsky.social",
		"@ana":                "",
		"hebdo.exemple/r/x":   "",
	} {
		if got := Address(typed); got != want {
			t.Errorf("Address(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestAPageTellsWhatItsAddressDoesNot(t *testing.T) {
	t.Parallel()
	long := "https://www.youtube.com/feeds/videos.xml?playlist_id=UULF7_gcs09iThXybpVgjHZ_7g"
	channelFeed := "https://www.youtube.com/feeds/videos.xml?channel_id=" + anID
	for name, tt := range map[string]struct {
		address, page string
		want          []string
	}{
		"a handle":          {"https://www.youtube.com/@x", `<link rel="canonical" href="https://www.youtube.com/channel/` + anID + `">`, []string{channelFeed, long}},
		"a channel's data":  {"https://www.youtube.com/c/x", `{"externalId":"` + anID + `"}`, []string{channelFeed, long}},
		"a video":           {"https://youtu.be/0A1ouV7iD8o", `<meta itemprop="identifier" content="` + anID + `">`, []string{channelFeed, long}},
		"no channel":        {"https://www.youtube.com/@x", `<p>Bonjour</p>`, nil},
		"WordPress":         {"https://blogue.exemple/", `<meta name="generator" content="WordPress 6.8">`, []string{"https://blogue.exemple/feed/", "https://blogue.exemple/comments/feed/"}},
		"a post of it":      {"https://blogue.exemple/2026/un-billet/?x=1", `<link rel="https://api.w.org/" href="https://blogue.exemple/wp-json/"><body class="post-template single single-post">`, []string{"https://blogue.exemple/feed/", "https://blogue.exemple/comments/feed/", "https://blogue.exemple/2026/un-billet/feed/"}},
		"one in a folder":   {"https://ville.exemple/blogue/", `<link rel='https://api.w.org/' href='https://ville.exemple/blogue/wp-json/' />`, []string{"https://ville.exemple/blogue/feed/", "https://ville.exemple/blogue/comments/feed/"}},
		"an API elsewhere":  {"https://ville.exemple/", `<link rel='https://api.w.org/' href='https://ailleurs.exemple/wp-json/' />`, []string{"https://ville.exemple/feed/", "https://ville.exemple/comments/feed/"}},
		"any other page":    {"https://ville.exemple/", `<p>WordPress est un logiciel.</p>`, nil},
		"no address at all": {"::", `<meta name="generator" content="WordPress">`, nil},
	} {
		var got []string
		for _, f := range OnPage(tt.address, []byte(tt.page)) {
			got = append(got, f.URL)
			if comments := strings.Contains(f.URL, "comments/") || strings.Contains(f.URL, "billet/feed"); (f.Kind() == veille.SourceComments) != comments {
				t.Errorf("%s: %s is of kind %s", name, f.URL, f.Kind())
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestATokenOfRedditIsPutOnAnotherFeed(t *testing.T) {
	t.Parallel()
	got, ok := WithRedditToken("https://www.reddit.com/r/Quebec/search.rss?q=caisse", " https://old.reddit.com/.rss?feed=jeton&user=ana ")
	if want := "https://www.reddit.com/r/Quebec/search.rss?feed=jeton&q=caisse&user=ana"; !ok || got != want {
		t.Errorf("%q, %v, want %q", got, ok, want)
	}
	for _, private := range []string{"", "https://www.reddit.com/.rss", "https://www.reddit.com/.rss?feed=jeton", "https://ailleurs.exemple/?feed=jeton&user=ana", "::"} {
		if got, ok := WithRedditToken("https://www.reddit.com/r/x/.rss", private); ok {
			t.Errorf("%q gave %q", private, got)
		}
	}
	if got, ok := WithRedditToken("https://ailleurs.exemple/.rss", "https://www.reddit.com/.rss?feed=jeton&user=ana"); ok {
		t.Errorf("a token was put on %q", got)
	}
}

func TestFeedsOfCommentsAreTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		address, title string
		want           bool
	}{
		{"https://blogue.exemple/comments/feed/", "", true},
		{"https://blogue.exemple/2026/un-billet/feed/", "Commentaires sur : Un billet", true},
		{"https://blogue.exemple/2026/un-billet/feed/", "Comments on: Un billet", true},
		{"https://blogue.exemple/x", "Le Blogue » Flux des commentaires", true},
		{"https://blogue.exemple/feeds/comments/default", "Le Blogue", true},
		{"https://blogue.exemple/feeds/123/comments/default", "Le Blogue", true},
		{"https://www.reddit.com/r/Quebec/comments/157kyrd/.rss", "", true},
		{"https://blogue.exemple/feed/", "Le Blogue", false},
		{"https://blogue.exemple/feed/", "Sans commentaires", false},
		{"https://blogue.exemple/commentaires-de-la-semaine/feed/", "Nos chroniques", false},
	} {
		if got := AreComments(tt.address, tt.title); got != tt.want {
			t.Errorf("AreComments(%s, %q) = %v", tt.address, tt.title, got)
		}
	}
}

// TestTheSamplesBelongToTheirNetworks reads the address each real feed gives
// for its page, and checks that the page leads to a feed of it.
func TestTheSamplesBelongToTheirNetworks(t *testing.T) {
	dir, _ := os.Getwd()
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	samples := filepath.Join(dir, "../shared/data/platform-samples")
	video, err := os.ReadFile(filepath.Join(samples, "real-youtube-feed.atom.xml"))
	if err != nil {
		t.Skip("platform-samples are not here")
	}
	for _, tt := range []struct{ body, address, want string }{
		{string(video), "https://www.youtube.com/channel/" + anID, "channel_id=" + anID},
	} {
		if !strings.Contains(tt.body, "<uri>"+tt.address+"</uri>") {
			t.Errorf("the sample does not name %s", tt.address)
		}
		if got := Of(tt.address); len(got) != 2 || !strings.HasSuffix(got[0].URL, tt.want) {
			t.Errorf("Of(%s) = %+v", tt.address, got)
		}
	}
	reddit, err := os.ReadFile(filepath.Join(samples, "real-reddit-feed.atom.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if got := Of("https://ud.reddit.com/r/homelab/new/"); !strings.Contains(string(reddit), "https://ud.reddit.com/r/homelab/new/.rss") || len(got) != 1 || got[0].URL != "https://www.reddit.com/r/homelab/new/.rss" {
		t.Errorf("the page of the sample leads to %+v", got)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("https://www.reddit.com/r/Quebec/search?q=a", "https://www.reddit.com/.rss?feed=a&user=b")
	f.Add("https://social.exemple/@ana@autre.exemple", "@ana@social.exemple")
	f.Fuzz(func(t *testing.T, address, other string) {
		for _, x := range Of(address) {
			if !strings.HasPrefix(x.URL, "http") {
				t.Errorf("Of(%q) = %q", address, x.URL)
			}
			if again := Of(x.URL); len(again) > 0 && x.Network != Mastodon {
				t.Errorf("the feed of %q is taken for a page: %q", address, x.URL)
			}
		}
		if a := Address(other); a != "" && !strings.HasPrefix(a, "https://") {
			t.Errorf("Address(%q) = %q", other, a)
		}
		OnPage(address, []byte(other))
		AreComments(address, other)
		WithRedditToken(address, other)
	})
}
