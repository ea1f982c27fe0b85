package webhook

import "time"

// delays are the waits after each failed attempt: quick at first, for a
// restart, then over days, for an outage. Source: Standard Webhooks 1.0,
// "Deliverability and reliability".
var delays = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// spread is the most a delay is lengthened by, as a part of it, so that
// messages that failed together do not come back together.
const spread = 0.2

// longest bounds what a receiver may ask for with Retry-After.
const longest = 24 * time.Hour

// Delay tells how long to wait after a failed attempt, and whether there is
// one more. attempt is how many were made, from 1; jitter is in [0,1], a
// random number that lengthens the wait by up to a fifth, never shortens it.
// After the tenth attempt more is false.
func Delay(attempt int, jitter float64) (wait time.Duration, more bool) {
	if attempt > len(delays) {
		return 0, false
	}
	wait = delays[max(attempt, 1)-1]
	return wait + time.Duration(float64(wait)*spread*min(max(jitter, 0), 1)), true
}
