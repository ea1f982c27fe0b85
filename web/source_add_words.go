package web

import (
	"net/url"

	"veilleur/crawler/alert"
	"veilleur/internal/veille"
)

// shownAddress is an address as it may be shown: only the host of one that is a
// credential.
func shownAddress(address string) string {
	kind := veille.SourceFeed
	if k := alert.KindOf(address); k == alert.KindGoogle || k == alert.KindTalkwalker {
		kind = veille.SourceAlert
	}
	return sourceAddress(veille.Source{Kind: kind, URL: address})
}

// offerTitle is what an offer is called: by itself, else by what it follows,
// else by its host.
func offerTitle(v *visit, o Offer) string {
	if o.Title != "" {
		return o.Title
	}
	if o.What != "" {
		return v.T("source_add.what_" + o.What)
	}
	if u, err := url.Parse(o.URL); err == nil {
		return u.Host
	}
	return o.URL
}

// offerHow says how an offer was found, and what of its network it follows.
func offerHow(v *visit, o Offer) string {
	if o.What != "" {
		return v.T("source_add.net_"+o.Network) + " · " + v.T("source_add.what_"+o.What)
	}
	return v.T("source_add.by_" + o.Found)
}

// offerIcon is the shape beside the kind of an offer.
func offerIcon(o Offer) string {
	switch {
	case o.Kind == veille.SourceAlert:
		return "bell"
	case o.Kind == veille.SourceComments:
		return "megaphone"
	case o.Network == "youtube":
		return "play"
	}
	return "rss"
}

// redditPath is the form that signs a feed of Reddit, for this one.
func redditPath(o Offer) string {
	return addPath + "/" + sortReddit + "?" + url.Values{"address": {o.URL}}.Encode()
}
