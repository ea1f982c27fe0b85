package feed

import (
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shown are the elements HTML may keep: text and its structure, tables,
// pictures, sound and film, and words of old that browsers take for a span.
// None asks anything of a reader, none runs, none frames another document.
var shown = strings.Fields(`a abbr acronym address area article aside audio b bdi bdo big blockquote br canvas caption center
	cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt em event-source fieldset figcaption
	figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd label legend li m main map mark menu meter multicol nav nextid nobr ol
	optgroup option output p picture pre progress q rp rt ruby s samp section small sound source spacer span strike strong sub summary
	sup table tbody td tfoot th thead time tr track tt u ul var video wbr`)

// addresses are the attributes that hold one address. On the elements shown,
// a browser follows few of them; all must lead to the web or to mail.
var addresses = strings.Fields("action background cite codebase data dynsrc href icon longdesc lowsrc poster src urn usemap")

// looks are the attributes that say how something looks or what it is, and do
// nothing.
var looks = strings.Fields(`abbr accept accept-charset align alt autocomplete axis balance bgcolor bgproperties border bordercolor
	bordercolordark bordercolorlight bottompadding cellpadding cellspacing ch challenge char charoff charset checked choff clear color
	cols colspan compact controls coords datafld datapagesize datasrc datetime default delay disabled draggable enctype end
	face for frame galleryimg gutter headers height hidden hidefocus high hreflang hspace inputmode ismap keytype label lang leftspacing
	list loop loopcount loopend loopstart low max maxlength media method min multiple nohref noshade nowrap open optimum pattern
	point-size pqg preload prompt radiogroup readonly rel repeat-max repeat-min replace required rev rightspacing rows rowspan rules
	scope selected shape size span start step summary suppress template title toppadding type unselectable valign value variable
	volume vrml vspace width wrap`)

// idle are the attributes that do something where they stand: they are kept
// when they are empty.
var idle = strings.Fields("accesskey autofocus class contenteditable dir form id name ping tabindex target xml:lang")

// webAddress matches an address of http, https or mailto, or one without a
// scheme.
var webAddress = regexp.MustCompile(`(?is)^(?:https?:|mailto:|[^:/?#]*(?:[/?#]|$))`)

// scripted tells a value that runs where it is taken for an address; it is kept
// nowhere.
func scripted(v string) bool {
	if strings.IndexByte(v, ':') < 0 {
		return false
	}
	scheme, _, _ := strings.Cut(v, ":")
	scheme = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, scheme))
	return scheme == "javascript" || scheme == "vbscript" || scheme == "data" || scheme == "file"
}

// policy is the last gate of HTML. It is built once and only read.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(shown...)
	p.AllowNoAttrs().OnElements(shown...)
	p.AllowElementsContent("frame", "frameset", "iframe", "noembed", "noframes", "noscript", "object", "title")
	p.AllowAttrs(looks...).Globally()
	p.AllowAttrs(addresses...).Matching(webAddress).Globally()
	p.AllowAttrs(idle...).Matching(regexp.MustCompile(`^$`)).Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(?:rtl|ltr|auto)$`)).Globally()
	p.AllowAttrs("id", "name").Matching(regexp.MustCompile(`^[\w:.-]+$`)).Globally()
	p.AllowAttrs("style").Matching(plainStyle).Globally()
	return p
})

// sanitise makes HTML harmless, with links absolute where base allows. It
// gives "" when nothing is left to see. Whoever shows it adds rel to its links.
func sanitise(s, base string, limit int) string {
	s = clip(strings.TrimSpace(s), limit)
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s, "<&") {
		return html.EscapeString(s)
	}
	return strings.TrimSpace(policy().Sanitize(prepared(s, base)))
}

// told is a text as its readers want it: plain on one line, and as HTML when
// it has markup.
func told(s, base string, limit int) (text, markup string) {
	if strings.IndexByte(s, '<') < 0 {
		return line(s, limit), ""
	}
	markup = sanitise(s, base, 8*limit)
	text = line(markup, limit)
	if strings.IndexByte(markup, '<') < 0 || len(markup) > limit {
		return text, ""
	}
	return text, markup
}

// unwrapped are the elements of which only the inside is kept, though HTML
// would take it for text without markup.
var unwrapped = map[atom.Atom]bool{
	atom.Iframe: true, atom.Noembed: true, atom.Noframes: true, atom.Noscript: true, atom.Plaintext: true,
	atom.Textarea: true, atom.Title: true, atom.Xmp: true,
}

// prepared is HTML with links resolved against base, styles reduced to plain
// ones, and no tags of what is unwrapped. It is not safe yet, but its tags are
// those that were read: a stray < of a text is escaped, so that none is made of
// what stands around a tag left out.
func prepared(s, base string) string {
	var b strings.Builder
	b.Grow(len(s))
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := z.Raw()
			name, more := z.TagName()
			switch {
			case unwrapped[atom.Lookup(name)]:
				z.NextIsNotRawText()
			case !more:
				b.Write(raw)
			default:
				tag(&b, string(name), z, base)
			}
		case html.TextToken:
			b.WriteString(strings.ReplaceAll(string(z.Raw()), "<", "&lt;"))
		case html.EndTagToken:
			b.Write(z.Raw())
		}
	}
}

// tag writes a start tag with the attributes that the tokenizer has.
func tag(b *strings.Builder, name string, z *html.Tokenizer, base string) {
	b.WriteByte('<')
	b.WriteString(name)
	for more := true; more; {
		var key, val []byte
		key, val, more = z.TagAttr()
		k, v := string(key), string(val)
		switch {
		case scripted(v):
			continue
		case isAddress[k]:
			if v = withoutBreaks(v); v != "" {
				v = resolve(base, v)
			}
			if !webAddress.MatchString(v) {
				continue
			}
		case k == "style":
			if v = style(v); v == "" {
				continue
			}
		}
		b.WriteByte(' ')
		b.WriteString(k)
		b.WriteString(`="`)
		b.WriteString(html.EscapeString(v))
		b.WriteByte('"')
	}
	b.WriteByte('>')
}

var isAddress = func() map[string]bool {
	out := make(map[string]bool, len(addresses))
	for _, a := range addresses {
		out[a] = true
	}
	return out
}()
