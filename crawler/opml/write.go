package opml

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// Write makes an OPML 2.0 list: folders within folders, each in the order it
// first appears, and feeds before the folders beside them. What only we say of
// a source stands in attributes whose names begin with veilleur, which others
// ignore.
func Write(title string, outlines []Outline) []byte {
	root := &branch{}
	for _, o := range outlines {
		root.at(o.Folder).feeds = append(root.at(o.Folder).feeds, o)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<opml version=\"2.0\">\n  <head><title>" + escaped(title) + "</title></head>\n  <body>\n")
	root.write(&b, "    ")
	b.WriteString("  </body>\n</opml>\n")
	return b.Bytes()
}

// A branch is a folder: its feeds, then the folders in it.
type branch struct {
	name     string
	feeds    []Outline
	branches []*branch
}

// at gives the folder of a path, made when it is not there.
func (b *branch) at(path string) *branch {
	if path == "" {
		return b
	}
	name, rest, _ := strings.Cut(path, " / ")
	i := slices.IndexFunc(b.branches, func(x *branch) bool { return x.name == name })
	if i < 0 {
		i = len(b.branches)
		b.branches = append(b.branches, &branch{name: name})
	}
	return b.branches[i].at(rest)
}

func (b *branch) write(w *bytes.Buffer, indent string) {
	for _, o := range b.feeds {
		writeOutline(w, indent, o)
	}
	for _, x := range b.branches {
		fmt.Fprintf(w, "%s<outline text=\"%s\" title=\"%[2]s\">\n", indent, escaped(x.name))
		x.write(w, indent+"  ")
		w.WriteString(indent + "</outline>\n")
	}
}

// writeOutline writes a feed; a page or a mailbox is a link to other readers,
// which would fail to read it as a feed.
func writeOutline(b *bytes.Buffer, indent string, o Outline) {
	kind, address := "rss", "xmlUrl"
	if o.Kind == veille.SourcePage || o.Kind == veille.SourceMailbox {
		kind, address = "link", "url"
	}
	title := escaped(cmp.Or(o.Title, o.XMLURL))
	fmt.Fprintf(b, "%s<outline type=\"%s\" text=\"%s\" title=\"%[3]s\" %s=\"%s\"", indent, kind, title, address, escaped(o.XMLURL))
	if o.HTMLURL != "" {
		fmt.Fprintf(b, " htmlUrl=\"%s\"", escaped(o.HTMLURL))
	}
	for _, a := range o.ours() {
		fmt.Fprintf(b, " veilleur%s=\"%s\"", a.name, escaped(a.value))
	}
	b.WriteString("/>\n")
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a Buffer never fails
	return b.String()
}
