package engine

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/job"
	"veilleur/internal/mail"
	"veilleur/internal/veille"
)

// postRoom is a house that mails.
type postRoom struct {
	*house
	digests *Digests
	mailer  *fakeMailer
}

// fakeMailer keeps what it sends, unless it fails.
type fakeMailer struct {
	absent bool
	fail   error
	sent   []mail.Message
}

func (m *fakeMailer) Ready() bool { return !m.absent }

func (m *fakeMailer) Send(_ context.Context, msg mail.Message) error {
	if m.fail == nil {
		m.sent = append(m.sent, msg)
	}
	return m.fail
}

func mailRoom(t *testing.T) *postRoom {
	t.Helper()
	r := &postRoom{house: build(t), mailer: &fakeMailer{}}
	r.digests = NewDigests(quiet(), r, r, NewMornings(r, r, r, r, r, r), r.mailer, "https://veilleur.example", [32]byte{7})
	r.digests.now = func() time.Time { return r.now }
	r.user("una", func(u *veille.User) { u.Name = "Una\r\nBcc: tous@example.org" })
	return r
}

// user stores a person whose digest leaves at 6 h 50.
func (r *postRoom) user(id veille.UserID, changes ...func(*veille.User)) veille.User {
	r.Helper()
	u := veille.User{ID: id, BranchID: river, Name: string(id), Email: string(id) + "@example.org", Locale: "fr", Role: veille.RoleManager,
		Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 50}, CreatedAt: morning}
	for _, change := range changes {
		change(&u)
	}
	r.ok(r.PutUser(r.Context(), u))
	return u
}

func (r *postRoom) send(key string) error {
	return r.digests.Send(r.Context(), r.attempt(job.KindDigest, key))
}

const today = "una:2026-11-23"

func TestADigestLeavesOncePerPersonAndDay(t *testing.T) {
	r := mailRoom(t)
	r.user("luc", func(u *veille.User) { u.Digest.Hour = 9 })
	r.user("eve", func(u *veille.User) { u.Digest.On = false })
	r.user("max", func(u *veille.User) { u.Digest.Days = []int{2} })
	r.user("ana", func(u *veille.User) { u.Digest.Zone = "Europe/Paris" }) // 12 h 52 there
	for range 3 {
		r.ok(r.digests.Due(t.Context()))
	}
	r.same("due now", r.jobs(job.KindDigest), []string{"ana:2026-11-23", today})
	r.ok(r.send(today))
	r.ok(r.send(today))
	r.same("sent once", len(r.mailer.sent), 1)
	m := r.mailer.sent[0]
	r.same("to her", []string{m.To, m.MessageID}, []string{"una@example.org", "digest.2026-11-23.una@veilleur.example"})
	if m.HTML == "" || m.Text == "" || !strings.Contains(m.Text, "Caisse de la Rivière") || !strings.Contains(m.Text, m.Unsubscribe) {
		t.Errorf("it says %s", m.Text)
	}
	r.now = morning.AddDate(0, 0, 1)
	r.ok(r.digests.Due(t.Context()))
	r.same("and the next day", len(r.jobs(job.KindDigest)), 5) // max on his Tuesday, luc not yet
}

func TestADigestTellsTheMorning(t *testing.T) {
	r := mailRoom(t)
	r.topic(river, veille.SubjectBranch, "Caisse de la Rivière", `"Caisse de la Rivière" OR jardin`)
	r.read(corpus()...)
	r.ok(NewIdeas(quiet(), r, r, r, r, r).SuggestAll(t.Context(), r.now))
	r.ok(r.PutGoal(t.Context(), veille.Goal{ID: "g", BranchID: river, Name: "200 abonnés", Unit: "abonnés", Start: 160, Target: 200,
		StartAt: r.now.AddDate(0, -1, 0), DueAt: r.now.AddDate(0, 1, 0), CreatedAt: r.now}))
	m := must(r.digests.Compose(t.Context(), must(r.User(t.Context(), "una"))(r.house), r.now))(r.house)
	for _, want := range []string{"sources indépendantes", "200 abonnés", "https://veilleur.example/"} {
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
			t.Errorf("%q is missing from %s", want, m.Text)
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n") || strings.Contains(m.Text, "\nBcc:") {
		t.Errorf("a name of two lines makes %q\n%s", m.Subject, m.Text)
	}
}

