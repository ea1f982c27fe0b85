package press

import (
	"cmp"
	_ "embed"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"veilleur/internal/veille"
)

//go:embed platforms.txt
var platformText string

var platforms = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(platformText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out[line] = true
		}
	}
	return out
})

// Two sources are kin when each has repeated at least often articles of the
// other, and the lesser way is one in oneWay of both: sister papers lend to
// each other, while an agency never prints its client. On gold-qc this binds
// nobody; one way alone would bind six pairs, five of them wrongly: to an
// agency, or to a medium that quotes.
const (
	often  = 3
	oneWay = 4
)

// Site is the site a source publishes on, without www and the like; "" when it
// is a platform's, an address of a machine, or a mailbox or an alert, which
// publish nothing.
func Site(s veille.Source) string {
	if s.Kind == veille.SourceAlert || s.Kind == veille.SourceMailbox {
		return ""
	}
	u, err := url.Parse(cmp.Or(s.Site, s.URL))
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || platforms()[site] {
		return ""
	}
	return site
}

// Kin gives the press group that sources turn out to be of: those of one site,
// and those that repeat each other's articles both ways. It is called by the
// group a person gave one of them, else by their site, else by the first of
// them. A source of no kin is left out.
func Kin(sources []veille.Source, repeats []veille.Repeat) map[veille.SourceID]string {
	f := family{}
	at := map[string]veille.SourceID{}
	for _, s := range sources {
		site := Site(s)
		if other, ok := at[site]; ok && site != "" {
			f.join(s.ID, other)
		} else {
			at[site] = s.ID
		}
	}
	ways := map[[2]veille.SourceID]int{}
	for _, r := range repeats {
		ways[[2]veille.SourceID{r.By, r.Of}] = r.N
	}
	for way, n := range ways {
		if m := ways[[2]veille.SourceID{way[1], way[0]}]; min(n, m) >= often && min(n, m)*oneWay >= n+m {
			f.join(way[0], way[1])
		}
	}
	return f.named(sources)
}

// A family is sources by the one that stands for their kin.
type family map[veille.SourceID]veille.SourceID

func (f family) head(id veille.SourceID) veille.SourceID {
	for f[id] != "" && f[id] != id {
		id = f[id]
	}
	return id
}

func (f family) join(a, b veille.SourceID) { f[f.head(a)] = f.head(b) }

// named names each kin of two or more.
func (f family) named(sources []veille.Source) map[veille.SourceID]string {
	members := map[veille.SourceID][]veille.Source{}
	for _, s := range sources {
		members[f.head(s.ID)] = append(members[f.head(s.ID)], s)
	}
	out := map[veille.SourceID]string{}
	for _, kin := range members {
		if len(kin) < 2 {
			continue
		}
		slices.SortFunc(kin, func(a, b veille.Source) int { return cmp.Compare(a.ID, b.ID) })
		name := ""
		for _, s := range kin {
			name = cmp.Or(name, s.Group)
		}
		for _, s := range kin {
			out[s.ID] = cmp.Or(name, sharedSite(kin), kin[0].Name())
		}
	}
	return out
}

// sharedSite is the one site of all; "" when they have several.
func sharedSite(kin []veille.Source) string {
	site := Site(kin[0])
	for _, s := range kin {
		if Site(s) != site {
			return ""
		}
	}
	return site
}
