package veille

import (
	"errors"
	"fmt"
	"testing"
)

func TestEachKindHasItsStatus(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{
		nil: 200, ErrNotFound: 404, ErrInvalid: 400, ErrConflict: 409, ErrDenied: 403, ErrBusy: 503,
		errors.New("bug"): 500, fmt.Errorf("x: %w", ErrNotFound): 404,
		NewProblem(ErrBusy, Sentence{}, errors.New("down")): 503,
		NewProblem(ErrDenied, Sentence{}, ErrNotFound):      403,
	} {
		if got := HTTPStatus(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}
