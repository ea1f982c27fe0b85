package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/publish"
	"veilleur/internal/publish/manual"
	"veilleur/internal/veille"
)

// office is a house with channels, and a network that does as told.
type office struct {
	*house
	posts *Posts
	net   *fakeNetwork
}

// fakeNetwork counts what reaches it.
type fakeNetwork struct {
	publish func(ctx context.Context) (publish.Receipt, error)
	find    func() (publish.Receipt, bool, error)
	sent    int
	looked  int
}

func (n *fakeNetwork) Publish(ctx context.Context, _ veille.Channel, _ veille.Post, _ publish.Opener) (publish.Receipt, error) {
	n.sent++
	return n.publish(ctx)
}

func (n *fakeNetwork) Find(context.Context, veille.Channel, veille.Post) (publish.Receipt, bool, error) {
	n.looked++
	return n.find()
}

var receipt = publish.Receipt{RemoteID: "9", RemoteURL: "https://blogue.example/9"}

func employ(t *testing.T) *office {
	t.Helper()
	h := build(t)
	o := &office{house: h, net: &fakeNetwork{}}
	for id, n := range map[veille.ChannelID]veille.Network{"blogue": veille.NetworkWordPress, "page": veille.NetworkManual, "pigeon": "pigeon"} {
		h.ok(h.PutChannel(t.Context(), veille.Channel{ID: id, BranchID: river, Network: n, Name: string(id), CreatedAt: morning}))
	}
	h.ok(h.PutChannel(t.Context(), veille.Channel{ID: "voisine", BranchID: hill, Network: veille.NetworkManual, CreatedAt: morning}))
	o.posts = o.worker()
	return o
}

// worker is one process that publishes.
func (o *office) worker() *Posts {
	ps := NewPosts(quiet(), o, map[veille.Network]publish.Network{veille.NetworkWordPress: o.net, veille.NetworkManual: manual.New()}, NewMedia(o.TempDir()))
	ps.now = func() time.Time { return o.now }
	return ps
}

// draft writes a post for one channel.
func (o *office) draft(ch veille.ChannelID) veille.PostID {
	o.Helper()
	ids := must(o.posts.Draft(o.Context(), veille.Post{BranchID: river, Title: "Assemblée", Text: "C’est ce soir.", AuthorID: "una"},
		[]veille.ChannelID{ch}))(o.house)
	return ids[0]
}

// due writes a post whose hour has come, starts it, and gives the job's key.
func (o *office) due(ch veille.ChannelID) (veille.PostID, string) {
	o.Helper()
	id := o.draft(ch)
	must(o.posts.Schedule(o.Context(), id, "2026-11-23T06:52", "America/Toronto"))(o.house)
	o.ok(o.posts.Due(o.Context()))
	keys := o.jobs(job.KindPublish)
	return id, keys[len(keys)-1]
}

func (o *office) run(key string) error {
	o.Helper()
	return o.posts.Publish(o.Context(), o.attempt(job.KindPublish, key))
}

// next runs the job written last, once its hour has come.
func (o *office) next(wait time.Duration) error {
	o.Helper()
	o.now = o.now.Add(wait)
	keys := o.jobs(job.KindPublish)
	return o.run(keys[len(keys)-1])
}

func (o *office) post(id veille.PostID) veille.Post {
	o.Helper()
	return must(o.Post(o.Context(), id))(o.house)
}

