// Package i18n says things to a person in her language: French as it is
// written in Québec, or Canadian English.
//
// It holds the texts of the whole program, embedded from locales/fr and
// locales/en: every file of a folder is a flat YAML map of key to text, and
// all files of a folder are one catalog. A text may hold placeholders such as
// {name}; a text in two numbers is two keys, key.one and key.other, chosen by
// the argument n. Texts are cut into pieces once, at the first use, so that
// printing one parses nothing. It stores and sends nothing.
//
// Source: Office québécois de la langue française, Vitrine linguistique
// (spacing of punctuation, hours, dates, numbers).
package i18n

import (
	"reflect"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// A Printer prints texts, numbers and dates in one language. It is safe for
// use by several goroutines.
type Printer struct {
	locale string // "fr" or "en"
	texts  catalog
	zone   *time.Location // nil: each time in its own zone
}

// For gives the printer of a locale: English for "en" and its regions, French
// for everything else. Times are printed in their own zone; see In.
func For(locale string) *Printer {
	if locale == "en" || strings.HasPrefix(locale, "en-") {
		return printers().en
	}
	return printers().fr
}

// In gives a printer of the same language that prints every time in zone.
func (p *Printer) In(zone *time.Location) *Printer {
	in := *p
	in.zone = zone
	return &in
}

// Locale is "fr" or "en".
func (p *Printer) Locale() string { return p.locale }

// Lang is the language tag for an HTML page: "fr-CA" or "en-CA".
func (p *Printer) Lang() string { return p.locale + "-CA" }

// Has tells whether the catalog holds key, in one number or in two.
func (p *Printer) Has(key string) bool {
	_, ok := p.texts[key]
	return ok
}

// T prints the text of a key, filled with alternating names and values:
// numbers as Num, times as DateTime (as Date under a name ending in "_date"),
// RFC 3339 strings likewise under names ending in "_at" and "_date", and under
// a name ending in "_key" the text of that key, and a map by language what it
// holds for this one. n chooses the number. A key
// that is not in the catalog prints itself. It panics if a name is no string.
func (p *Printer) T(key string, kv ...any) string {
	return p.print(key, func(name string) (any, bool) {
		for i := 0; i+1 < len(kv); i += 2 {
			if kv[i].(string) == name {
				return kv[i+1], true
			}
		}
		return nil, false
	})
}

// Say prints a sentence; see T.
func (p *Printer) Say(s veille.Sentence) string {
	return p.print(s.Key, func(name string) (any, bool) {
		v, ok := s.Args[name]
		return v, ok
	})
}

// List prints words as an enumeration: "a, b et c", "a, b and c".
func (p *Printer) List(words ...string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return p.T("i18n.list", "first", strings.Join(words[:last], ", "), "last", words[last])
}

// Quote puts the language's quotation marks around s, and those of a quotation
// within one around what s quotes.
func (p *Printer) Quote(s string) string {
	open, shut := p.T("i18n.quote_open"), p.T("i18n.quote_close")
	s = strings.NewReplacer("«\u00a0", open, "« ", open, "«", open, "“", open,
		"\u00a0»", shut, " »", shut, "»", shut, "”", shut).Replace(s)
	return p.T("i18n.quote", "text", s)
}

func (p *Printer) print(key string, arg func(name string) (any, bool)) string {
	forms, ok := p.texts[key]
	if !ok {
		return key
	}
	pieces := forms.other
	if forms.one != nil {
		if n, ok := arg("n"); ok && p.isOne(n) {
			pieces = forms.one
		}
	}
	if len(pieces) == 1 && pieces[0].name == "" {
		return pieces[0].text
	}
	var b strings.Builder
	for _, piece := range pieces {
		if piece.name == "" {
			b.WriteString(piece.text)
		} else if v, ok := arg(piece.name); ok {
			b.WriteString(p.value(piece.name, v))
		}
	}
	return b.String()
}

// isOne tells whether n takes the singular: in French 0, 1 and what lies
// between, in English 1 alone.
func (p *Printer) isOne(n any) bool {
	x, ok := number(n)
	if !ok {
		return false
	}
	if p.locale == "fr" {
		return x > -2 && x < 2
	}
	return x == 1
}

// value prints one argument according to its type and name.
func (p *Printer) value(name string, v any) string {
	switch v := v.(type) {
	case string:
		return p.str(name, v)
	case time.Time:
		return p.when(name, v)
	case veille.Sentence:
		return p.Say(v)
	case *veille.Sentence:
		if v == nil {
			return ""
		}
		return p.Say(*v)
	case bool:
		if v {
			return p.T("i18n.yes")
		}
		return p.T("i18n.no")
	case []string:
		return p.List(v...)
	case map[string]any: // one text a language
		return p.value(name, v[p.locale])
	}
	if x, ok := number(v); ok {
		return p.Num(x)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return p.str(name, r.String())
	}
	return ""
}

func (p *Printer) str(name, s string) string {
	if strings.HasSuffix(name, "_key") {
		return p.T(s)
	}
	if strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_date") {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return p.when(name, t)
		}
	}
	return s
}

func (p *Printer) when(name string, t time.Time) string {
	if strings.HasSuffix(name, "_date") {
		return p.Date(t)
	}
	return p.DateTime(t)
}

// number gives the value of any integer or float, and whether v is one.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

// Locales are the languages there are, the first being the default.
func Locales() []string { return []string{"fr", "en"} }
