package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// evalCmd lets anyone check what Veilleur says on files of her own: the same
// code as the engine's, JSON Lines in, JSON Lines out in the same order.
type evalCmd struct {
	Stories    evalStoriesCmd    `cmd:"" help:"Stories of entries in the order they come: {id, published?, source?, lang?, title, text?} gives {id, story, duplicate_of?}."`
	Tone       evalToneCmd       `cmd:"" help:"Tone of texts: {id?, lang?, text} gives {label, score, because}."`
	Lang       evalLangCmd       `cmd:"" help:"Language of texts: {text} gives {lang, confidence}."`
	Keyphrases evalKeyphrasesCmd `cmd:"" help:"Keyphrases: {id?, lang?, title?, text} gives {phrases}, best first."`
	Spikes     evalSpikesCmd     `cmd:"" help:"Spikes of a CSV of timestamp,value: the same with anomaly_score in [0,1]."`
	Relevance  evalRelevanceCmd  `cmd:"" help:"What texts are about: {id, lang, title, text} gives {id, about, because}."`
	Crisis     evalCrisisCmd     `cmd:"" help:"Play a replay: every change of level, with its points."`
}

// evalFile is where an evaluation reads.
type evalFile struct {
	File string `arg:"" optional:"" default:"-" help:"File, or - for standard input."`
}

// open gives the bytes to read; close them.
func (f evalFile) open(w *world) (io.ReadCloser, error) {
	if f.File == "-" {
		return io.NopCloser(w.in), nil
	}
	r, err := os.Open(f.File)
	if err != nil {
		return nil, wrong("read %s: %v", f.File, err)
	}
	return r, nil
}

// evalLine is the most a line may weigh.
const evalLine = 16 << 20

// stream reads JSON values, one a line, and prints what answer makes of each
// before it reads the next.
func stream[In, Out any](w *world, f evalFile, answer func(In) (Out, error)) error {
	in, err := f.open(w)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, evalLine)
	out := bufio.NewWriter(w.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var v In
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return wrong("line %d: %v", n, err)
		}
		said, err := answer(v)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := errors.Join(enc.Encode(said), out.Flush()); err != nil {
			return fmt.Errorf("print line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return wrong("read: %v", err)
	}
	return nil
}