func TestADraftIsOnePostForEachChannel(t *testing.T) {
	o := employ(t)
	p := veille.Post{BranchID: river, Title: "Une \n nouvelle", Text: "Bonjour!", State: veille.PostPublished}
	ids := must(o.posts.Draft(t.Context(), p, []veille.ChannelID{"page", "blogue", "page"}))(o.house)
	o.same("each channel once", len(ids), 2)
	a, b := o.post(ids[0]), o.post(ids[1])
	o.same("of one batch", []any{a.Batch == b.Batch, a.ChannelID, b.ChannelID, a.State, a.Title},
		[]any{true, veille.ChannelID("page"), veille.ChannelID("blogue"), veille.PostDraft, "Une nouvelle"})
	_, err := o.posts.Draft(t.Context(), veille.Post{BranchID: river, Text: " \n"}, []veille.ChannelID{"page"})
	o.says(err, "post.text_needed")
	_, err = o.posts.Draft(t.Context(), p, nil)
	o.says(err, "post.channel_needed")
	for _, ch := range []veille.ChannelID{"voisine", "none"} {
		_, err = o.posts.Draft(t.Context(), p, []veille.ChannelID{"page", ch})
		o.is(err, veille.ErrNotFound)
	}
	o.same("nothing is half written", len(must(o.Posts(t.Context(), veille.PostFilter{}))(o.house)), 2)
}

func TestWhatAPersonDoesWithAPost(t *testing.T) {
	o := employ(t)
	ctx, id := t.Context(), o.draft("blogue")
	o.ok(o.posts.Edit(ctx, id, "Titre", "Autres mots.", []veille.Media{{ID: "m"}}))
	o.says(o.posts.Edit(ctx, id, "Titre", "", nil), "post.text_needed")
	_, err := o.posts.Schedule(ctx, id, "2026-11-23T06:40", "America/Toronto")
	o.says(err, "post.hour_passed")
	_, err = o.posts.Schedule(ctx, id, "2026-11-23T25:00", "America/Toronto")
	o.is(err, veille.ErrInvalid)
	_, err = o.posts.Schedule(ctx, id, "2026-11-24T09:00", "Europe/Nulle-Part")
	o.is(err, veille.ErrInvalid)
	o.same("still a draft", o.post(id).State, veille.PostDraft)

	notice, err := o.posts.Schedule(ctx, id, "2027-03-14T02:30", "America/Toronto")
	o.ok(err)
	o.same("an hour that clocks skip moves, and is told", []any{notice.Key, o.post(id).At},
		[]any{"publish.moved", time.Date(2027, 3, 14, 7, 30, 0, 0, time.UTC)})
	notice = must(o.posts.Schedule(ctx, id, "2027-11-07T01:30", "America/Toronto"))(o.house)
	o.same("one that comes twice is the first", []any{notice, o.post(id).At},
		[]any{(*veille.Sentence)(nil), time.Date(2027, 11, 7, 5, 30, 0, 0, time.UTC)})
	o.same("the wall's words are kept", o.post(id).Wall, "2027-11-07T01:30")

	o.ok(o.posts.Move(ctx, id, veille.PostHeld))
	o.is(o.posts.Move(ctx, id, veille.PostAwaiting), veille.ErrConflict)
	o.is(o.posts.Move(ctx, id, veille.PostPublished), veille.ErrInvalid) // not by hand
	o.is(o.posts.Done(ctx, id, ""), veille.ErrConflict)
	must(o.posts.Schedule(ctx, id, "2026-11-24T09:00", "America/Toronto"))(o.house)
	o.is(o.posts.Delete(ctx, id), veille.ErrConflict)
	o.ok(o.posts.Again(ctx, id))
	o.same("a draft again, without an hour", []any{o.post(id).State, o.post(id).At.IsZero(), o.post(id).Wall}, []any{veille.PostDraft, true, ""})
	o.ok(o.posts.Delete(ctx, id))
	o.is(o.posts.Edit(ctx, id, "T", "t", nil), veille.ErrNotFound)
}

func TestTwoHandsOnOnePost(t *testing.T) {
	o := employ(t)
	id := o.draft("blogue")
	p := o.post(id)
	o.now = o.now.Add(time.Second)
	o.ok(o.posts.Edit(t.Context(), id, "Autre", "Autres mots.", nil))
	p.Text = "Les siens."
	o.is(o.UpdatePost(t.Context(), p, p), veille.ErrConflict) // a page read before that edit
	o.same("the first words stay", o.post(id).Text, "Autres mots.")
}

