package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	day        = 24 * time.Hour
	longestAsk = 7 * day // a server asking for more is not believed
)

// retryAfter reads Retry-After, in seconds or as a date; 0 when it is absent,
// past or makes no sense.
// Source: RFC 9110 §10.2.3.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	var d time.Duration
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if t, err := http.ParseTime(v); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), longestAsk)
}

// maxAge reads how long an answer stays fresh: max-age, else Expires less
// Date; at most a day. s-maxage speaks to shared caches, which we are not.
// Source: RFC 9111 §4.2.1.
func maxAge(h http.Header) time.Duration {
	for _, v := range h.Values("Cache-Control") {
		for directive := range strings.SplitSeq(v, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			if !strings.EqualFold(strings.TrimSpace(name), "max-age") {
				continue
			}
			n, err := strconv.ParseUint(strings.Trim(value, `" `), 10, 31)
			if err != nil {
				return 0
			}
			return min(time.Duration(n)*time.Second, day)
		}
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(expires.Sub(date), 0), day)
}
