package auth

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/crypto/nacl/secretbox"

	"veilleur/internal/veille"
)

// A Sealer seals secrets for the store with XSalsa20-Poly1305 (NaCl's
// secretbox) under one key. It is safe for use by several goroutines.
type Sealer struct{ key [32]byte }

// NewSealer makes a Sealer of a key; see LoadKey.
func NewSealer(key [32]byte) *Sealer { return &Sealer{key} }

// sealed begins everything sealed, and numbers the way of sealing.
const sealed = "sealed1:"

// Seal gives a text that only Open with the same key reads. Sealing twice gives
// two texts, since each has a random nonce. The empty text is no secret and
// stays empty. It never returns an error.
func (s *Sealer) Seal(plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	var nonce [24]byte
	rand.Read(nonce[:])
	box := secretbox.Seal(nonce[:], []byte(plain), &nonce, &s.key)
	return sealed + base64.StdEncoding.EncodeToString(box), nil
}

// Open gives back what was sealed. It returns a Problem of kind ErrInvalid for
// a text that was sealed with another key, changed, or never sealed.
func (s *Sealer) Open(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	code, ok := strings.CutPrefix(text, sealed)
	box, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(box) < 24 {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("auth.wrong_key"), errors.New("auth: not a sealed text"))
	}
	plain, ok := secretbox.Open(nil, box[24:], (*[24]byte)(box[:24]), &s.key)
	if !ok {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("auth.wrong_key"), errors.New("auth: sealed with another key, or changed"))
	}
	return string(plain), nil
}
