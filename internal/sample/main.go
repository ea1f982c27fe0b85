// Command sample writes docs/ideas-sample.md: the first ideas that a month of
// stories would have given the community manager of a small caisse, each with
// its story and its reasons.
//
//	go run ./internal/sample --stories ../shared/data/gold-qc/stories-dev.jsonl --out docs/ideas-sample.md
//
// The entries are put in the store day by day and go through the stages, the
// judge and the ideas of the engine, as they would at six every morning; of
// each morning's new ideas the best are kept. Nothing is chosen by hand. The
// stories were written for the project and are fictional.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
)

func main() {
	stories := flag.String("stories", "../shared/data/gold-qc/stories-dev.jsonl", "entries, one JSON object a line, by date")
	out := flag.String("out", "docs/ideas-sample.md", "file to write")
	most := flag.Int("most", 60, "ideas to write")
	flag.Parse()
	news, err := read(*stories)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(os.Stdout, "nothing written: %s is not here\n", *stories)
		return
	}
	if err == nil {
		err = write(context.Background(), news, *out, *most)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sample:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, news []item, out string, most int) (err error) {
	dir, err := os.MkdirTemp("", "ideas")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	h, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	found, err := h.replay(ctx, news, most)
	if err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	return errors.Join(print(f, found, len(news)), f.Close())
}
