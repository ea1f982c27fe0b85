package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/goleak"

	"veilleur/internal/veille"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openTemp(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), slog.New(slog.DiscardHandler), "sqlite:"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTimesComeBackExactly(t *testing.T) {
	t.Parallel()
	montreal := time.FixedZone("", -5*3600)
	for name, at := range map[string]time.Time{
		"none stays none":        {},
		"to the nanosecond":      time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC),
		"in UTC":                 time.Date(2026, 11, 23, 9, 0, 0, 0, montreal),
		"before 1970":            time.Date(1900, 1, 1, 0, 0, 0, 1, time.UTC),
		"the end of the range":   time.Date(2261, 12, 31, 23, 59, 59, 0, time.UTC),
		"the start of the range": time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		got := when(stamp(at))
		if !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%s: %v came back as %v", name, at, got)
		}
	}
	if when(stamp(time.Unix(0, 0))).IsZero() {
		t.Error("1970 became no time at all")
	}
	if stamp(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)) != math.MaxInt64 ||
		stamp(time.Date(1, 2, 1, 0, 0, 0, 0, time.UTC)) != math.MinInt64 {
		t.Error("times out of range are not moved to its ends")
	}
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"", "sqlite:", "mysql://x", "file.db"} {
		if _, err := Open(t.Context(), slog.New(slog.DiscardHandler), spec, nil); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%q: %v", spec, err)
		}
	}
	spec := "postgres://x@127.0.0.1:1/x"
	if _, err := Open(t.Context(), slog.New(slog.DiscardHandler), spec, nil); !errors.Is(err, veille.ErrBusy) {
		t.Errorf("%q: %v", spec, err)
	}
}

func TestASecondOpenFindsWhatTheFirstStored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%", "veilleur.db")
	first := openTemp(t, path)
	if err := first.PutSetting(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	second := openTemp(t, path) // while the first is open, as another process would
	if v, err := second.Setting(t.Context(), "k"); err != nil || v != "v" {
		t.Errorf("%q, %v", v, err)
	}
	if err := second.PutSetting(t.Context(), "k", "w"); err != nil {
		t.Error(err)
	}
	if v, err := first.Setting(t.Context(), "k"); err != nil || v != "w" {
		t.Errorf("%q, %v", v, err)
	}
}

func TestAFullOrReadOnlyDiskIsSaid(t *testing.T) {
	t.Parallel()
	for name, pragma := range map[string]string{
		"full":      "PRAGMA max_page_count = 1",
		"read-only": "PRAGMA query_only = 1",
	} {
		s := openTemp(t, filepath.Join(t.TempDir(), "veilleur.db"))
		ctx := t.Context()
		if err := s.PutSetting(ctx, "k", "v"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.ExecContext(ctx, pragma); err != nil {
			t.Fatal(err)
		}
		var err error
		for i := 0; err == nil && i < 100; i++ {
			err = s.PutSetting(ctx, fmt.Sprint(i), strings.Repeat("x", 10000))
		}
		says, _ := veille.SaysOf(err)
		if !errors.Is(err, veille.ErrBusy) || says.Key != "store.full" {
			t.Errorf("%s: %v", name, err)
		}
		if v, err := s.Setting(ctx, "k"); err != nil || v != "v" {
			t.Errorf("%s: reading stops: %q, %v", name, v, err)
		}
	}
}

func TestErrorsHaveTheirKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"23505": veille.ErrConflict, "23503": veille.ErrInvalid, "53100": veille.ErrBusy, "25006": veille.ErrBusy,
		"40P01": veille.ErrBusy, "57P01": veille.ErrBusy, "42601": nil,
	} {
		if got := veille.KindOf(wrap(&pgconn.PgError{Code: code}, "x")); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
	if wrap(nil, "x") != nil {
		t.Error("no error became one")
	}
	if err := wrap(context.Canceled, "x"); !errors.Is(err, context.Canceled) || veille.KindOf(err) != nil {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWithoutASealerSecretsAreRefused(t *testing.T) {
	t.Parallel()
	s := openTemp(t, filepath.Join(t.TempDir(), "veilleur.db"))
	ctx := t.Context()
	if err := s.PutBranch(ctx, veille.Branch{ID: "b"}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutChannel(ctx, veille.Channel{ID: "c", BranchID: "b", Secret: "x"}); !errors.Is(err, veille.ErrInvalid) {
		t.Errorf("a secret: %v", err)
	}
	if err := s.PutChannel(ctx, veille.Channel{ID: "c", BranchID: "b"}); err != nil {
		t.Errorf("no secret: %v", err)
	}
}

func TestTwoProcessesMayStartTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "veilleur.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := Open(t.Context(), slog.New(slog.DiscardHandler), "sqlite:"+path, nil)
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	wg.Wait()
}
