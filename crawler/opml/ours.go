package opml

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"veilleur/internal/veille"
)

// ours is the name under which an attribute of ours is read: names of
// attributes are compared without their case.
func ours(name string) string { return "veilleur" + strings.ToLower(name) }

// An attribute is one of ours; its name lacks the prefix veilleur.
type attribute struct{ name, value string }

// ours gives what only we say of a source; what is not said is left out.
func (o Outline) ours() []attribute {
	all := []attribute{
		{"Kind", string(o.Kind)}, {"Tier", number(o.Tier)}, {"Publisher", o.Publisher}, {"Group", o.Group},
		{"ReadPages", yes(o.ReadPages)}, {"Every", number(int(o.Every))}, {"Paused", yes(o.Paused)},
		{"Item", o.Watch.Item}, {"ItemTitle", o.Watch.Title}, {"ItemLink", o.Watch.Link}, {"ItemDate", o.Watch.Date},
		{"From", strings.Join(o.Mailbox.From, " ")},
	}
	return slices.DeleteFunc(all, func(a attribute) bool { return a.value == "" })
}

// readOurs reads what ours wrote; a tier alone may come from elsewhere.
func (o *Outline) readOurs(a map[string]string) {
	get := func(name string) string { return oneLine(a[ours(name)]) }
	if tier, _ := strconv.Atoi(cmp.Or(get("Tier"), a["tier"])); tier >= 1 && tier <= 4 {
		o.Tier = tier
	}
	if every, _ := strconv.Atoi(get("Every")); every > 0 && every <= 7*24*60 {
		o.Every = veille.Minutes(every)
	}
	switch k := veille.SourceKind(get("Kind")); k {
	case veille.SourceFeed, veille.SourceAlert, veille.SourceComments, veille.SourceMailbox, veille.SourcePage:
		o.Kind = k
	}
	o.Publisher, o.Group = get("Publisher"), get("Group")
	o.ReadPages, o.Paused = get("ReadPages") == "true", get("Paused") == "true"
	o.Watch = veille.Watch{Item: a[ours("Item")], Title: a[ours("ItemTitle")], Link: a[ours("ItemLink")], Date: a[ours("ItemDate")]}
	o.Mailbox.From = strings.Fields(get("From"))
	if len(o.Mailbox.From) == 0 {
		o.Mailbox.From = nil
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// Of lists sources. The addresses of alerts and mailboxes are secrets: those
// sources are left out unless secrets may be told. So are those that have no
// address at all, such as the media of an imported archive. A mailbox's
// password is never listed.
func Of(sources []veille.Source, secrets bool) []Outline {
	var list []Outline
	for _, s := range sources {
		if s.Secret() && !secrets || !strings.Contains(s.URL, "://") {
			continue
		}
		list = append(list, Outline{
			Title: cmp.Or(s.Title, s.Name()), XMLURL: s.URL, HTMLURL: s.Site, Folder: s.Folder, Tier: int(s.Tier),
			Publisher: s.Publisher, Group: s.Group, Kind: s.Kind, ReadPages: s.ReadPages, Every: s.Every,
			Paused: s.State == veille.SourcePaused, Watch: s.Watch, Mailbox: s.Mailbox,
		})
	}
	return list
}

// Source is what the outline says of a source: all but its ids, its branch,
// its times and its health. Its kind is a feed when not said.
func (o Outline) Source() veille.Source {
	s := veille.Source{
		Kind: veille.SourceKind(cmp.Or(string(o.Kind), string(veille.SourceFeed))), URL: o.XMLURL, Site: o.HTMLURL, Title: o.Title,
		Publisher: o.Publisher, Group: o.Group, Tier: veille.Tier(o.Tier), Folder: o.Folder, ReadPages: o.ReadPages,
		Every: o.Every, Watch: o.Watch, Mailbox: o.Mailbox, State: veille.SourceActive,
	}
	if o.Paused {
		s.State = veille.SourcePaused
	}
	return s
}
