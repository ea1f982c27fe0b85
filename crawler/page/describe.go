package page

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"
)

// describe reads what a page says of itself: its metadata, JSON-LD included,
// then what it shows. What the page shows comes last: it may be of another
// article.
func describe(root *html.Node, base string) Article {
	f := gather(root)
	if f.base != "" {
		base = resolve(base, f.base)
	}
	meta, ld := f.meta, linkedData(f.scripts)
	a := Article{
		Author:    author(ld.author, meta["author"], meta["article:author"], meta["dc.creator"], meta["parsely-author"], f.author, f.byline),
		Site:      oneLine(cmp.Or(meta["og:site_name"], ld.publisher, meta["application-name"], siteOf(f.title, cmp.Or(meta["og:title"], ld.headline, f.h1)))),
		Image:     picture(base, meta["og:image"], meta["og:image:url"], meta["og:image:secure_url"], ld.image, meta["twitter:image"], meta["twitter:image:src"], f.image),
		Canonical: canonical(base, f.canonical, meta["og:url"], ld.address),
		Lang:      oneLine(f.lang),
		Partial:   ld.walled || meta["article:content_tier"] == "locked",
	}
	a.Title = withoutSite(oneLine(cmp.Or(meta["og:title"], ld.headline, meta["twitter:title"], f.h1, f.title)), a.Site)
	for _, s := range append([]string{meta["article:published_time"], ld.published, meta["datepublished"], meta["dc.date.issued"], meta["dc.date"],
		meta["date"], meta["pubdate"], meta["publishdate"], meta["parsely-pub-date"], meta["sailthru.date"], f.dated}, f.times...) {
		if a.Published = date(s); !a.Published.IsZero() {
			break
		}
	}
	return a
}

// author is the first of names that may be of a person: short, no address, no
// number.
func author(names ...string) string {
	for _, s := range names {
		s = oneLine(s)
		for _, by := range []string{"Par ", "par ", "By ", "by ", "Un texte de ", "Texte de ", "Texte : ", "PAR "} {
			s = strings.TrimPrefix(s, by)
		}
		s = strings.TrimSpace(strings.TrimRight(s, " |,–—-"))
		if s != "" && len(s) < 120 && !strings.HasPrefix(s, "http") && !strings.ContainsAny(s, "0123456789@:") {
			return s
		}
	}
	return ""
}

// between are what stands between the title of an article and its site's name.
var between = []string{" | ", " – ", " — ", " - ", " • ", " :: "}

// siteOf is what follows the article's title in the page's.
func siteOf(page, article string) string {
	page, article = oneLine(page), oneLine(article)
	rest, ok := strings.CutPrefix(page, article)
	if !ok || article == "" {
		return ""
	}
	for _, b := range between {
		if name, ok := strings.CutPrefix(rest, b); ok && len(name) < 80 {
			for _, b := range between { // a section may come first
				if i := strings.LastIndex(name, b); i >= 0 {
					name = name[i+len(b):]
				}
			}
			return name
		}
	}
	return ""
}

// withoutSite drops the name of the site that ends a title.
func withoutSite(title, site string) string {
	for _, b := range between {
		if rest, ok := strings.CutSuffix(title, b+site); ok && site != "" && rest != "" {
			return rest
		}
	}
	return title
}

// picture is the first of addresses that is one of the web.
func picture(base string, addresses ...string) string {
	for _, s := range addresses {
		if u := web(resolve(base, s)); s != "" && u != "" {
			return u
		}
	}
	return ""
}

// canonical is the address a page gives for itself, when it may be: another
// site's would be a mistake or a trap, and the home page, which badly made
// sites give on every page, is not this one.
func canonical(base string, addresses ...string) string {
	for _, s := range addresses {
		u := web(resolve(base, s))
		if s == "" || u == "" || base != "" && (site(u) != site(base) || isHome(u) && !isHome(base)) {
			continue
		}
		u, _, _ = strings.Cut(u, "#")
		return u
	}
	return ""
}

// isHome tells the address of a site's first page, or of its first page in a
// language.
func isHome(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.RawQuery != "" {
		return false
	}
	switch strings.ToLower(strings.Trim(u.Path, "/")) {
	case "", "fr", "en", "fr-ca", "en-ca", "index.html", "index.php", "accueil", "home":
		return true
	}
	return false
}

// site is the name under which an address's host was registered.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// oneLine is s as plain text on one line: white space collapsed, and without
// what has no width or turns the order of what follows.
func oneLine(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

// visible drops what has no width and no meaning in plain text: zero-width
// spaces, soft hyphens, controls, and the marks that turn the order of text,
// which would reach beyond it. The joiners that some scripts need are kept.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r':
			return ' '
		case unseen(r):
			return -1
		}
		return r
	}, s)
}

func unseen(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xA0 || r == 0x200B || r == 0xFEFF || r == 0xAD || r == 0x2060 ||
		r == 0x200E || r == 0x200F || r == 0x061C || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return ""
	}
	return b.ResolveReference(r).String()
}

// web is s if it is an address of the web, else "".
func web(s string) string {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") || len(s) > 2048 {
		return ""
	}
	return s
}
