package fetch

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"veilleur/internal/veille"
)

// Retries within one Get, and the rest given to a host that does not answer.
const (
	retries   = 2                      // after the first try
	firstWait = 500 * time.Millisecond // doubling, half of it given or taken
	longWait  = 5 * time.Second        // and the longest Retry-After worth waiting for here
	cuts      = 5                      // exchanges in a row without an answer before a host is left
	rest      = time.Minute            // for how long
)

// newRetry tries an exchange again when it may pass. What the server may have
// seen is only asked again when the request insists: a source has its next
// visit, and is never asked twice within its floor.
func newRetry(insist bool) retrypolicy.RetryPolicy[answer] {
	return retrypolicy.NewBuilder[answer]().
		HandleIf(func(a answer, err error) bool { return passing(a, err) && (!a.seen || insist) }).
		WithBackoff(firstWait, longWait).WithJitterFactor(0.5).
		WithDelayFunc(func(exec failsafe.ExecutionAttempt[answer]) time.Duration {
			if asked := exec.LastResult().RetryAfter; asked > 0 {
				return asked * 2 // the jitter takes half at most, so that asked is left
			}
			return -1
		}).
		WithMaxRetries(retries).ReturnLastFailure().Build()
}

// passing says whether another try could bring what this one did not.
func passing(a answer, err error) bool {
	if err == nil || a.RetryAfter > longWait || errors.Is(err, context.Canceled) {
		return false
	}
	switch a.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return unanswered(a, err) && !certificate(err)
}

// unanswered says whether a host did not answer at all: it could not be
// reached, was cut or was too slow.
func unanswered(a answer, err error) bool {
	return a.Status == 0 && errors.Is(err, veille.ErrBusy) && !errors.Is(err, circuitbreaker.ErrOpen)
}

// newBreaker leaves a host alone for a minute when it did not answer five
// times in a row, so that its other addresses do not each wait for its
// silence. Any answer, even an error, proves it alive.
func newBreaker() circuitbreaker.CircuitBreaker[answer] {
	return circuitbreaker.NewBuilder[answer]().
		HandleIf(unanswered).
		WithFailureThreshold(cuts).WithSuccessThreshold(1).
		WithDelay(rest).WithJitterFactor(0.1).Build()
}
