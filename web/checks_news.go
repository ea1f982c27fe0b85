package web

import (
	"regexp"
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// newsWarnings says, when a post for Facebook or Instagram links to a news
// medium, that nobody in Canada would see it.
//
// Source: Meta has shown no news links in Canada since 1 August 2023, in
// answer to the Online News Act.
func (s *Server) newsWarnings(v *visit, c candidate) ([]warning, error) {
	i := slices.IndexFunc(c.Channels, isMeta)
	hosts := linkedHosts(c.Text)
	if i < 0 || len(hosts) == 0 {
		return nil, nil
	}
	media, err := s.newsHosts(v, c)
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		if within(h, media) {
			return []warning{{
				Key: "news", Title: v.T("compose.news", "channel", c.Channels[i].Name),
				Says: v.T("compose.news_says", "host", h),
			}}, nil
		}
	}
	return nil, nil
}

// isMeta tells whether a channel is a page of Facebook or Instagram: by the
// address it opens, else by its name.
func isMeta(ch veille.Channel) bool {
	if ch.Network == veille.NetworkWordPress {
		return false
	}
	if within(hostOf(ch.URL), []string{"facebook.com", "fb.com", "instagram.com"}) {
		return true
	}
	name := strings.ToLower(ch.Name)
	return strings.Contains(name, "facebook") || strings.Contains(name, "instagram")
}

// linkedHosts gives the sites that a text links to.
func linkedHosts(body string) []string {
	link := regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"«»]+`)
	var out []string
	for _, address := range link.FindAllString(body, -1) {
		if h := hostOf(address); h != "" {
			out = append(out, h)
		}
	}
	return out
}

// within tells whether host is one of sites or under one.
func within(host string, sites []string) bool {
	return host != "" && slices.ContainsFunc(sites, func(s string) bool {
		return s != "" && (host == s || strings.HasSuffix(host, "."+s))
	})
}

// newsHosts gives the sites taken for news media: those she reads, that of the
// story the post is about, and the known ones; never her own.
func (s *Server) newsHosts(v *visit, c candidate) ([]string, error) {
	sources, err := s.sourcesSeen(v)
	if err != nil {
		return nil, err
	}
	out := knownMedia()
	for _, src := range sources {
		if src.Kind == veille.SourceFeed && src.Tier < 4 {
			out = append(out, siteOf(src))
		}
	}
	if c.Story != "" {
		entries, err := s.deps.Calendar.Cites.EntriesOfStory(v.ctx(), c.Story)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			out = append(out, hostOf(e.URL))
		}
	}
	channels, err := s.deps.Calendar.Posts.Channels(v.ctx(), v.Branch.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out, func(h string) bool {
		return within(h, social()) || slices.ContainsFunc(channels, func(ch veille.Channel) bool { return h == hostOf(ch.URL) })
	}), nil
}

// siteOf is the site of a feed: the one it names, else its own without the
// usual first label.
func siteOf(src veille.Source) string {
	host := hostOf(src.Site)
	if host == "" {
		host = hostOf(src.URL)
	}
	for _, label := range []string{"feeds.", "rss.", "feed."} {
		host = strings.TrimPrefix(host, label)
	}
	return host
}

// social are sites where people talk, and services that carry the feeds of
// others: being read does not make them news media.
func social() []string {
	return []string{"youtube.com", "youtu.be", "reddit.com", "bsky.app", "facebook.com", "instagram.com", "linkedin.com",
		"x.com", "twitter.com", "google.com", "feedburner.com", "wordpress.com"}
}

// knownMedia are sites of Québec and Canadian news that Meta does not show.
func knownMedia() []string {
	return []string{
		"lapresse.ca", "ledevoir.com", "radio-canada.ca", "cbc.ca", "tvanouvelles.ca", "journaldemontreal.com",
		"journaldequebec.com", "lesoleil.com", "latribune.ca", "lenouvelliste.ca", "lavoixdelest.ca", "ledroit.com",
		"lequotidien.com", "noovo.info", "lactualite.com", "lesaffaires.com", "montrealgazette.com", "ctvnews.ca",
		"globalnews.ca", "theglobeandmail.com", "thestar.com", "nationalpost.com", "cp24.com", "citynews.ca",
		"985fm.ca", "acadienouvelle.com", "onfr.tfo.org",
	}
}