func TestADuePostStartsOnceAndALateOneIsHeld(t *testing.T) {
	o := employ(t)
	soon, late := o.draft("blogue"), o.draft("blogue")
	must(o.posts.Schedule(t.Context(), soon, "2026-11-23T13:00", "America/Toronto"))(o.house)
	must(o.posts.Schedule(t.Context(), late, "2026-11-23T07:00", "America/Toronto"))(o.house)
	o.ok(o.posts.Due(t.Context()))
	o.same("none is due", len(o.jobs(job.KindPublish)), 0)
	o.now = morning.Add(6*time.Hour + 9*time.Minute) // 13:01: the house slept all morning
	o.ok(o.posts.Due(t.Context()))
	o.ok(o.posts.Due(t.Context()))
	o.same("one job", o.jobs(job.KindPublish), []string{string(soon) + ":1:send"})
	o.same("publishing", o.post(soon).State, veille.PostPublishing)
	p := o.post(late)
	o.same("late", []any{p.State, p.Problem.Key}, []any{veille.PostHeld, "publish.late"})
	_, err := o.posts.Schedule(t.Context(), soon, "2026-11-23T14:00", "America/Toronto")
	o.is(err, veille.ErrConflict) // its request may be on its way
	o.says(o.posts.Edit(t.Context(), soon, "T", "t", nil), "post.already_left")
}

func TestEveryPostOfOneMinuteGoesOut(t *testing.T) {
	o := employ(t)
	o.net.publish = func(context.Context) (publish.Receipt, error) { return receipt, nil }
	for range 10 {
		must(o.posts.Schedule(t.Context(), o.draft("blogue"), "2026-11-23T06:52", "America/Toronto"))(o.house)
	}
	o.ok(o.posts.Due(t.Context()))
	for _, key := range o.jobs(job.KindPublish) {
		o.ok(o.run(key))
	}
	o.same("sent", o.net.sent, 10)
}

func TestWhatComesOfASend(t *testing.T) {
	refused := veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.denied"), nil)
	busy := veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.down"), nil)
	for name, c := range map[string]struct {
		err     error
		state   veille.PostState
		problem string
		jobs    int // in all, after the send
	}{
		"taken":                          {nil, veille.PostPublished, "", 1},
		"refused":                        {refused, veille.PostFailed, "wordpress.denied", 1},
		"busy is tried again":            {busy, veille.PostScheduled, "wordpress.down", 1},
		"an answer lost is read back":    {publish.ErrUnknown, veille.PostUnknown, "publish.unknown_reading", 2},
		"a fault nobody foresaw as well": {errors.New("oops"), veille.PostUnknown, "publish.unknown_reading", 2},
	} {
		t.Run(name, func(t *testing.T) {
			o := employ(t)
			id, key := o.due("blogue")
			o.net.find = func() (publish.Receipt, bool, error) { return publish.Receipt{}, false, nil }
			o.net.publish = func(context.Context) (publish.Receipt, error) {
				o.same("the witness is kept before the send", o.post(id).SentAt, o.now)
				return receipt, c.err
			}
			o.ok(o.run(key))
			p := o.post(id)
			problem := ""
			if p.Problem != nil {
				problem = p.Problem.Key
			}
			o.same("kept", []any{p.State, problem, len(o.jobs(job.KindPublish)), o.net.sent}, []any{c.state, c.problem, c.jobs, 1})
			if c.err == nil {
				o.same("where it went", []any{p.RemoteID, p.RemoteURL, p.PublishedAt}, []any{"9", receipt.RemoteURL, o.now})
			}
			o.ok(o.run(key))
			o.same("the job run again sends nothing", o.net.sent, 1)
		})
	}
}

