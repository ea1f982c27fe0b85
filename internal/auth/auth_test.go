package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestAPasswordOpensItsHashAndNoOther(t *testing.T) {
	t.Parallel()
	const pw = "quatre étés sans pluie"
	hash, err := HashPassword(pw)
	if err != nil {
		t.Fatal(err)
	}
	again, err := HashPassword(pw)
	if err != nil || again == hash {
		t.Errorf("two hashes of one password must differ (%v)", err)
	}
	tests := map[string]struct {
		pw, hash string
		want     bool
	}{
		"the password":                    {pw, hash, true},
		"its accents typed another way":   {"quatre e\u0301te\u0301s sans pluie", hash, true},
		"another":                         {"quatre etes sans pluie", hash, false},
		"nothing":                         {"", hash, false},
		"nobody of that name":             {pw, "", false},
		"a hash that cannot be read":      {pw, "$2y$10$abc", false},
		"a text too long to be one":       {strings.Repeat("x", 5000), hash, false},
		"nothing at all":                  {"", "", false},
		"the dummy is no one's password":  {"veilleur", dummy, false},
		"the empty text is not the dummy": {"", dummy, false},
	}
	for name, tt := range tests {
		if got := CheckPassword(tt.pw, tt.hash); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestHashingCostsWhatTheStandardAsks(t *testing.T) {
	t.Parallel()
	p := params()
	if p.Memory < 19*1024 || p.Iterations < 2 || p.SaltLength < 16 {
		t.Errorf("argon2id parameters %+v are below 19 MiB and two passes", p)
	}
	got, _, _, err := argon2id.DecodeHash(dummy)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p, got); d != "" {
		t.Errorf("the dummy costs another: %s", d)
	}
}

func TestValidPassword(t *testing.T) {
	t.Parallel()
	for pw, key := range map[string]string{
		"":                               "auth.password_short",
		"onze lettre":                    "auth.password_short",
		"éééééééé":                       "auth.password_short", // characters, not bytes
		strings.Repeat("ab cd! ", 50):    "auth.password_long",
		"motdepasse123":                  "auth.password_common",
		"Mot de passe 1!":                "auth.password_common",
		"MOTDEPASSE2026":                 "auth.password_common",
		"Québec-2026!!":                  "auth.password_common",
		"azertyuiop12":                   "auth.password_common",
		"123456789012":                   "auth.password_common",
		"210987654321":                   "auth.password_common",
		"abcdefghijklm":                  "auth.password_common",
		"soleilsoleil":                   "auth.password_common",
		"chatchatchat":                   "auth.password_common",
		"aaaaaaaaaaaaa":                  "auth.password_common",
		"AdministratEUR1":                "auth.password_common",
		"correcthorsebatterystaple":      "auth.password_common",
		"tournevis patience huit nuages": "",
		"soleil tiède sur Percé":         "",
		"k3v9-zzq1-plmo":                 "",
		strings.Repeat("é mot ", 40):     "auth.password_common",
	} {
		err := ValidPassword(pw)
		s, _ := veille.SaysOf(err)
		if s.Key != key || err != nil && !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("ValidPassword(%q): %v, want %q", pw, err, key)
		}
	}
}

func TestTheListIsFoldedAndEachWordOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for word := range strings.Lines(common) {
		word = strings.TrimSuffix(word, "\n")
		if word == "" || word != fold(word) || seen[word] {
			t.Errorf("%q is empty, not folded or there twice", word)
		}
		seen[word] = true
	}
	if len(seen) < 300 {
		t.Errorf("%d words, want some hundreds", len(seen))
	}
}

func TestTokensAreLongAndKeptOnlyAsHashes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		token, hash := NewToken()
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) < 16 || seen[token] || hash != HashToken(token) || strings.Contains(hash, token) {
			t.Fatalf("token %q, hash %q, %v", token, hash, err)
		}
		seen[token] = true
	}
	if got := HashToken("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("HashToken(abc) = %s, want its SHA-256", got)
	}
}

func TestALinkIsSignedByOneKeyForItsParts(t *testing.T) {
	t.Parallel()
	key, other := [32]byte{1}, [32]byte{2}
	sig := SignLink(key, "unsubscribe", "u1")
	if !CheckLink(key, sig, "unsubscribe", "u1") {
		t.Error("a true signature is refused")
	}
	for name, ok := range map[string]bool{
		"another key":      CheckLink(other, sig, "unsubscribe", "u1"),
		"another part":     CheckLink(key, sig, "unsubscribe", "u2"),
		"parts run along":  CheckLink(key, sig, "unsubscribeu", "1"),
		"one part fewer":   CheckLink(key, sig, "unsubscribe"),
		"one part more":    CheckLink(key, sig, "unsubscribe", "u1", ""),
		"no signature":     CheckLink(key, "", "unsubscribe", "u1"),
		"a changed letter": CheckLink(key, "A"+sig[1:], "unsubscribe", "u1") && sig[0] != 'A',
	} {
		if ok {
			t.Errorf("%s is taken for signed", name)
		}
	}
}

