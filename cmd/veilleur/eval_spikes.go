package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"veilleur/index/crisis"
)

type evalSpikesCmd struct {
	evalFile `embed:""`
}

// Run scores a series as it would have been scored day by day.
func (e evalSpikesCmd) Run(w *world) error {
	in, err := e.open(w)
	if err != nil {
		return err
	}
	defer in.Close()
	rows, out := csv.NewReader(in), csv.NewWriter(w.out)
	rows.FieldsPerRecord = -1
	if err := out.Write([]string{"timestamp", "value", "anomaly_score"}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	var v crisis.Volume
	for n := 1; ; n++ {
		r, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(r) < 2 {
			return wrong("row %d: a timestamp and a value are needed", n)
		}
		at, timeErr := parseStamp(r[0])
		value, err := strconv.ParseFloat(r[1], 64)
		if err = errors.Join(timeErr, err); err != nil {
			if n == 1 {
				continue // the names of the columns
			}
			return wrong("row %d: %v", n, err)
		}
		score := strconv.FormatFloat(v.Add(at, value), 'f', 4, 64)
		if err := out.Write([]string{r[0], r[1], score}); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// parseStamp reads a time as series write it, in UTC when it names no zone.
func parseStamp(s string) (time.Time, error) {
	for _, layout := range []string{time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("no time: %q", s)
}
