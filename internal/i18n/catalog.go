package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:embed locales
var locales embed.FS

// A catalog holds the texts of one language by key.
type catalog map[string]forms

// forms are the numbers of one text. A text in one number has only other.
type forms struct{ one, other []piece }

// A piece of a text is either words or the name of an argument.
type piece struct{ text, name string }

type both struct{ fr, en *Printer }

// printers reads the embedded catalogs once. A catalog that does not parse is
// a bug that no test lets through, hence the panic.
var printers = sync.OnceValue(func() both {
	return both{fr: mustLoad("fr"), en: mustLoad("en")}
})

func mustLoad(locale string) *Printer {
	raw, err := read(locales, locale)
	if err != nil {
		panic(err)
	}
	return &Printer{locale: locale, texts: compile(locale, raw)}
}

// read merges the files of one language into one flat map. A key written
// twice is an error.
func read(fsys fs.FS, locale string) (map[string]string, error) {
	dir := path.Join("locales", locale)
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("i18n: %s: %w", dir, err)
	}
	all, from := map[string]string{}, map[string]string{}
	for _, name := range names {
		texts, err := readFile(fsys, name)
		if err != nil {
			return nil, err
		}
		for key, text := range texts {
			if other, twice := from[key]; twice {
				return nil, fmt.Errorf("i18n: %s: key %s is also in %s", name, key, other)
			}
			all[key], from[key] = text, name
		}
	}
	return all, nil
}

func readFile(fsys fs.FS, name string) (map[string]string, error) {
	body, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("i18n: %w", err)
	}
	var texts map[string]string
	if err := yaml.Unmarshal(body, &texts); err != nil {
		return nil, fmt.Errorf("i18n: %s: %w", name, err)
	}
	return texts, nil
}

// compile typesets each text, cuts it at its placeholders, and pairs the two
// numbers of a text under one key. A number can still be asked for by its own key.
func compile(locale string, raw map[string]string) catalog {
	c := make(catalog, len(raw))
	for key, text := range raw {
		pieces := cut(typeset(locale, text))
		f := c[key]
		f.other = pieces
		c[key] = f
		if base, ok := strings.CutSuffix(key, ".one"); ok {
			f := c[base]
			f.one = pieces
			c[base] = f
		} else if base, ok := strings.CutSuffix(key, ".other"); ok {
			f := c[base]
			f.other = pieces
			c[base] = f
		}
	}
	return c
}

// cut splits a text at its placeholders, {name}: lower-case letters, digits
// and underscores. Any other brace is text.
func cut(s string) []piece {
	var out []piece
	start := 0 // of the words not yet cut off
	for i := 0; i < len(s); i++ {
		if s[i] != '{' {
			continue
		}
		n := strings.IndexByte(s[i:], '}')
		if n < 2 || !isName(s[i+1:i+n]) {
			continue
		}
		if start < i {
			out = append(out, piece{text: s[start:i]})
		}
		out = append(out, piece{name: s[i+1 : i+n]})
		i += n
		start = i + 1
	}
	if start < len(s) || len(out) == 0 {
		out = append(out, piece{text: s[start:]})
	}
	return out
}

func isName(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}
