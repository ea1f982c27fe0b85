package storetest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"veilleur/internal/store"
)

// Postgres gives an opener of new stores on PostgreSQL: at the address in
// VEILLEUR_TEST_POSTGRES when it is set, else in a cluster of its own, made
// with Debian's binaries, that ends with t. Where there are none the test is
// skipped, or fails when CI is "true".
func Postgres(t *testing.T) func(t *testing.T) *store.Store {
	t.Helper()
	server := os.Getenv("VEILLEUR_TEST_POSTGRES")
	ours := server == "" // then it ends with all its databases
	if ours {
		server = startCluster(t)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	var made atomic.Int64
	create := func(t *testing.T, from string) (spec, name string) {
		t.Helper()
		name = fmt.Sprintf("veilleur_test_%d_%d", os.Getpid(), made.Add(1))
		if _, err := admin.ExecContext(t.Context(), `CREATE DATABASE `+name+` TEMPLATE `+from); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if ours {
				return
			}
			if _, err := admin.ExecContext(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
				t.Errorf("drop %s: %v", name, err)
			}
		})
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		return u.String(), name
	}
	// One database makes its tables, the others are copies of it.
	spec, tables := create(t, "template0")
	first, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) *store.Store {
		t.Helper()
		spec, _ := create(t, tables)
		return openStore(t, spec)
	}
}

// startCluster starts a private PostgreSQL on a Unix socket, without fsync, and
// gives its address.
func startCluster(t *testing.T) string {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		const why = "PostgreSQL is not installed (no /usr/lib/postgresql/*/bin) and VEILLEUR_TEST_POSTGRES is not set"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	bin := bins[len(bins)-1]
	// Not t.TempDir: the path of a socket must be short, and readable by the
	// user postgres.
	dir, err := os.MkdirTemp("", "vpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := asPostgres(t, dir)
	out, err := command(as, filepath.Join(bin, "initdb"), "-D", dir+"/db", "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := command(as, filepath.Join(bin, "postgres"), "-D", dir+"/db", "-k", dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=300")
	lines, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT) // fast shutdown; gone already is as good
		_ = server.Wait()
	})
	awaitReady(t, bufio.NewScanner(lines))
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir)
}

// awaitReady reads the server's log until it takes connections, then goes on
// reading so that the server never waits for us.
func awaitReady(t *testing.T, log *bufio.Scanner) {
	t.Helper()
	var said []string
	for log.Scan() {
		said = append(said, log.Text())
		if strings.Contains(log.Text(), "ready to accept connections") {
			go func() {
				for log.Scan() {
				}
			}()
			return
		}
	}
	t.Fatalf("PostgreSQL did not start:\n%s", strings.Join(said, "\n"))
}

// asPostgres gives the words that run a command as the user postgres, whom dir
// is given to: PostgreSQL refuses to run as root.
func asPostgres(t *testing.T, dir string) []string {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return []string{"setpriv", "--reuid", u.Uid, "--regid", u.Gid, "--clear-groups", "--pdeathsig", "INT"}
}

func command(as []string, args ...string) *exec.Cmd {
	args = append(as[:len(as):len(as)], args...)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "/"
	return cmd
}
