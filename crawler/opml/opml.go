// Package opml reads and writes lists of feeds: OPML 1.0 and 2.0, as other
// readers export them. It is pure: no network, nothing stored.
//
// Source: the OPML 2.0 specification, opml.org/spec2.opml.
package opml

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"veilleur/internal/veille"
)

// Limits of what is read.
const (
	maxBytes    = 5 << 20
	maxOutlines = 10_000
	maxDepth    = 32
)

// An Outline is one feed of a list. From Publisher on it is what only our own
// lists say.
type Outline struct {
	Title     string            `json:"title"` // the address when the list names none
	XMLURL    string            `json:"xml_url"`
	HTMLURL   string            `json:"html_url,omitempty"`
	Folder    string            `json:"folder,omitempty"` // outer folders first, joined by " / "
	Tier      int               `json:"tier,omitempty"`   // 1 to 4; 0 not said
	Publisher string            `json:"publisher,omitempty"`
	Group     string            `json:"group,omitempty"` // press group
	Kind      veille.SourceKind `json:"kind,omitempty"`  // "" not said
	ReadPages bool              `json:"read_pages,omitempty"`
	Every     veille.Minutes    `json:"every,omitempty"`
	Paused    bool              `json:"paused,omitempty"`
	Watch     veille.Watch      `json:"watch,omitzero"`
	Mailbox   veille.Mailbox    `json:"mailbox,omitzero"`
}

// Parse reads a list. Folders are outlines that hold others; an outline may
// lack a title, and a raw & is taken for itself. A list cut short gives what
// stands before the cut.
//
// It returns an ErrInvalid Problem when the document is no OPML, holds no
// feed, or is over 5 MB, 10,000 feeds or 32 levels.
func Parse(b []byte) ([]Outline, error) {
	if len(b) > maxBytes {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.opml.large"), nil)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	r := reader{}
	for {
		t, err := d.Token()
		if err != nil {
			if r.opml && len(r.found) > 0 {
				return r.found, nil
			}
			if errors.Is(err, io.EOF) && r.opml {
				err = nil
			}
			return nil, problem(r.opml, err)
		}
		if err := r.take(t); err != nil {
			return nil, problem(r.opml, err)
		}
	}
}

// errLarge refuses a list of too many feeds or levels.
var errLarge = fmt.Errorf("more than %d feeds or %d levels", maxOutlines, maxDepth)

func problem(opml bool, cause error) error {
	key := "crawler.opml.not"
	switch {
	case errors.Is(cause, errLarge):
		key = "crawler.opml.large"
	case opml:
		key = "crawler.opml.empty"
	}
	return veille.NewProblem(veille.ErrInvalid, veille.Say(key), cause)
}

// reader follows the nesting of outlines.
type reader struct {
	opml    bool
	folders []string // one an open outline; "" for a feed
	found   []Outline
}

func (r *reader) take(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		name := strings.ToLower(t.Name.Local)
		switch {
		case !r.opml && name != "opml":
			return fmt.Errorf("root is %s", name)
		case name == "opml":
			r.opml = true
		case name == "outline":
			return r.outline(t.Attr)
		}
	case xml.EndElement:
		if strings.EqualFold(t.Name.Local, "outline") && len(r.folders) > 0 {
			r.folders = r.folders[:len(r.folders)-1]
		}
	}
	return nil
}

func (r *reader) outline(attrs []xml.Attr) error {
	a := map[string]string{}
	for _, x := range attrs {
		a[strings.ToLower(x.Name.Local)] = strings.TrimSpace(x.Value)
	}
	title := oneLine(cmp.Or(a["title"], a["text"]))
	address := unbroken(cmp.Or(a["xmlurl"], a["url"]))
	isFeed := a["xmlurl"] != "" && address != "" || address != "" && (strings.EqualFold(a["type"], "rss") || a[ours("Kind")] != "")
	if len(r.folders) >= maxDepth || len(r.found) >= maxOutlines {
		return errLarge
	}
	if !isFeed {
		r.folders = append(r.folders, title)
		return nil
	}
	o := Outline{
		Title: cmp.Or(title, address), XMLURL: address, HTMLURL: unbroken(a["htmlurl"]),
		Folder: cmp.Or(r.folder(), strings.Trim(strings.ReplaceAll(oneLine(a["category"]), "/", " / "), " /")),
	}
	o.readOurs(a)
	r.found = append(r.found, o)
	r.folders = append(r.folders, "")
	return nil
}

func (r *reader) folder() string {
	var names []string
	for _, f := range r.folders {
		if f != "" {
			names = append(names, f)
		}
	}
	return strings.Join(names, " / ")
}

// unbroken is an address without the line breaks that stand in it.
func unbroken(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, s)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
