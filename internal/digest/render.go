package digest

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vanng822/go-premailer/premailer"

	"veilleur/internal/veille"
)

// A Printer prints in one language; internal/i18n has it.
type Printer interface {
	T(key string, kv ...any) string
	Say(s veille.Sentence) string
	Locale() string
	Weekday(t time.Time) string
	Date(t time.Time) string
	DateShort(t time.Time) string
	Time(t time.Time) string
}

// Rendered is a digest in words.
type Rendered struct {
	Subject string
	HTML    string // a whole page, CSS inlined, nothing to fetch
	Text    string
}

//go:embed digest.html
var page string

// A sheet is a digest with every sentence printed: what both parts are made of.
type sheet struct {
	Lang, Subject, Preview string
	Hello, Sub, State      string
	Calm, Crisis           bool
	Nothing                string
	Boxes                  []box
	Foot                   []link
	Why                    string
	Links                  []link // of the foot
	Today                  link
}

type box struct {
	Title string
	Lines []printed
	Left  *link // what did not fit
}

type printed struct {
	Title, Lang, Body, Meta string
	Action                  link
	Crisis, Quiet           bool
}

type link struct{ Says, URL string }

// Render prints d with p: a subject, an HTML part and a text part that says
// the same. Texts that are not ours are escaped; nothing in them becomes markup.
func Render(d Digest, p Printer) (Rendered, error) {
	s := print(d, p)
	t, err := template.New("digest").Parse(page)
	if err != nil {
		return Rendered{}, fmt.Errorf("digest: page: %w", err)
	}
	var raw bytes.Buffer
	if err := t.Execute(&raw, s); err != nil {
		return Rendered{}, fmt.Errorf("digest: page: %w", err)
	}
	inliner, err := premailer.NewPremailerFromBytes(raw.Bytes(), premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if err != nil {
		return Rendered{}, fmt.Errorf("digest: inline: %w", err)
	}
	html, err := inliner.Transform()
	if err != nil {
		return Rendered{}, fmt.Errorf("digest: inline: %w", err)
	}
	return Rendered{Subject: s.Subject, HTML: html, Text: text(s)}, nil
}

func print(d Digest, p Printer) sheet {
	weekday := p.Weekday(d.At)
	var said []string
	for _, c := range d.Counts {
		said = append(said, p.Say(c))
	}
	counts := strings.Join(said, ", ")
	if counts == "" {
		counts = p.T("digest.nothing_short")
	}
	s := sheet{
		Lang:    p.Locale() + "-CA",
		Subject: p.T("digest.subject", "weekday", upper(weekday), "counts", counts),
		Hello:   p.T("digest.hello", "weekday", weekday),
		Sub:     p.T("digest.sub", "day", p.Date(d.At), "n", d.Minutes()),
		State:   state(d, p),
		Calm:    d.Calm(),
		Crisis:  d.Crises > 0,
		Why:     why(d, p),
		Today:   link{p.T("digest.open"), d.Links.Today},
		Links:   []link{{p.T("digest.settings"), d.Links.Settings}},
	}
	if d.Links.Unsubscribe != "" {
		s.Links = append(s.Links, link{p.T("digest.unsubscribe"), d.Links.Unsubscribe})
	}
	if d.Nothing() {
		s.Nothing = p.T("digest.nothing")
	}
	for _, b := range []struct {
		key   string
		lines []Line
		left  int
	}{{"digest.do", d.Do, d.Left.Do}, {"digest.know", d.Know, d.Left.Know}, {"digest.dare", d.Dare, d.Left.Dare}} {
		if len(b.lines) > 0 {
			s.Boxes = append(s.Boxes, boxOf(b.key, b.lines, b.left, d.Links.Today, p))
		}
	}
	for _, f := range d.Foot {
		says := footSays(f, p)
		for _, more := range f.More {
			says += " " + p.Say(more)
		}
		s.Foot = append(s.Foot, link{flat(says), f.Link})
	}
	s.Preview = preview(s)
	return s
}

func boxOf(key string, lines []Line, left int, today string, p Printer) box {
	b := box{Title: p.T(key)}
	for _, l := range lines {
		b.Lines = append(b.Lines, line(l, p))
	}
	if left > 0 {
		b.Left = &link{p.T(key+"_left", "n", left), today}
	}
	return b
}

func line(l Line, p Printer) printed {
	out := printed{Title: flat(p.Say(l.Title)), Lang: l.Lang, Crisis: l.Crisis, Quiet: l.Quiet, Action: link{p.Say(l.Action), l.Link}}
	var body []string
	if l.Quote != nil {
		body = append(body, flat(p.T("digest.quote", "text", p.Say(*l.Quote))))
	}
	if len(l.When) > 0 {
		body = append(body, hours(l.When, p))
	}
	for _, s := range l.Says {
		body = append(body, stopped(flat(p.Say(s))))
	}
	if !l.Until.IsZero() {
		body = append(body, p.T("digest.until", "day", p.DateShort(l.Until)))
	}
	out.Body = strings.Join(body, " ")
	var meta []string
	for _, s := range l.Meta {
		meta = append(meta, flat(p.Say(s)))
	}
	out.Meta = upper(strings.Join(meta, " · "))
	return out
}

// stopped ends a sentence that has no end of its own.
func stopped(s string) string {
	if s == "" || strings.ContainsRune(".?!…»”", []rune(s)[len([]rune(s))-1]) {
		return s
	}
	return s + "."
}

// hours enumerates slots, as in: Lundi 12 h, vendredi 15 h.
func hours(at []time.Time, p Printer) string {
	said := make([]string, len(at))
	for n, t := range at {
		said[n] = p.T("digest.slot", "weekday", p.Weekday(t), "time", p.Time(t))
	}
	return upper(strings.Join(said, ", ")) + "."
}

// state is the sentence of the banner.
func state(d Digest, p Printer) string {
	score := round(d.Highest)
	switch {
	case d.Crises > 0:
		return p.T("digest.state_crisis", "n", d.Grave, "score", score)
	case d.Grave > 0:
		return p.T("digest.state_incident", "n", d.Grave, "score", score)
	case score > 0:
		return p.T("digest.state_calm", "score", score)
	}
	return p.T("digest.state_flat")
}

func why(d Digest, p Printer) string {
	who := oneLine(d.Branch.Name)
	if d.Branch.Address != "" {
		who += ", " + oneLine(d.Branch.Address)
	}
	return p.T("digest.why_you", "who", who)
}

func footSays(f FootLine, p Printer) string {
	if f.At.IsZero() {
		return p.Say(f.Says)
	}
	args := maps.Clone(f.Says.Args)
	if args == nil {
		args = map[string]any{}
	}
	args["time"], args["day"] = p.Time(f.At), p.Date(f.At)
	return p.Say(veille.Sentence{Key: f.Says.Key, Args: args})
}

// preview is what a mailbox shows beside the subject: the first title.
func preview(s sheet) string {
	for _, b := range s.Boxes {
		return b.Lines[0].Title
	}
	return s.Nothing
}

// upper begins s with a capital.
func upper(s string) string {
	if s == "" {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