func TestADigestWhenMailFails(t *testing.T) {
	r := mailRoom(t)
	r.ok(r.digests.Due(t.Context()))
	r.mailer.fail = errors.New("connection refused")
	if err := r.send(today); err == nil || isPermanent(err) {
		t.Fatalf("down: %v", err)
	}
	r.now = r.now.Add(2 * time.Hour)
	r.mailer.fail = nil
	r.ok(r.send(today))
	r.same("up again, it leaves", len(r.mailer.sent), 1)

	r.user("luc")
	r.ok(r.digests.Due(t.Context()))
	r.mailer.fail = veille.NewProblem(veille.ErrInvalid, veille.Say("mail.refused"), nil)
	if err := r.send("luc:2026-11-23"); !isPermanent(err) {
		t.Errorf("refused for good: %v", err)
	}
	r.mailer.fail = nil
	for name, change := range map[string]func(){
		"in the evening":      func() { r.now = morning.Add(12 * time.Hour) },
		"the next day":        func() { r.now = morning.AddDate(0, 0, 1) },
		"once she wants none": func() { r.now = morning; r.user("luc", func(u *veille.User) { u.Digest.On = false }) },
	} {
		r.user("luc")
		change()
		r.ok(r.send("luc:2026-11-23"))
		if len(r.mailer.sent) > 1 {
			t.Errorf("sent %s", name)
		}
	}
	r.ok(r.DeleteUser(t.Context(), "luc"))
	if err := r.send("luc:2026-11-23"); err != nil && !isPermanent(err) {
		t.Errorf("of somebody gone: %v", err)
	}
}

func TestUnsubscribingNeedsItsSignature(t *testing.T) {
	r := mailRoom(t)
	r.user("luc")
	m := must(r.digests.Compose(t.Context(), must(r.User(t.Context(), "una"))(r.house), r.now))(r.house)
	u, err := url.Parse(m.Unsubscribe)
	r.ok(err)
	sig := u.Query().Get("cle")
	r.is(r.digests.Unsubscribe(t.Context(), "luc", sig), veille.ErrDenied)
	r.is(r.digests.Unsubscribe(t.Context(), "una", sig[1:]), veille.ErrDenied)
	r.is(r.digests.Unsubscribe(t.Context(), "una", ""), veille.ErrDenied)
	r.ok(r.digests.Unsubscribe(t.Context(), "una", sig))
	r.ok(r.digests.Unsubscribe(t.Context(), "una", sig))
	r.same("off", []bool{must(r.User(t.Context(), "una"))(r.house).Digest.On, must(r.User(t.Context(), "luc"))(r.house).Digest.On}, []bool{false, true})
	r.ok(r.digests.Due(t.Context()))
	r.same("and none leaves", r.jobs(job.KindDigest), []string{"luc:2026-11-23"})
}

func TestAReminderGoesToWhoWroteThePost(t *testing.T) {
	r := mailRoom(t)
	o := &office{house: r.house}
	r.ok(r.PutChannel(t.Context(), veille.Channel{ID: "page", BranchID: river, Network: veille.NetworkManual, Name: "Page", CreatedAt: morning}))
	o.posts = o.worker()
	id, key := o.due("page")
	r.ok(o.run(key))
	remind := func() error { return r.digests.Remind(t.Context(), r.attempt(job.KindRemind, string(id)+":1")) }
	r.mailer.absent = true
	r.ok(remind())
	r.same("nobody to tell without mail", len(r.mailer.sent), 0)
	r.mailer.absent = false
	r.mailer.fail = errors.New("down")
	if err := remind(); err == nil || isPermanent(err) {
		t.Errorf("down: %v", err)
	}
	r.mailer.fail = nil
	r.ok(remind())
	m := r.mailer.sent[0]
	r.same("to her", []string{m.To, m.MessageID}, []string{"una@example.org", "remind." + string(id) + ".1@veilleur.example"})
	if !strings.Contains(m.Text, "C’est ce soir.") || !strings.Contains(m.Text, "https://veilleur.example/calendrier/"+string(id)) {
		t.Errorf("it says %s", m.Text)
	}
	r.ok(r.DeleteUser(t.Context(), "una"))
	r.user("luc")
	r.ok(remind())
	r.same("else to the first of the branch", r.mailer.sent[1].To, "luc@example.org")
	r.ok(o.posts.Done(t.Context(), id, ""))
	r.ok(remind())
	r.same("done meanwhile", len(r.mailer.sent), 2)
	r.ok(r.DeleteUser(t.Context(), "luc"))
}

func TestDigestsWithoutMailClaimNothing(t *testing.T) {
	r := mailRoom(t)
	r.mailer.absent = true
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r.ok(r.digests.Run(ctx))
	r.same("claimed", len(r.jobs(job.KindDigest)), 0)
	if diff := cmp.Diff("veilleur.localhost", (&Digests{}).host()); diff != "" {
		t.Error(diff)
	}
}
