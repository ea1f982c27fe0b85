// Command train makes index/tone/weights.bin from public data, offline:
//
//	go run ./internal/train --data ../shared/data --out index/tone/weights.bin
//
// With --unseen it writes no model, but prints what models that did not learn
// from a fifth of the news say of it: {"gold": …, "label": …}, one a line.
//
// Its seeds are fixed and it runs on one goroutine: the same data give the same
// bytes. What each file teaches:
//
//   - NewsMTSC (Hamborg and Donnay, EACL 2021; MIT) and XED (Öhman et al.,
//     COLING 2020; CC BY 4.0): the English grams, on news sentences and on lines
//     of dialogue;
//   - AFINN (Nielsen 2011; Apache-2.0), VADER (Hutto and Gilbert, ICWSM 2014;
//     MIT) and pattern.fr (De Smedt and Daelemans 2012; PDDL): the priors;
//   - UMSAB (Barbieri et al., LREC 2022), which is for measuring: only how much
//     to trust each of the above, 42 numbers a language, from its training part.
//
// None of their text is kept, and nothing else of Veilleur runs it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	data := flag.String("data", "../shared/data", "folder of the data")
	out := flag.String("out", "index/tone/weights.bin", "file to write")
	apart := flag.Bool("unseen", false, "print what is said of news not learned from")
	flag.Parse()
	if *apart {
		enc := json.NewEncoder(os.Stdout)
		if err := unseen(*data, func(a answer) error { return enc.Encode(a) }); err != nil {
			fmt.Fprintln(os.Stderr, "train:", err)
			os.Exit(1)
		}
		return
	}
	b, err := weights(*data)
	if err == nil {
		err = os.WriteFile(*out, b, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stdout, "%s: %d bytes\n", *out, len(b))
}
