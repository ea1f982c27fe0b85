package letter

import (
	"crypto/md5"  //nolint:gosec // as mailers write addresses in links
	"crypto/sha1" //nolint:gosec // the same
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// privacy takes the reader's own addresses out of what is kept of a mail: an
// entry may be shown to her whole movement.
type privacy struct {
	addresses []string // in lower case
	codes     []string // as links carry them: base64, MD5, SHA-1
}

func newPrivacy(addresses []string) privacy {
	var p privacy
	for _, a := range addresses {
		a = strings.ToLower(strings.TrimSpace(a))
		if !strings.Contains(a, "@") || slices.Contains(p.addresses, a) {
			continue
		}
		m, s := md5.Sum([]byte(a)), sha1.Sum([]byte(a)) //nolint:gosec // not for secrecy
		p.addresses = append(p.addresses, a)
		p.codes = append(p.codes, strings.ToLower(base64.RawStdEncoding.EncodeToString([]byte(a))),
			strings.ToLower(base64.RawURLEncoding.EncodeToString([]byte(a))), hex.EncodeToString(m[:]), hex.EncodeToString(s[:]))
	}
	return p
}

// words is a text without the reader's addresses.
func (p privacy) words(s string) string {
	for _, a := range p.addresses {
		s = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(a)).ReplaceAllString(s, "…")
	}
	return s
}

// traces are parameters that name a reader or count her visits, whoever the
// mailer is.
func traces(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains([]string{"mc_eid", "mc_cid", "email", "e-mail", "courriel", "subscriber", "contact", "_hsenc", "_hsmi", "ck_subscriber_id"}, name)
}

// link is an address without the reader in it; "" when she stands in its path,
// where nothing can be taken out without breaking it.
func (p privacy) link(s string) string {
	u, err := url.Parse(s)
	if s == "" || err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	if p.names(u.Path) || p.names(u.Fragment) {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(value)
		if err != nil {
			plain = value
		}
		if pair != "" && !traces(name) && !p.names(plain) && !p.names(name) {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	return u.String()
}

// names tells whether s holds an address of the reader, plain or coded.
func (p privacy) names(s string) bool {
	s = strings.ToLower(s)
	within := func(a string) bool { return strings.Contains(s, a) }
	return slices.ContainsFunc(p.addresses, within) || slices.ContainsFunc(p.codes, within)
}
