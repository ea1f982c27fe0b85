package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	_ "embed" // the list of common passwords

	"veilleur/internal/veille"
)

const (
	// PasswordLeast is the fewest characters of a password.
	PasswordLeast = 12
	// PasswordMost is the most: hashing a text of any length would let a
	// stranger keep the machine busy.
	PasswordMost = 256
)

// params cost about 30 ms and 19 MiB a guess.
func params() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// HashPassword gives the argon2id hash of a password, with its salt and
// parameters in it. It does not judge the password; see ValidPassword.
func HashPassword(pw string) (string, error) {
	return argon2id.CreateHash(prepared(pw), params())
}

// dummy is the hash of nothing anyone knows, of the same cost as a true one.
const dummy = "$argon2id$v=19$m=19456,t=2,p=1$+pIjrUuKmgMaauIHs4azjg$kAM6s+bpbzJob9xny3VDin902azO8srx9BHn54Jh+Qg"

// CheckPassword tells whether pw is the password of a hash. With "" for a hash
// (nobody of that name, or no password set), or one that cannot be read, it is
// false after the same work, so that the time it takes tells nothing.
func CheckPassword(pw, hash string) bool {
	pw = prepared(pw)
	if len(pw) > 4*PasswordMost {
		pw, hash = "", ""
	}
	if hash != "" {
		if ok, err := argon2id.ComparePasswordAndHash(pw, hash); err == nil {
			return ok
		}
	}
	_, _ = argon2id.ComparePasswordAndHash(pw, dummy) // for its cost alone
	return false
}

// prepared makes one text of the several ways keyboards write an accent.
func prepared(pw string) string { return norm.NFC.String(pw) }

// ValidPassword tells whether a password may be chosen. It returns a Problem
// of kind ErrInvalid when it is shorter than PasswordLeast or longer than
// PasswordMost characters, or easy to guess: on the list of common passwords,
// with or without digits and signs around it, or one short piece repeated, or a
// run along the keyboard, the alphabet or the digits. There is no rule on what
// it must hold.
func ValidPassword(pw string) error {
	switch n := utf8.RuneCountInString(prepared(pw)); {
	case n < PasswordLeast:
		return veille.NewProblem(veille.ErrInvalid, veille.Say("auth.password_short", "least", PasswordLeast), nil)
	case n > PasswordMost:
		return veille.NewProblem(veille.ErrInvalid, veille.Say("auth.password_long", "most", PasswordMost), nil)
	case guessable(pw):
		return veille.NewProblem(veille.ErrInvalid, veille.Say("auth.password_common"), nil)
	}
	return nil
}

// common is our own list: the words people take for passwords in French and
// English, folded, one a line.
//
//go:embed common.txt
var common string

func guessable(pw string) bool {
	folded := fold(pw)
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, folded)
	for line := range strings.Lines(common) {
		word := strings.TrimSpace(line)
		if word != "" && (folded == word || letters == word || strings.Trim(folded, edges) == word) {
			return true
		}
	}
	return repeats(folded) || runs(folded)
}

// edges are what people put around a word to please a rule.
const edges = "0123456789!?.,;:-_*+=#@$%&/()'\" "

// fold takes accents, case and the usual look-alikes away.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.NewReplacer("œ", "oe", "’", "'").Replace(s)
}

// repeats tells whether s is one piece of at most eight characters, again and
// again.
func repeats(s string) bool {
	r := []rune(s)
	for size := 1; size <= 8 && size*2 <= len(r); size++ {
		same := true
		for i := size; i < len(r) && same; i++ {
			same = r[i] == r[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// runs tells whether all of s is cut from one row of keys, the alphabet or the
// digits, forward or backward.
func runs(s string) bool {
	const rows = "01234567890123456789 98765432109876543210 " +
		"abcdefghijklmnopqrstuvwxyz zyxwvutsrqponmlkjihgfedcba " +
		"qwertyuiopasdfghjklzxcvbnm azertyuiopqsdfghjklmwxcvbn " +
		"1234567890qwertyuiop 1234567890azertyuiop qwertyuiop1234567890 azertyuiop1234567890 " +
		"abcdefghijklmnopqrstuvwxyz0123456789 1q2w3e4r5t6y7u8i9o0p 1a2z3e4r5t6y7u8i9o0p"
	return strings.Contains(rows, s)
}
