package main

import (
	"fmt"
	"strconv"
)

// A row is one figure of the table.
type row struct {
	what  string  // of the task: "precision"
	data  string  // what was read
	floor float64 // 0: none
	goal  float64 // 0: none
	seen  float64
	unit  string // after each number
	low   bool   // the less the better
	note  string
}

// columns are the widths of the table: a figure is printed as soon as it is
// known.
const columns = "%-44s %-34s %8s %8s %8s  %s"

// line is the row as printed.
func (r row) line(task string) string {
	if r.what != "" {
		task += ", " + r.what
	}
	note := r.note
	if note != "" {
		note = " (" + note + ")"
	}
	return fmt.Sprintf(columns, task, r.data, r.bound(r.floor), r.bound(r.goal), r.number(r.seen), r.word()+note)
}

// bound is a floor or a goal, or a dash for none.
func (r row) bound(x float64) string {
	if x == 0 {
		return "–"
	}
	return r.number(x)
}

// number prints with as many digits as tell a figure from its goal.
func (r row) number(x float64) string {
	digits := 4
	if r.unit != "" || r.goal > 2 {
		digits = 2
	}
	return strconv.FormatFloat(x, 'f', digits, 64) + r.unit
}

// word says where the figure stands: at the goal, at the floor, under it; or
// short of a goal that has no floor.
func (r row) word() string {
	reaches := func(x float64) bool { return r.low && r.seen <= x || !r.low && r.seen >= x }
	switch {
	case r.goal != 0 && reaches(r.goal):
		return "goal"
	case r.floor != 0 && !reaches(r.floor):
		return "under"
	case r.floor != 0:
		return "floor"
	case r.goal != 0:
		return "short"
	}
	return "told"
}
