package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// alertLag is how long after its publication the alert finds an article.
const alertLag = 3 * time.Minute

// alertWords is what the alert looks for.
const alertWords = "Caisse de la Rivière"

// serveAlert answers as Google Alerts does: Atom, links wrapped, the words
// found in bold, a snippet instead of the text.
func (w *Web) serveAlert(rw http.ResponseWriter, r *http.Request) {
	as := w.choose(w.now().Add(-alertLag), func(a Article) bool {
		return a.Medium.Alerted && strings.Contains(a.Title+a.plain(), alertWords)
	})
	f := atomFeed{
		Indexing: "urn:atom-extension:indexing",
		ID:       "tag:google.com,2005:reader/user/07041917000000000001/state/com.google/alerts/3141592653589793238",
		Title:    "Alerte Google – " + alertWords,
		Links:    []atomLink{{Rel: "self", Href: base(r) + AlertPath}},
		Updated:  w.latest(as).Format(time.RFC3339),
	}
	for _, a := range as {
		f.Entries = append(f.Entries, alertEntry(a, base(r)))
	}
	body, err := toXML(f, "")
	if err != nil {
		http.Error(rw, "demo: alert", http.StatusInternalServerError)
		return
	}
	w.send(rw, r, "application/atom+xml", body, w.latest(as))
}

func alertEntry(a Article, base string) atomEntry {
	sum := sha256.Sum256([]byte(a.GUID()))
	at := a.At.Add(alertLag).Format(time.RFC3339)
	q := "rct=j&sa=t&url=" + url.QueryEscape(base+a.Path()) + "&ct=ga&cd=CAIy" +
		hex.EncodeToString(sum[8:16]) + "&usg=AOvVaw" + hex.EncodeToString(sum[16:24])
	return atomEntry{
		ID:        fmt.Sprintf("tag:google.com,2013:googlealerts/feed:%d", binary.BigEndian.Uint64(sum[:8])),
		Title:     atomText{Type: "html", Text: bold(a.Title)},
		Link:      atomLink{Href: "https://www.google.com/url?" + q},
		Published: at, Updated: at,
		Content: &atomText{Type: "html", Text: bold(a.lead()) + "&nbsp;..."},
		Author:  &atomName{},
	}
}

// bold marks what the alert looks for, as markup.
func bold(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), alertWords, "<b>"+alertWords+"</b>")
}
