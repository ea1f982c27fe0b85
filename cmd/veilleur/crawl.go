package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"veilleur/crawler"
	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

// withApp opens the house for one command and closes it after.
func withApp(w *world, c *Config, do func(*app) error) error {
	a, err := open(w.ctx, w.lg, c)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.close())
}

// withStore opens the store alone for one command.
func withStore(w *world, c *Config, do func(*app) error) error {
	a, err := openMemory(w.ctx, w.lg, c)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.close())
}

// progress prints on a terminal and stays quiet in a pipe.
func (w *world) progress(format string, args ...any) {
	if f, ok := w.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintf(w.err, "\r\x1b[K"+format, args...)
	}
}

// branchNamed finds a branch by name or id; "" means the only one with none
// below it.
func (a *app) branchNamed(ctx context.Context, name string) (veille.Branch, error) {
	all, err := a.store.Branches(ctx)
	if err != nil {
		return veille.Branch{}, err
	}
	above := map[veille.BranchID]bool{}
	for _, b := range all {
		above[b.ParentID] = true
	}
	var found []veille.Branch
	for _, b := range all {
		if name == string(b.ID) || strings.EqualFold(name, b.Name) || name == "" && !above[b.ID] {
			found = append(found, b)
		}
	}
	switch {
	case len(all) == 0:
		return veille.Branch{}, veille.NewProblem(veille.ErrNotFound, veille.Say("cli.no_branch"), nil)
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return veille.Branch{}, wrong("no branch is named %q", name)
	}
	return veille.Branch{}, wrong("%d branches: say which with --branch NAME", len(found))
}

type crawlCmd struct {
	Once  bool `help:"Read what is due, digest it, and stop. The only mode: serve reads on a clock."`
	Force bool `help:"Read every source now, due or not."`
}

// Run reads sources once and moves what came through the pipeline.
func (k crawlCmd) Run(w *world, c *Config) error {
	if !k.Once {
		return wrong("say crawl --once; to read on a clock, veilleur serve")
	}
	return withApp(w, c, func(a *app) error {
		began := time.Now()
		w.progress("reading sources…")
		r, err := a.crawler.Once(w.ctx, k.Force)
		if err != nil {
			return err
		}
		if err := a.drain(w); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%d sources read, %d unchanged, %d failed: %d new entries, %d changed, in %s\n",
			r.Sources, r.Unchanged, r.Failed, r.New, r.Changed, time.Since(began).Round(time.Millisecond))
		return nil
	})
}

func (a *app) drain(w *world) error {
	_, err := a.pipeline.Drain(w.ctx, func(stage string, seq int64) { w.progress("%s: entry %d", stage, seq) })
	w.progress("")
	return err
}

type sourceCmd struct {
	Add    sourceAddCmd    `cmd:"" help:"Add a feed or a page to watch, or tell which feeds a page has."`
	List   sourceListCmd   `cmd:"" help:"List sources and their health."`
	Import sourceImportCmd `cmd:"" help:"Import an OPML file or address."`
	Export sourceExportCmd `cmd:"" help:"Print a branch's sources as OPML."`
}

type sourceAddCmd struct {
	Address string `arg:"" help:"Any web address."`
	Branch  string `help:"Name or id of the branch."`
	Tier    int    `default:"0" help:"1 national, 2 regional, 3 local, 4 blog or social; 0: by its kind."`
	Pages   bool   `help:"Also read the linked articles."`
	Watch   string `placeholder:"SELECTOR" help:"Watch the page: the CSS selector of its items, or the word text for all its text."`
}

// Run adds a source.
func (s sourceAddCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, s.Branch)
		if err != nil {
			return err
		}
		added, err := a.crawler.Add(w.ctx, b, s.Address, s.options())
		for _, l := range added.Probed.Found {
			fmt.Fprintf(w.out, "feed found: %s  %s\n", l.URL, oneLine(l.Title))
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "added %s (%s) %s\n", added.Source.Name(), added.Source.Kind, added.Source.URL)
		return nil
	})
}

// allText is what one writes instead of a selector to watch all of a page.
const allText = "text"

func (s sourceAddCmd) options() crawler.AddOptions {
	o := crawler.AddOptions{Tier: veille.Tier(s.Tier), ReadPages: s.Pages}
	if s.Watch != "" {
		o.Kind, o.Every = veille.SourcePage, 60
	}
	if s.Watch != allText {
		o.Watch.Item = s.Watch
	}
	return o
}

type sourceImportCmd struct {
	From   string `arg:"" help:"OPML file or address."`
	Branch string `help:"Name or id of the branch."`
}

// Run imports an OPML.
func (s sourceImportCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, s.Branch)
		if err != nil {
			return err
		}
		body, err := a.read(w.ctx, s.From)
		if err != nil {
			return err
		}
		outlines, err := opml.Parse(body)
		if err != nil {
			return err
		}
		n, err := a.crawler.Import(w.ctx, b, outlines)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%d sources added, %d already there\n", n, len(outlines)-n)
		return nil
	})
}

// read gives the bytes of a file, of an address, or of standard input for "-".
func (a *app) read(ctx context.Context, from string) ([]byte, error) {
	body, _, err := fetchOrRead(ctx, a.client, from)
	return body, err
}

// readFile gives the bytes of a file, decompressed when it is gzip.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, wrong("%v", err)
	}
	defer f.Close()
	return readFrom(f, name, limit)
}

// readFrom reads all of in, gunzipped when it is a gzip, at most limit bytes.
func readFrom(from io.Reader, name string, limit int64) ([]byte, error) {
	var err error
	r := bufio.NewReader(from)
	var in io.Reader = r
	if magic, _ := r.Peek(2); string(magic) == "\x1f\x8b" { // a shorter file is no gzip
		if in, err = gzip.NewReader(r); err != nil {
			return nil, wrong("read %s: %v", name, err)
		}
	}
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, wrong("read %s: %v", name, err)
	}
	if int64(len(b)) > limit {
		return nil, wrong("%s is over %d MB", name, limit>>20)
	}
	return b, nil
}
