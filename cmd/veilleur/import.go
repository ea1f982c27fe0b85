package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"veilleur/internal/veille"
)

type importCmd struct {
	File   string `arg:"" help:"JSON Lines, or - for standard input. Each line: url, title, text, published, source, and optionally id, author, publisher_group, tier."`
	Branch string `help:"Name or id of the branch."`
}

// archived is one line of an archive.
type archived struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Author    string    `json:"author"`
	Published time.Time `json:"published"`
	Source    string    `json:"source"`
	Group     string    `json:"publisher_group"`
	Tier      int       `json:"tier"`
}

// Run imports the entries of an archive. A medium it names that is not yet a
// source becomes one, paused, since it has no address to read. Importing the
// same file again changes nothing.
func (i importCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, i.Branch)
		if err != nil {
			return err
		}
		in := w.in
		if i.File != "-" {
			f, err := os.Open(i.File)
			if err != nil {
				return wrong("read %s: %v", i.File, err)
			}
			defer f.Close()
			in = f
		}
		n, err := a.importArchive(w, b, in)
		if err != nil {
			return err
		}
		if err := a.drain(w); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%d new entries, %d changed\n", n.New, n.Changed)
		return nil
	})
}

func (a *app) importArchive(w *world, b veille.Branch, in io.Reader) (veille.PutCount, error) {
	var total veille.PutCount
	sources, batch, line := map[string]veille.SourceID{}, []veille.Entry(nil), 0
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 4<<20)
	flush := func() error {
		n, err := a.store.PutEntries(w.ctx, batch)
		total.New, total.Changed, batch = total.New+n.New, total.Changed+n.Changed, batch[:0]
		w.progress("line %d", line)
		return err
	}
	for lines.Scan() {
		line++
		var r archived
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return total, wrong("line %d: %v", line, err)
		}
		e, err := a.archivedEntry(w.ctx, b, r, sources)
		if err != nil {
			return total, fmt.Errorf("line %d: %w", line, err)
		}
		if batch = append(batch, e); len(batch) == 1000 {
			if err := flush(); err != nil {
				return total, err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return total, wrong("line %d: %v", line+1, err)
	}
	return total, flush()
}

func (a *app) archivedEntry(ctx context.Context, b veille.Branch, r archived, sources map[string]veille.SourceID) (veille.Entry, error) {
	if r.Title == "" && r.Text == "" || r.Published.IsZero() {
		return veille.Entry{}, wrong("an entry needs published and a title or a text")
	}
	src, ok := sources[r.Source]
	if !ok {
		s, err := a.archiveSource(ctx, b, r)
		if err != nil {
			return veille.Entry{}, err
		}
		src, sources[r.Source] = s, s
	}
	guid := r.ID
	if guid == "" {
		guid = r.URL
	}
	if guid == "" {
		guid = r.Published.Format(time.RFC3339) + r.Title
	}
	return veille.Entry{ID: veille.NewEntryID(src, guid), SourceID: src, GUID: guid, URL: r.URL, Title: oneLine(r.Title),
		Author: r.Author, Text: r.Text, Published: r.Published, Seen: r.Published}, nil
}

// archiveSource finds the source an archive names, or makes it.
func (a *app) archiveSource(ctx context.Context, b veille.Branch, r archived) (veille.SourceID, error) {
	name := r.Source
	if name == "" {
		name = "archive"
	}
	all, err := a.store.Sources(ctx, []veille.BranchID{b.ID})
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if s.Name() == name {
			return s.ID, nil
		}
	}
	now := time.Now()
	s := veille.Source{ID: veille.SourceID(veille.NewID(now)), BranchID: b.ID, Kind: veille.SourceFeed, URL: "archive:" + name,
		Title: name, Publisher: name, Group: r.Group, Tier: veille.Tier(r.Tier), State: veille.SourcePaused, CreatedAt: now}
	return s.ID, a.store.PutSource(ctx, s)
}