func TestWhatIsSealedOpensWithItsKeyOnly(t *testing.T) {
	t.Parallel()
	s, other := NewSealer([32]byte{1}), NewSealer([32]byte{2})
	const plain = "abcd EFGH é"
	one, err1 := s.Seal(plain)
	two, err2 := s.Seal(plain)
	if err1 != nil || err2 != nil || one == two || strings.Contains(one, "EFGH") {
		t.Fatalf("sealed %q and %q, %v, %v", one, two, err1, err2)
	}
	if got, err := s.Open(one); got != plain || err != nil {
		t.Errorf("Open: %q, %v", got, err)
	}
	if got, err := other.Open(one); err == nil {
		t.Errorf("another key opens it: %q", got)
	}
	flipped := one[:len(one)-6] + string(one[len(one)-6]^1) + one[len(one)-5:]
	for _, bad := range []string{flipped, one[:20], "plain text", sealed, sealed + "!!"} {
		if _, err := s.Open(bad); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("Open(%q): %v, want ErrInvalid", bad, err)
		}
	}
	if empty, err := s.Seal(""); empty != "" || err != nil {
		t.Errorf("Seal of nothing: %q, %v", empty, err)
	}
	if empty, err := s.Open(""); empty != "" || err != nil {
		t.Errorf("Open of nothing: %q, %v", empty, err)
	}
}

func TestAKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "key")
	keys := make([][32]byte, 20)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			key, err := LoadKey(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] || k == ([32]byte{}) {
			t.Fatal("processes that start together got different keys")
		}
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("%d files beside the key, %v", len(files)-1, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if key, err := LoadKey(path); key != keys[0] || err != nil {
		t.Errorf("read again: %v", err)
	}
	if at, err := os.Stat(path); err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", at.Mode(), err)
	}
}

func TestAKeyFileThatIsNoneIsNeverWrittenOver(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "abcd", strings.Repeat("zz", 32)} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(path); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", text, err)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != text {
			t.Errorf("%q became %q, %v", text, now, err)
		}
	}
}

func TestALimiterAllowsSoManyInAnyWindow(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	l := NewLimiter(5, time.Minute)
	allowed := 0
	for i := range 1000 { // one guess a second
		if l.Allow("a", start.Add(time.Duration(i)*time.Second)) {
			allowed++
		}
	}
	if want := 5 * (1 + 999/60); allowed != want {
		t.Errorf("%d guesses of 1000 were heard, want %d", allowed, want)
	}
	now := start.Add(time.Hour)
	for range 5 {
		if !l.Allow("b", now) {
			t.Error("another key pays for the first")
		}
	}
	if l.Allow("b", now.Add(-time.Hour)) {
		t.Error("a clock set back forgives")
	}
	if l.Allow("b", now.Add(59*time.Second)) || !l.Allow("b", now.Add(time.Minute)) {
		t.Error("the window is not one minute")
	}
}

func TestALimiterSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	l := NewLimiter(1, time.Minute)
	if d := l.Wait("a", now); d != 0 {
		t.Errorf("wait %v before any act", d)
	}
	l.Allow("a", now)
	if d := l.Wait("a", now.Add(20*time.Second)); d != 40*time.Second {
		t.Errorf("wait %v, want 40s", d)
	}
	if d := l.Wait("a", now.Add(time.Minute)); d != 0 {
		t.Errorf("wait %v after the window", d)
	}
}

func TestALimiterHasAnEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	l := NewLimiter(1, time.Minute)
	l.most = 100
	for i := range 1000 {
		l.Allow(fmt.Sprint(i), now)
	}
	if len(l.keys) > 101 || len(l.keys) != l.quiet.Len() {
		t.Errorf("%d keys are remembered, want about 100", len(l.keys))
	}
	l.Allow("late", now.Add(time.Hour))
	if len(l.keys) != 1 {
		t.Errorf("%d keys are remembered after an hour, want 1", len(l.keys))
	}
	if NewLimiter(0, time.Minute).Allow("a", now) {
		t.Error("none allowed, one let through")
	}
}
