package demo

import (
	"encoding/xml"
	"net/http"
)

// OPML 2.0. Source: opml.org/spec2.opml.

type opmlDoc struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Folders []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string        `xml:"htmlUrl,attr,omitempty"`
	Tier     int           `xml:"tier,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}

// serveOPML lists every medium, in a folder by tier.
func (w *Web) serveOPML(rw http.ResponseWriter, r *http.Request) {
	names := []string{"", "Nationaux", "Régionaux", "Locaux", "Blogues"}
	doc := opmlDoc{Version: "2.0", Title: "Les médias inventés du Mouvement Desrivières"}
	for tier := 1; tier < len(names); tier++ {
		folder := opmlOutline{Text: names[tier]}
		for _, m := range w.media {
			if m.Tier == tier {
				folder.Outlines = append(folder.Outlines, opmlOutline{
					Text: m.Name, Title: m.Name, Type: "rss",
					XMLURL: base(r) + m.FeedPath(), HTMLURL: base(r) + m.FrontPath(), Tier: m.Tier,
				})
			}
		}
		doc.Folders = append(doc.Folders, folder)
	}
	body, err := toXML(doc, "")
	if err != nil {
		http.Error(rw, "demo: opml", http.StatusInternalServerError)
		return
	}
	w.send(rw, r, "text/x-opml; charset=utf-8", body, w.start)
}
