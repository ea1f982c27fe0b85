package crawler

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/crawler/fetch"
	"veilleur/internal/veille"
)

// TestTheSavedSearchesOfTheSamples reads each sample as its source would, and
// compares its entries: title, publisher, address.
func TestTheSavedSearchesOfTheSamples(t *testing.T) {
	t.Parallel()
	dir, _ := os.Getwd()
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	w := newWorld(t)
	w.now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for file, tt := range map[string]struct {
		address, name string
		want          []string
	}{
		"google-alerts-feed-1.atom.xml": {"https://www.google.com/alerts/feeds/1/2", "Philip Dick New (Google Alerts, en, US)", []string{
			"This week in Concord history|theconcordinsider.com|https://www.theconcordinsider.com/2021/06/04/this-week-in-concord-history-502/"}},
		"google-alerts-feed-2-2026-edge.atom.xml": {"https://www.google.com/alerts/feeds/1/2", "memecoin launch (Google Alerts)", []string{
			"Robinhood hits all-time revenue highs as PONS holds 7% mindshare|Crypto Briefing|https://cryptobriefing.com/example",
			"Analysis: Meme coin frenzy causes a shift in Robinhood Chain's use cases||",
			"Entry with an encoded query string in the target|infoq.com|https://www.infoq.com/podcasts/dojo-web-components-web-assembly?useSponsorshipSuggestions=true&itm_source=podcasts_about_development"}},
		"google-alerts-feed-3-fr-SYNTHETIC.atom.xml": {"https://www.google.com/alerts/feeds/1/2", `"caisse du Fleuve" (Google Alertes)`, []string{
			"La caisse du Fleuve appuie la banque alimentaire d'ici - L'Écho local|exemple.test|https://www.exemple.test/nouvelles/caisse-du-fleuve?page=2&s=%C3%A9t%C3%A9"}},
		"google-news-search-SHAPE.rss.xml": {"https://news.google.com/rss/search?q=x&hl=fr-CA&gl=CA&ceid=CA:fr", `"banque alimentaire" when:7d (Google Actualités, fr, CA)`, []string{
			"Un don record pour la banque alimentaire|La Presse|https://news.google.com/rss/articles/CBMicWFBVV95cUxPcThVaTNLeHlfdHVF?oc=5"}},
		"bing-news-2026.rss.xml": {"https://www.bing.com/news/search?q=x&format=rss&cc=in&setlang=en", "Chennai Super Kings (Bing News, en, IN)", []string{
			"Different challenge: Big shoes for Zaheer Khan to fill as Chennai Super Kings coach|Telegraph India|https://www.telegraphindia.com/sports/cricket/different-challenge/cid/2181766"}},
	} {
		body, err := os.ReadFile(filepath.Join(dir, "../shared/data/platform-samples", file))
		if err != nil {
			t.Skip("platform-samples are not here")
		}
		p, err := w.c.probed(fetch.Response{URL: tt.address, Body: body}, tt.address)
		if err != nil || p.Kind != string(veille.SourceAlert) || p.Title != tt.name {
			t.Errorf("%s: %q of kind %s, %v; want %q", file, p.Title, p.Kind, err, tt.name)
			continue
		}
		var got []string
		for _, e := range p.Sample {
			if strings.ContainsAny(e.Title+e.Text, "<>") {
				t.Errorf("%s: marks are left in %q", file, e.Title+e.Text)
			}
			got = append(got, e.Title+"|"+e.Publisher+"|"+e.URL)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}
