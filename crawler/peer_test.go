package crawler

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// TestPeerDovecot reads mailboxes of a real IMAP server. It runs when
// VEILLEUR_PEERS is 1 and Debian's dovecot-imapd is there; with CI it fails
// when it is not.
func TestPeerDovecot(t *testing.T) {
	d := startDovecot(t)
	t.Run("read once, then nothing, then what is new", d.once)
	t.Run("a new UIDVALIDITY gives nothing twice", d.validity)
	t.Run("a wrong password and a missing folder are told", d.refusals)
	t.Run("cut at any byte, all is read in the end, once", d.cuts)
	t.Run("a large mail is read to its bound", d.large)
	t.Run("killed while it is read, all is read in the end, once", d.kills)
}

// A dovecot is a server of the test, with an account for each part of it.
type dovecot struct {
	dir     string
	conf    string
	address string
	cmd     *exec.Cmd
	n       int // mails delivered
}

func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	if os.Getenv("VEILLEUR_PEERS") != "1" {
		t.Skip("set VEILLEUR_PEERS=1 to read a real Dovecot")
	}
	_, err := exec.LookPath("dovecot")
	if os.Getuid() != 0 || err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no Dovecot to start as root: %v", err)
		}
		t.Skipf("no Dovecot to start as root: %v", err)
	}
	dir, err := os.MkdirTemp("", "dovecot") // short: its sockets are in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &dovecot{dir: dir, conf: filepath.Join(dir, "conf"), address: ln.Addr().String()}
	ln.Close()
	text, err := os.ReadFile("testdata/dovecot.conf")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(d.address)
	d.write(t, "conf", strings.NewReplacer("@DIR@", dir, "@PORT@", port).Replace(string(text)))
	d.write(t, "users", strings.Join([]string{"une", "deux", "trois", "quatre", "cinq", "six", ""}, ":{PLAIN}secret\n"))
	for _, sub := range []string{"run", "mail"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d.chown(t, filepath.Join(dir, "mail"))
	d.start(t)
	t.Cleanup(d.kill)
	return d
}

func (d *dovecot) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (d *dovecot) chown(t *testing.T, path string) {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
}

// start runs the server in a process group of its own, and waits until it
// answers.
func (d *dovecot) start(t *testing.T) {
	t.Helper()
	d.cmd = exec.Command("dovecot", "-F", "-c", d.conf)
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; {
		conn, err := net.Dial("tcp", d.address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			said, _ := os.ReadFile(filepath.Join(d.dir, "log"))
			t.Fatalf("Dovecot does not answer: %v\n%s", err, said)
		}
		time.Sleep(20 * time.Millisecond) // another process: nothing tells when it listens
	}
}

// kill ends the server and all its children at once, as a power cut does.
func (d *dovecot) kill() {
	for syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL) == nil { // until none is left who could hold a lock
		_ = d.cmd.Wait()
	}
	locks, _ := filepath.Glob(filepath.Join(d.dir, "mail", "*", "*.lock"))
	for _, l := range locks { // it would wait two minutes for its dead self
		_ = os.Remove(l)
	}
	_ = os.RemoveAll(filepath.Join(d.dir, "run"))
	_ = os.Mkdir(filepath.Join(d.dir, "run"), 0o755)
}

// account makes the empty mailbox of an account, and gives its source.
func (d *dovecot) account(t *testing.T, w *world, name, address string) veille.Source {
	t.Helper()
	for _, sub := range []string{"", "cur", "new", "tmp"} {
		path := filepath.Join(d.dir, "mail", name, sub)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		d.chown(t, path)
	}
	s := w.subscribe(name, address)
	s.URL = "imap://" + name + "@" + address + "/INBOX"
	w.sources[s.ID] = s
	return s
}

// deliver puts mails where a mail server does.
func (d *dovecot) deliver(t *testing.T, name string, mails ...[]byte) {
	t.Helper()
	for _, m := range mails {
		d.n++
		path := filepath.Join(d.dir, "mail", name, "new", fmt.Sprintf("%d.%06d.test", time.Now().Unix(), d.n))
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(m), "\r\n", "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
		d.chown(t, path)
	}
}

// unread checks that all mails are there and none is marked as read.
func (d *dovecot) unread(t *testing.T, name string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(d.dir, "mail", name, "*", "*.test*"))
	if err != nil || len(files) != want {
		t.Errorf("%d mails are left, want %d (%v)", len(files), want, err)
	}
	for _, f := range files {
		if _, flags, ok := strings.Cut(filepath.Base(f), ":2,"); ok && flags != "" {
			t.Errorf("%s has flags %q", filepath.Base(f), flags)
		}
	}
}