func TestABusyNetworkIsTriedAgainThenGivenUp(t *testing.T) {
	o := employ(t)
	o.net.publish = func(context.Context) (publish.Receipt, error) {
		return publish.Receipt{}, veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.down"), nil)
	}
	id, key := o.due("blogue")
	o.ok(o.run(key))
	o.ok(o.posts.Due(t.Context()))
	o.same("after a pause", len(o.jobs(job.KindPublish)), 1)
	for o.post(id).State == veille.PostScheduled {
		o.now = o.now.Add(time.Minute)
		o.ok(o.posts.Due(t.Context()))
		if keys := o.jobs(job.KindPublish); o.post(id).State == veille.PostPublishing {
			o.ok(o.run(keys[len(keys)-1]))
		}
	}
	p := o.post(id)
	o.same("as long as it is not late", []any{p.State, p.Problem.Key, p.Attempts == o.net.sent}, []any{veille.PostFailed, "wordpress.down", true})
	keys := o.jobs(job.KindPublish)
	o.same("each try under its own key", len(slices.Compact(slices.Sorted(slices.Values(keys)))), o.net.sent)
}

func TestAnUnknownPostIsFoundOrAPersonIsAsked(t *testing.T) {
	o := employ(t)
	o.net.publish = func(context.Context) (publish.Receipt, error) { return publish.Receipt{}, publish.ErrUnknown }
	o.net.find = func() (publish.Receipt, bool, error) { return publish.Receipt{}, false, nil }
	id, key := o.due("blogue")
	o.ok(o.run(key))
	o.ok(o.next(30 * time.Second))
	o.net.find = func() (publish.Receipt, bool, error) { return receipt, true, nil }
	o.ok(o.next(90 * time.Second))
	o.same("found", []any{o.post(id).State, o.post(id).RemoteID, o.net.sent}, []any{veille.PostPublished, "9", 1})

	o.now = morning
	o.net.find = func() (publish.Receipt, bool, error) { return publish.Receipt{}, false, errors.New("timeout") }
	id, key = o.due("blogue")
	o.ok(o.run(key))
	for _, wait := range []time.Duration{30 * time.Second, 90 * time.Second, 8 * time.Minute} {
		o.same("still read back", o.post(id).Problem.Key, "publish.unknown_reading")
		o.ok(o.next(wait))
	}
	o.same("a person is asked", []any{o.post(id).State, o.post(id).Problem.Key, o.net.sent}, []any{veille.PostUnknown, "publish.unknown", 2})
	o.ok(o.posts.Due(t.Context()))
	o.same("nothing more is tried", len(o.jobs(job.KindPublish)), 7)
	o.ok(o.posts.Done(t.Context(), id, "https://blogue.example/10"))
	o.same("she saw it", []any{o.post(id).State, o.post(id).RemoteURL}, []any{veille.PostPublished, "https://blogue.example/10"})
}

func TestACrashAfterTheWitnessSendsNothingMore(t *testing.T) {
	o := employ(t)
	id, key := o.due("blogue")
	o.net.publish = func(context.Context) (publish.Receipt, error) { panic("killed") }
	func() {
		defer func() { _ = recover() }()
		_ = o.run(key)
	}()
	o.same("died while sending", []any{o.post(id).State, o.post(id).SentAt}, []any{veille.PostPublishing, o.now})
	o.net.find = func() (publish.Receipt, bool, error) { return receipt, true, nil }
	o.ok(o.run(key))
	o.same("only looked", []any{o.net.sent, o.net.looked, o.post(id).State}, []any{1, 1, veille.PostPublished})
}

func TestOfTwoWorkersOneSends(t *testing.T) {
	o := employ(t)
	id, key := o.due("blogue")
	slow, a := o.worker(), o.attempt(job.KindPublish, key)
	slow.store = stale{o, o.post(id)} // read before the first wrote its witness
	o.net.publish = func(context.Context) (publish.Receipt, error) {
		if o.net.sent == 1 {
			o.is(slow.Publish(t.Context(), a), veille.ErrConflict)
		}
		return receipt, nil
	}
	o.ok(o.posts.Publish(t.Context(), a))
	o.is(slow.Publish(t.Context(), a), veille.ErrConflict)
	o.same("sent", []any{o.net.sent, o.post(id).State}, []any{1, veille.PostPublished})

	late, err := o.draft("blogue"), error(nil)
	_, err = o.posts.Schedule(t.Context(), late, "2026-11-23T06:52", "America/Toronto")
	o.ok(err)
	o.posts.store = stale{o, o.post(late)}
	o.ok(o.worker().Due(t.Context()))
	o.ok(o.posts.Due(t.Context()))
	o.same("one job", len(o.jobs(job.KindPublish)), 2)
}

