package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A bench is where the data are and the program that is asked.
type bench struct{ data, veilleur string }

// path is a file of the data.
func (b bench) path(name string) string { return filepath.Join(b.data, name) }

// missing is the error of a folder of data that holds nothing.
func (b bench) missing(name string) error {
	return &fs.PathError{Op: "open", Path: b.path(name), Err: fs.ErrNotExist}
}

// eval runs one command of `veilleur eval` on values, one a line of JSON, and
// reads its answers.
func eval[Out, In any](b bench, in []In, args ...string) ([]Out, error) {
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, v := range in {
		if err := enc.Encode(v); err != nil {
			return nil, err
		}
	}
	answer, err := b.run(&lines, args...)
	if err != nil {
		return nil, err
	}
	var out []Out
	for dec := json.NewDecoder(bytes.NewReader(answer)); dec.More(); {
		var v Out
		if err := dec.Decode(&v); err != nil {
			return nil, fmt.Errorf("answer %d of veilleur eval %s: %w", len(out)+1, args[0], err)
		}
		out = append(out, v)
	}
	return out, nil
}

// evalEach is eval where every value has one answer.
func evalEach[Out, In any](b bench, in []In, args ...string) ([]Out, error) {
	out, err := eval[Out](b, in, args...)
	if err == nil && len(out) != len(in) {
		err = fmt.Errorf("veilleur eval %s gave %d answers to %d lines", args[0], len(out), len(in))
	}
	return out, err
}

func (b bench) run(in io.Reader, args ...string) ([]byte, error) {
	c := exec.Command(b.veilleur, append([]string{"eval"}, args...)...)
	var said bytes.Buffer
	c.Stdin, c.Stderr = in, &said
	answer, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("veilleur eval %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(said.Bytes()))
	}
	return answer, nil
}

// read reads a file of JSON, one value a line.
func read[T any](b bench, name string) (out []T, err error) {
	err = b.lines(name, func(line []byte) error {
		var v T
		err := json.Unmarshal(line, &v)
		out = append(out, v)
		return err
	})
	return out, err
}

func (b bench) lines(name string, do func(line []byte) error) error {
	f, err := os.Open(b.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for n := 1; sc.Scan(); n++ {
		if err := do(sc.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return sc.Err()
}
