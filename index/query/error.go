package query

import (
	"fmt"

	"veilleur/internal/veille"
)

// An Error says what is wrong with a query, where, and how to mend it. It is a
// veille.ErrInvalid, and carries a veille.Problem.
type Error struct {
	At   int             // byte offset in the query
	Says veille.Sentence // what is wrong, and what to do
	Mend string          // the query put right; "" when there is no good guess

	edit edit
}

// An edit is the small change that puts one mistake right.
type edit struct {
	from, to int
	with     string
	none     bool // there is no such change
}

func (e edit) apply(s string) string { return s[:e.from] + e.with + s[e.to:] }

// Error is for logs; a person reads Says.
func (e *Error) Error() string {
	return fmt.Sprintf("query: byte %d: %s", e.At, e.Says.Key)
}

// Unwrap gives the Problem a page shows.
func (e *Error) Unwrap() error {
	return veille.NewProblem(veille.ErrInvalid, e.Says, nil)
}

// Is tells that an Error is a veille.ErrInvalid.
func (e *Error) Is(target error) bool { return target == veille.ErrInvalid }

// maxMends bounds the mistakes Mend puts right one after the other.
const maxMends = 16

// mend applies the edits of err and of what is then found wrong.
func mend(s string, err *Error) string {
	for range maxMends {
		if err.edit.none {
			return ""
		}
		s = err.edit.apply(s)
		var q Query
		if q, err = parse(s); err == nil {
			if q.Empty() {
				return ""
			}
			return s
		}
	}
	return ""
}
