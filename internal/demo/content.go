package demo

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed content
var content embed.FS

// A telling is an article as written in content/news.
type telling struct {
	In     string            `yaml:"in"`
	At     string            `yaml:"at"` // as moment reads it
	Title  string            `yaml:"title"`
	Text   string            `yaml:"text"`
	Copies map[string]string `yaml:"copies"` // medium → when
}

// readYAML reads one embedded file and refuses a field it does not know.
func readYAML(name string, into any) error {
	b, err := content.ReadFile(name)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("demo: %s: %w", name, err)
	}
	return nil
}

// readMedia reads the media in the order they are listed.
func readMedia() ([]Medium, error) {
	var ms []Medium
	err := readYAML("content/media.yaml", &ms)
	return ms, err
}

// readArticles gives every article there will ever be, newest first.
func readArticles(ms []Medium, start time.Time) ([]Article, error) {
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	files, err := fs.Glob(content, "content/news/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	d := desk{media: map[string]Medium{}, start: start.In(loc), taken: map[string]bool{}}
	for _, m := range ms {
		d.media[m.Key] = m
	}
	for _, name := range files {
		var ts []telling
		if err := readYAML(name, &ts); err != nil {
			return nil, err
		}
		for _, t := range ts {
			if err := d.run(t, path.Base(name)); err != nil {
				return nil, fmt.Errorf("demo: %s: %q: %w", name, t.Title, err)
			}
		}
	}
	slices.SortFunc(d.articles, newestFirst)
	return d.articles, nil
}

func newestFirst(a, b Article) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Path(), b.Path()))
}

// A desk turns tellings into articles.
type desk struct {
	media    map[string]Medium
	start    time.Time // in Zone
	taken    map[string]bool
	articles []Article
}

// run publishes a telling, then its copies in the order of their media.
func (d *desk) run(t telling, file string) error {
	about := strings.ToLower(t.Title + t.Text)
	first := Article{
		Title: t.Title, Paras: strings.Split(strings.TrimSpace(t.Text), "\n"),
		Crisis: file == "crisis.yaml" && strings.Contains(about, "caisse"),
	}
	first, err := d.publish(first, t.In, t.At)
	if err != nil {
		return err
	}
	for i, key := range slices.Sorted(maps.Keys(t.Copies)) {
		again := first
		again.CopyOf, again.Paras = first.Path(), reprint(first.Paras, i)
		again, err := d.publish(again, key, t.Copies[key])
		if err != nil {
			return err
		}
		if again.At.Before(first.At) {
			return fmt.Errorf("copied by %s before it was published", key)
		}
	}
	return nil
}

// publish puts an article in a medium at a moment.
func (d *desk) publish(a Article, key, at string) (Article, error) {
	m, ok := d.media[key]
	if !ok {
		return Article{}, fmt.Errorf("unknown medium %q", key)
	}
	when, err := moment(at, d.start)
	if err != nil {
		return Article{}, err
	}
	a.Medium, a.Slug = m, slug(a.Title)
	a.At, a.Live = when.UTC().Truncate(time.Second), when.After(d.start)
	if d.taken[a.Path()] {
		return Article{}, fmt.Errorf("%s published twice", a.Path())
	}
	d.taken[a.Path()] = true
	d.articles = append(d.articles, a)
	return a, nil
}

// reprint is the i-th copy of a syndicated text: as it is, without its last
// sentence, or behind a dateline, in turn.
func reprint(paras []string, i int) []string {
	out := slices.Clone(paras)
	last := len(out) - 1
	switch i % 3 {
	case 1:
		if short := strings.TrimSuffix(out[last], lastSentence(out[last])); short != "" {
			out[last] = strings.TrimSpace(short)
		}
	case 2:
		out[0] = "PORT-LANTHIER – " + out[0]
	}
	return out
}
