package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// The headers of a message, as Standard Webhooks names them.
const (
	HeaderID        = "webhook-id"        // constant over retries: what a receiver remembers to drop repeats
	HeaderTimestamp = "webhook-timestamp" // Unix seconds of this attempt
	HeaderSignature = "webhook-signature" // one or more signatures, separated by spaces
)

// Tolerance is how far the timestamp of a message may be from the receiver's
// clock, either way.
const Tolerance = 5 * time.Minute

const (
	secretPrefix = "whsec_"
	version      = "v1"
	minKey       = 16 // bytes; Standard Webhooks advises 24 to 64, older secrets are shorter
	maxKey       = 64
)

// NewSecret makes a secret of 32 random bytes: whsec_ and base 64.
func NewSecret() string {
	var key [32]byte
	rand.Read(key[:]) // never fails: crypto/rand crashes the program instead
	return secretPrefix + base64.StdEncoding.EncodeToString(key[:])
}

// Sign gives the signature of a message, as the webhook-signature header
// carries it: "v1," and the base 64 of HMAC-SHA-256 over "id.timestamp.body".
//
// While a secret is being replaced, secret may hold several separated by
// spaces: the message is then signed with each, and a receiver that knows any
// of them accepts it. It returns ErrInvalid if a secret or the id is malformed.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	if id == "" || strings.ContainsAny(id, ". \r\n") {
		return "", fmt.Errorf("webhook: sign message id %q: %w", id, veille.ErrInvalid)
	}
	secrets := strings.Fields(secret)
	if len(secrets) == 0 {
		return "", fmt.Errorf("webhook: sign %s: no secret: %w", id, veille.ErrInvalid)
	}
	signatures := make([]string, len(secrets))
	for n, s := range secrets {
		key, err := keyOf(s)
		if err != nil {
			return "", fmt.Errorf("webhook: sign %s: %w", id, err)
		}
		sum := mac(key, id, strconv.FormatInt(at.Unix(), 10), body)
		signatures[n] = version + "," + base64.StdEncoding.EncodeToString(sum)
	}
	return strings.Join(signatures, " "), nil
}

// Verify tells whether a message is authentic: one of its signatures was made
// with one of secrets, and its timestamp is within Tolerance of now. It is what
// a receiver written in Go calls; several secrets serve while one is replaced.
//
// It returns nil when the message is authentic, ErrInvalid if a secret is
// malformed, and ErrDenied for all else. Signatures are compared in constant
// time.
func Verify(secrets []string, h http.Header, body []byte, now time.Time) error {
	id, stamp, signatures := h.Get(HeaderID), h.Get(HeaderTimestamp), h.Get(HeaderSignature)
	if id == "" || stamp == "" || signatures == "" {
		return fmt.Errorf("webhook: verify: a header is missing: %w", veille.ErrDenied)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fmt.Errorf("webhook: verify %s: timestamp: %w", id, veille.ErrDenied)
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > Tolerance || off < -Tolerance {
		return fmt.Errorf("webhook: verify %s: sent too long ago or in the future: %w", id, veille.ErrDenied)
	}
	authentic := false
	for _, s := range secrets {
		key, err := keyOf(s)
		if err != nil {
			return fmt.Errorf("webhook: verify %s: %w", id, err)
		}
		if anyEqual(mac(key, id, stamp, body), signatures) {
			authentic = true
		}
	}
	if !authentic {
		return fmt.Errorf("webhook: verify %s: no signature matches: %w", id, veille.ErrDenied)
	}
	return nil
}

// anyEqual tells whether one of the signatures of a header is sum.
func anyEqual(sum []byte, signatures string) bool {
	found := false
	for _, s := range strings.Fields(signatures) {
		v, encoded, ok := strings.Cut(s, ",")
		if !ok || v != version {
			continue
		}
		got, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && hmac.Equal(sum, got) {
			found = true
		}
	}
	return found
}

func mac(key []byte, id, stamp string, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(id + "." + stamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

// keyOf gives the bytes of a secret. Its errors never hold the secret.
func keyOf(secret string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(secret, secretPrefix)
	if !ok {
		return nil, fmt.Errorf("a secret begins with %s: %w", secretPrefix, veille.ErrInvalid)
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < minKey || len(key) > maxKey {
		return nil, fmt.Errorf("a secret is base 64 of %d to %d bytes: %w", minKey, maxKey, veille.ErrInvalid)
	}
	return key, nil
}
