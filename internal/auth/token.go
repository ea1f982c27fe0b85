package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// NewToken makes a token of 256 random bits, in letters, digits, - and _, and
// the hash to keep in its stead. The token itself is shown once and stored
// nowhere.
func NewToken() (token, hash string) {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand crashes the program instead
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken gives the hexadecimal SHA-256 of a token. A token has more entropy
// than anyone can guess, so a fast hash without salt is enough, and a token is
// found by its hash.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SignLink signs the parts of a link that must work without signing in, such
// as unsubscribing. The signature is HMAC-SHA-256 in letters, digits, - and _.
// Parts keep their bounds: ("a", "bc") and ("ab", "c") differ.
func SignLink(key [32]byte, parts ...string) string {
	// A key of its own, so that a signature says nothing of what is sealed.
	own := hmac.New(sha256.New, key[:])
	own.Write([]byte("veilleur link 1"))
	mac := hmac.New(sha256.New, own.Sum(nil))
	for _, p := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		mac.Write([]byte(p))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// CheckLink tells whether sig is the signature of parts, in a time that says
// nothing of how nearly.
func CheckLink(key [32]byte, sig string, parts ...string) bool {
	return hmac.Equal([]byte(sig), []byte(SignLink(key, parts...)))
}
