package web

import (
	"strings"
	"time"

	"veilleur/internal/auth"
)

// retryAfter is how long a refused person is asked to wait.
const retryAfter = time.Minute

// A limitedError refuses an attempt that came too soon after others.
type limitedError struct{}

func (*limitedError) Error() string { return "too many attempts" }

// A guard slows guessing at sign-in. It counts by address and by address with
// account, never by account alone: a stranger's guesses must not lock her out.
// Per address 20 a minute; per address and account 5 a minute and 20 in ten.
type guard struct {
	address, pair, pairLong *auth.Limiter
}

func newGuard() *guard {
	return &guard{
		address:  auth.NewLimiter(20, time.Minute),
		pair:     auth.NewLimiter(5, time.Minute),
		pairLong: auth.NewLimiter(20, 10*time.Minute),
	}
}

// allow tells whether an attempt from address on account may be looked at.
func (g *guard) allow(address, account string, now time.Time) error {
	pair := address + "\x00" + strings.ToLower(account)
	if !g.address.Allow(address, now) || !g.pair.Allow(pair, now) || !g.pairLong.Allow(pair, now) {
		return &limitedError{}
	}
	return nil
}