// peerWorld is a world on the day of today: the server dates what it receives.
func peerWorld(t *testing.T) *world {
	w := newWorld(t)
	w.now = time.Now().UTC().Truncate(time.Second).Add(time.Minute)
	return w
}

func (d *dovecot) once(t *testing.T) {
	w := peerWorld(t)
	k := w.keys(t)
	d.account(t, w, "une", d.address)
	d.deliver(t, "une", k.alertMail(t, 1, w.now), newsletter(1, w.now), unsignedAlert(2, w.now))
	if r := w.once(t, false); r.New != 2 {
		t.Errorf("first visit: %+v, %v", r, w.source("une").Health.Problem)
	}
	w.now = w.now.Add(hour)
	if r := w.once(t, true); r.New+r.Changed+r.Failed != 0 {
		t.Errorf("second visit: %+v", r)
	}
	d.deliver(t, "une", newsletter(2, w.now))
	w.now = w.now.Add(hour)
	if r := w.once(t, true); r.New != 1 {
		t.Errorf("third visit: %+v", r)
	}
	d.unread(t, "une", 4)
}

func (d *dovecot) validity(t *testing.T) {
	w := peerWorld(t)
	d.account(t, w, "deux", d.address)
	d.deliver(t, "deux", newsletter(1, w.now), newsletter(2, w.now))
	if r := w.once(t, false); r.New != 2 {
		t.Fatalf("first visit: %+v, %v", r, w.source("deux").Health.Problem)
	}
	before := w.source("deux").Health.Cursor
	lists, _ := filepath.Glob(filepath.Join(d.dir, "mail", "deux", "dovecot*"))
	for _, f := range lists {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(1100 * time.Millisecond) // its UIDVALIDITY is the second it is made
	d.deliver(t, "deux", newsletter(3, w.now))
	w.now = w.now.Add(hour)
	if r := w.once(t, true); r.New != 1 || r.Changed != 0 {
		t.Errorf("%+v, %v", r, w.source("deux").Health.Problem)
	}
	if now := w.source("deux").Health.Cursor; now == before || !strings.Contains(now, "validity") {
		t.Errorf("the folder is the same: %s, %s", before, now)
	}
	d.unread(t, "deux", 3)
}

func (d *dovecot) refusals(t *testing.T) {
	w := peerWorld(t)
	s := d.account(t, w, "trois", d.address)
	w.secrets["trois"] = "autre"
	w.once(t, false)
	if h := w.source("trois").Health; h.Problem == nil || h.Problem.Key != "mailbox.wrong.password" || h.DueAt.Sub(w.now) != day {
		t.Errorf("wrong password: %+v", h)
	}
	w.secrets["trois"] = "secret"
	s.URL = "imap://trois@" + d.address + "/Infolettres%20d%27ici"
	w.sources["trois"] = s
	w.now = w.now.Add(day)
	w.once(t, true)
	if h := w.source("trois").Health; h.Problem == nil || h.Problem.Key != "mailbox.wrong.folder" {
		t.Errorf("missing folder: %+v", h)
	}
}

func (d *dovecot) cuts(t *testing.T) {
	w := peerWorld(t)
	k := w.keys(t)
	cut := newCutter(t, d.address)
	d.account(t, w, "quatre", cut.address)
	for i := range 40 {
		d.deliver(t, "quatre", newsletter(i, w.now), k.alertMail(t, i, w.now))
	}
	cut.rounds(t, w, "quatre", 80)
	d.unread(t, "quatre", 80)
}

// kills ends the server with SIGKILL in the middle of its answer, later each
// time, and starts it again.
func (d *dovecot) kills(t *testing.T) {
	w := peerWorld(t)
	cut := newCutter(t, d.address)
	cut.cut, cut.mend = d.kill, func() { d.kill(); d.start(t) } // killed already, unless the visit failed by itself
	d.account(t, w, "cinq", cut.address)
	for i := range 400 {
		d.deliver(t, "cinq", newsletter(i, w.now))
	}
	cut.rounds(t, w, "cinq", 400)
	d.unread(t, "cinq", 400)
}

func (d *dovecot) large(t *testing.T) {
	w := peerWorld(t)
	d.account(t, w, "six", d.address)
	big := append(newsletter(1, w.now), []byte(strings.Repeat("Une ligne de plus, et encore une autre.\r\n", 100_000))...) // 4 MB
	d.deliver(t, "six", big, newsletter(2, w.now))
	if r := w.once(t, false); r.New != 2 || r.Failed != 0 {
		t.Errorf("%+v, %v", r, w.source("six").Health.Problem)
	}
	d.unread(t, "six", 2)
}
