package alert

import (
	"cmp"
	"net/url"
	"strings"
)

// services says what each service calls its feeds: before the words searched,
// or after them. The name kept is the service's own in the same language.
var services = []struct {
	kind          Kind
	before, after string
	name          string
}{
	{KindGoogle, "Alerte Google - ", "", "Google Alertes"},
	{KindGoogle, "Alerte Google – ", "", "Google Alertes"},
	{KindGoogle, "Google Alert - ", "", "Google Alerts"},
	{KindGoogleNews, "", " - Google Actualités", "Google Actualités"},
	{KindGoogleNews, "", " - Google News", "Google News"},
	{KindBing, "", " - BingNews", "Bing News"},
	{KindBing, "", " - Bing News", "Bing News"},
	{KindTalkwalker, "Talkwalker Alerts: ", "", "Talkwalker"},
	{KindTalkwalker, "Talkwalker Alert: ", "", "Talkwalker"},
}

// Name makes the name of a saved search from what its feed is called: the
// words searched first, then the service, the language and the region, as far
// as they are known: "caisse du Fleuve" (Google Alertes, fr, CA).
//
// address is the feed's, which tells the language of Google News and Bing;
// links are those of its entries, which tell that of Google Alerts.
func Name(kind Kind, title, address string, links ...string) string {
	words, service := strings.TrimSpace(title), ""
	for _, s := range services {
		rest := strings.TrimSuffix(strings.TrimPrefix(words, s.before), s.after)
		if s.kind == kind && rest != words {
			words, service = strings.TrimSpace(rest), s.name
			break
		}
	}
	lang, region := where(kind, address, links)
	var known []string
	for _, k := range []string{service, lang, region} {
		if k != "" {
			known = append(known, k)
		}
	}
	if words == "" || len(known) == 0 {
		return cmp.Or(words, service)
	}
	return words + " (" + strings.Join(known, ", ") + ")"
}

// where tells the language and the region a search is limited to.
func where(kind Kind, address string, links []string) (lang, region string) {
	for _, l := range links {
		if id, ok := IdentityOf(l); ok {
			return id.Lang, id.Region
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	q := u.Query()
	switch kind {
	case KindGoogleNews:
		lang, _, _ = strings.Cut(q.Get("hl"), "-")
		return lang, q.Get("gl")
	case KindBing:
		lang, _, _ = strings.Cut(q.Get("setlang"), "-")
		return lang, strings.ToUpper(q.Get("cc"))
	}
	return "", ""
}
