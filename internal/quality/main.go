// Command quality prints how good the signals are on the development data:
//
//	go run ./internal/quality --veilleur bin/veilleur --data ../shared/data
//
// It asks what anyone may ask, `veilleur eval`, and scores the answers with
// internal/measure: one line a figure, with its floor, its goal, and a word.
// It ends with 1 when a figure is under its floor, with 2 when it could not
// measure; a corpus that is not there is said and is no fault.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
)

func main() {
	b := bench{}
	flag.StringVar(&b.data, "data", "../shared/data", "folder of the data")
	flag.StringVar(&b.veilleur, "veilleur", "bin/veilleur", "the program to ask")
	only := flag.String("only", "", "measure the tasks whose name begins so")
	flag.Parse()
	if _, err := os.Stat(b.veilleur); err != nil {
		fmt.Fprintf(os.Stderr, "quality: no program to ask: %v (make build)\n", err)
		os.Exit(2)
	}
	ok, err := report(os.Stdout, b, tasks(*only))
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(2)
	case !ok:
		os.Exit(1)
	}
}

// report measures and prints every task, and tells whether none is under its
// floor.
func report(out io.Writer, b bench, all []task) (ok bool, err error) {
	fmt.Fprintf(out, columns+"\n", "task", "data", "floor", "goal", "seen", "")
	var under, absent int
	var lost []error
	for _, t := range all {
		rows, err := t.measure(b)
		if errors.Is(err, fs.ErrNotExist) {
			absent++
			fmt.Fprintf(out, "%-44s not measured: %v\n", t.name, err)
			continue
		}
		if err != nil {
			lost = append(lost, fmt.Errorf("%s: %w", t.name, err))
			continue
		}
		for _, r := range rows {
			fmt.Fprintln(out, r.line(t.name))
			if r.word() == "under" {
				under++
			}
		}
	}
	if absent > 0 {
		fmt.Fprintf(out, "%d of %d tasks were not measured: %s is not here, or lacks what they read. Nothing is said of them.\n", absent, len(all), b.data)
	}
	if under > 0 {
		fmt.Fprintf(out, "%d under the floor.\n", under)
	}
	return under == 0, errors.Join(lost...)
}
