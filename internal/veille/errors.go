package veille

import (
	"errors"
	"fmt"
)

// The five kinds of error. Every package wraps one of them with what was
// attempted on what; an error of none of these kinds is a fault of ours, and
// its text never reaches a person.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrConflict = errors.New("conflict")
	ErrDenied   = errors.New("denied")
	ErrBusy     = errors.New("busy") // try again later
)

// A Sentence is something said to a person, before her language is known: the
// key of a text in internal/i18n and the values that fill it. Args hold only
// strings, numbers, booleans, RFC 3339 times, and one of these a language ("fr",
// "en") where a text has no common form, so that a Sentence survives
// JSON unchanged.
type Sentence struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text,omitempty"` // printed for a program, in her language; never stored
}

// Say makes a Sentence from a key and alternating names and values.
// It panics if kv is odd or a name is not a string.
func Say(key string, kv ...any) Sentence {
	if len(kv) == 0 {
		return Sentence{Key: key}
	}
	args := make(map[string]any, len(kv)/2)
	for i := 0; i < len(kv); i += 2 {
		args[kv[i].(string)] = kv[i+1]
	}
	return Sentence{Key: key, Args: args}
}

// A Problem is an error whose reader can act on it: Says tells her what to do
// next, in her language once printed. Kind is one of the five kinds.
type Problem struct {
	Kind error
	Says Sentence
	Err  error // the cause; nil when there is none beyond Kind
}

// NewProblem makes a Problem of a kind from a sentence and its cause, which
// may be nil.
func NewProblem(kind error, says Sentence, cause error) error {
	return &Problem{Kind: kind, Says: says, Err: cause}
}

// Error is for logs; a person reads Says.
func (p *Problem) Error() string {
	if p.Err != nil {
		return fmt.Sprintf("%s: %v", p.Says.Key, p.Err)
	}
	return fmt.Sprintf("%s: %v", p.Says.Key, p.Kind)
}

// Unwrap gives both the kind and the cause to errors.Is and errors.As.
func (p *Problem) Unwrap() []error {
	if p.Err == nil {
		return []error{p.Kind}
	}
	return []error{p.Kind, p.Err}
}

// SaysOf gives the sentence of the nearest Problem in err, and whether there
// is one.
func SaysOf(err error) (Sentence, bool) {
	var p *Problem
	if errors.As(err, &p) {
		return p.Says, true
	}
	return Sentence{}, false
}

// KindOf gives the kind of err among the five, or nil when err is a fault of
// ours. The kind of the nearest Problem goes before that of its cause.
func KindOf(err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p.Kind
	}
	for _, k := range []error{ErrNotFound, ErrInvalid, ErrConflict, ErrDenied, ErrBusy} {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}
