package page

import (
	"regexp"
	"strings"
)

// request is how pages ask to pay, or to sign in, before the rest.
var request = regexp.MustCompile(`(?i)(réservée?s? (aux|à nos) (abonn|membres)|abonnez-vous (pour|et|afin)|déjà abonné|il vous reste .{0,30}(à lire|de cet article)|` +
	`(pour )?(lire|continuer|poursuivre) (la suite|votre lecture|cet article).{0,80}(abonn|connect|compte)|contenu (exclusif|réservé)|` +
	`subscribe (now )?to (continue|read|keep)|already a subscriber|to continue reading|for subscribers|subscriber[- ]only|subscribers only)`)

// walled says whether a page shows a request to pay: a short element that is
// so named and so worded. A link to subscribe, which all pages of some sites
// have, is none.
func (o outline) walled() bool {
	for i := range o {
		e := &o[i]
		if e.text < 20 || e.text > 1500 || around[e.n.DataAtom] && e.heads > 0 || silent[e.n.DataAtom] {
			continue
		}
		if e.mark.wall && request.MatchString(texts(e.n, 1500)) {
			return true
		}
	}
	return false
}

// withoutRequests drops the last paragraphs of a text that ask to pay.
func withoutRequests(text string) (string, bool) {
	found := false
	for range 4 {
		i := strings.LastIndex(text, "\n\n")
		last := text[max(i, 0):]
		if len(last) > 400 || !request.MatchString(last) {
			break
		}
		text, found = text[:max(i, 0)], true
	}
	return text, found
}