// stale gives a post as it was before another worker moved it.
type stale struct {
	*office
	was veille.Post
}

func (s stale) Post(context.Context, veille.PostID) (veille.Post, error) { return s.was, nil }

func (s stale) DuePosts(context.Context, time.Time) ([]veille.Post, error) {
	return []veille.Post{s.was}, nil
}

func TestASendThatAnotherWorkerCalledUnknownKeepsItsOutcome(t *testing.T) {
	o := employ(t)
	id, key := o.due("blogue")
	o.net.find = func() (publish.Receipt, bool, error) { return publish.Receipt{}, false, nil }
	o.net.publish = func(context.Context) (publish.Receipt, error) {
		o.now = o.now.Add(time.Second)
		o.ok(o.run(key)) // rescued too early: it sees the witness and looks
		o.same("unknown meanwhile", o.post(id).State, veille.PostUnknown)
		return receipt, nil
	}
	o.ok(o.run(key))
	o.same("then known", []any{o.post(id).State, o.post(id).RemoteID, o.net.sent}, []any{veille.PostPublished, "9", 1})
}

func TestAPostByHandWaitsAndRemindsOnce(t *testing.T) {
	o := employ(t)
	id, key := o.due("page")
	for range 3 {
		o.ok(o.run(key))
	}
	p := o.post(id)
	o.same("waits", []any{p.State, p.Problem.Key, p.SentAt.IsZero()}, []any{veille.PostPublishing, "publish.await_person", true})
	o.same("reminds once", o.jobs(job.KindRemind), []string{string(id) + ":1"})
	o.now = o.now.Add(time.Hour)
	o.ok(o.posts.Done(t.Context(), id, ""))
	o.same("ticked", []any{o.post(id).State, o.post(id).PublishedAt}, []any{veille.PostPublished, o.now})
}

func TestANetworkNobodyKnows(t *testing.T) {
	o := employ(t)
	id, key := o.due("pigeon")
	o.ok(o.run(key))
	p := o.post(id)
	o.same("fails in words", []any{p.State, *p.Problem}, []any{veille.PostFailed, veille.Say("post.network_unknown", "network", "pigeon")})
	if s := say("fr")(*p.Problem); !strings.Contains(s, "pigeon") {
		t.Error(s)
	}

	sent, key := o.due("blogue")
	o.net.publish = func(context.Context) (publish.Receipt, error) { return publish.Receipt{}, publish.ErrUnknown }
	o.ok(o.run(key))
	delete(o.posts.networks, veille.NetworkWordPress)
	o.ok(o.next(30 * time.Second))
	o.same("but what may be out stays unknown", o.post(sent).State, veille.PostUnknown)
}

func TestAStopDuringASendKeepsItsOutcome(t *testing.T) {
	o := employ(t)
	id, key := o.due("blogue")
	ctx, stop := context.WithCancel(t.Context())
	o.net.publish = func(ctx context.Context) (publish.Receipt, error) { stop(); return publish.Receipt{}, ctx.Err() }
	o.ok(o.posts.Publish(ctx, o.attempt(job.KindPublish, key)))
	o.same("unknown", []any{o.post(id).State, len(o.jobs(job.KindPublish))}, []any{veille.PostUnknown, 2})

	id, key = o.due("blogue")
	ctx, stop = context.WithCancel(t.Context())
	o.net.publish = func(context.Context) (publish.Receipt, error) { stop(); return receipt, nil }
	o.ok(o.posts.Publish(ctx, o.attempt(job.KindPublish, key)))
	o.same("published", o.post(id).State, veille.PostPublished)
}
