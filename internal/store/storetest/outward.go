package storetest

import (
	"errors"
	"strings"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

func testIdeas(f *fixture) {
	ctx := f.Context()
	idea := veille.Idea{ID: "d1", BranchID: river, TopicID: "t1", StoryID: "st", EntryID: "e", Angle: veille.AngleAsk,
		Title: veille.Say("idea.ask", "story", "Une école"), Question: veille.Say("q"), Photo: veille.Say("p"), Effort: 10,
		ExpiresAt: f.at(60), Rank: 12.5, Reasons: []veille.Reason{{Points: 12.5, Says: veille.Say("idea.near")}},
		State: veille.IdeaNew, CreatedAt: f.now}
	better := idea
	better.ID, better.Rank = "d2", 20
	f.ok(f.PutIdeas(ctx, []veille.Idea{idea, better, idea}))
	f.same("as put", must(f.Idea(ctx, "d1"))(f), idea)
	f.ok(f.SetIdeaState(ctx, "d1", veille.IdeaRefused, "pas pour nous"))
	f.is(f.SetIdeaState(ctx, "none", veille.IdeaUsed, ""), veille.ErrNotFound)
	again := idea
	again.Rank, again.CreatedAt = 30, f.at(9)
	f.ok(f.PutIdeas(ctx, []veille.Idea{again}))
	idea.Rank, idea.State, idea.Refusal = 30, veille.IdeaRefused, "pas pour nous"
	f.same("refreshed, the refusal kept", must(f.Idea(ctx, "d1"))(f), idea)
	ideaID := func(i veille.Idea) veille.IdeaID { return i.ID }
	f.same("best first", idsOf(must(f.Ideas(ctx, river))(f), ideaID), []string{"d1", "d2"})
	f.same("in a state", idsOf(must(f.Ideas(ctx, river, veille.IdeaNew, veille.IdeaUsed))(f), ideaID), []string{"d2"})
	_, err := f.Idea(ctx, "none")
	f.is(err, veille.ErrNotFound)
}

func (f *fixture) channel(id veille.ChannelID) veille.Channel {
	return veille.Channel{ID: id, BranchID: river, Network: veille.NetworkWordPress, Name: "Blogue",
		URL: "https://blogue.example", User: "una", Secret: "abcd efgh", Cadence: 3, CreatedAt: f.now,
		Slots: []veille.Slot{{Weekday: 2, Hour: 9, Minute: 30, Zone: "America/Toronto"}}}
}

func testChannels(f *fixture) {
	ctx := f.Context()
	c := f.channel("c1")
	f.ok(f.PutChannel(ctx, c))
	f.same("as put", must(f.Channel(ctx, "c1"))(f), c)
	c.Name, c.Secret = "Journal", "ijkl"
	f.ok(f.PutChannel(ctx, c))
	f.same("of a branch", must(f.Channels(ctx, river))(f), []veille.Channel{c})
	f.same("of another", len(must(f.Channels(ctx, hill))(f)), 0)
	var stored string
	f.ok(f.DB().QueryRow(`SELECT secret FROM channel`).Scan(&stored))
	if strings.Contains(stored, "ijkl") || !strings.HasPrefix(stored, "sealed:") {
		f.Errorf("the secret is stored as %q", stored)
	}
	f.ok(f.PutPost(ctx, f.post("draft", veille.PostDraft)))
	f.ok(f.PutPost(ctx, f.post("said", veille.PostPublished)))
	f.is(f.DeleteChannel(ctx, "c1"), veille.ErrConflict)
	must(f.Post(ctx, "draft"))(f) // nothing was removed
	f.ok(f.PutChannel(ctx, f.channel("c2")))
	draft := f.post("draft2", veille.PostDraft)
	draft.ChannelID = "c2"
	f.ok(f.PutPost(ctx, draft))
	f.ok(f.DeleteChannel(ctx, "c2"))
	f.is(f.DeleteChannel(ctx, "c2"), veille.ErrNotFound)
	_, err := f.Channel(ctx, "c2")
	f.is(err, veille.ErrNotFound)
}

func (f *fixture) post(id veille.PostID, state veille.PostState) veille.Post {
	return veille.Post{ID: id, BranchID: river, ChannelID: "c1", Batch: "b", IdeaID: "d", StoryID: "st", Title: "T",
		Text: "Bonjour à tous!", Media: []veille.Media{{ID: "m1", Name: "photo.jpg", Type: "image/jpeg", Alt: "Le hall", Size: 9}},
		State: state, Zone: "America/Toronto", AuthorID: "u1", CreatedAt: f.now, UpdatedAt: f.now}
}

func testPosts(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutChannel(ctx, f.channel("c1")))
	p := f.post("p1", veille.PostDraft)
	f.ok(f.PutPost(ctx, p))
	f.same("as put", must(f.Post(ctx, "p1"))(f), p)
	f.is(f.PutPost(ctx, p), veille.ErrConflict)
	lost := f.post("p2", veille.PostDraft)
	lost.ChannelID = "none"
	f.is(f.PutPost(ctx, lost), veille.ErrInvalid)

	was, problem := p, veille.Say("publish.refused")
	p.State, p.At, p.Wall, p.Problem, p.Attempts = veille.PostScheduled, f.at(10), "2026-11-23T04:10", &problem, 1
	p.UpdatedAt, p.SentAt, p.PublishedAt, p.RemoteID, p.RemoteURL = f.at(1), f.at(2), f.at(3), "9", "https://x.example"
	f.ok(f.UpdatePost(ctx, p, was))
	f.same("as changed", must(f.Post(ctx, "p1"))(f), p)
	unsent, unedited := p, p
	unsent.SentAt, unedited.UpdatedAt = time.Time{}, f.now
	for name, was := range map[string]veille.Post{"moved": was, "sent": unsent, "edited": unedited} {
		if err := f.UpdatePost(ctx, p, was, job.Job{Kind: "publish", Key: "p1:1"}); !errors.Is(err, veille.ErrConflict) {
			f.Errorf("%s since it was read: %v, want a conflict", name, err)
		}
	}
	f.is(f.UpdatePost(ctx, f.post("none", veille.PostDraft), f.post("none", veille.PostDraft)), veille.ErrNotFound)
	f.same("a lost race leaves no job", f.countJobs(), 0)

	later := f.post("p3", veille.PostScheduled)
	later.At = f.at(20)
	f.ok(f.PutPost(ctx, later))
	f.ok(f.PutPost(ctx, f.post("p4", veille.PostScheduled))) // no time: never due
	f.ok(f.PutPost(ctx, f.post("p5", veille.PostDraft)))
	postID := func(p veille.Post) veille.PostID { return p.ID }
	f.same("due", idsOf(must(f.DuePosts(ctx, f.at(10)))(f), postID), []string{"p1"})
	for name, c := range map[string]struct {
		filter veille.PostFilter
		want   []string
	}{
		"all, those without a time first": {veille.PostFilter{Branch: river}, []string{"p4", "p5", "p1", "p3"}},
		"of another branch":               {veille.PostFilter{Branch: hill}, nil},
		"from":                            {veille.PostFilter{From: f.at(11)}, []string{"p3"}},
		"to":                              {veille.PostFilter{To: f.at(20)}, []string{"p1"}},
		"in states":                       {veille.PostFilter{States: []veille.PostState{veille.PostDraft}}, []string{"p5"}},
		"n at most":                       {veille.PostFilter{Limit: 1}, []string{"p4"}},
	} {
		f.same(name, idsOf(must(f.Posts(ctx, c.filter))(f), postID), c.want)
	}
	f.is(f.DeletePost(ctx, "p1"), veille.ErrConflict)
	f.ok(f.DeletePost(ctx, "p5"))
	f.is(f.DeletePost(ctx, "p5"), veille.ErrNotFound)
}

func testGoals(f *fixture) {
	ctx := f.Context()
	g := veille.Goal{ID: "g1", BranchID: river, Name: "Abonnés", Unit: "abonnés", Start: 160, StartAt: f.now, Target: 200,
		DueAt: f.at(999), CreatedAt: f.now}
	f.ok(f.PutGoal(ctx, g))
	f.ok(f.PutMeasure(ctx, "g1", veille.Measure{At: f.at(2), Value: 163}))
	f.ok(f.PutMeasure(ctx, "g1", veille.Measure{At: f.at(1), Value: 161.5}))
	f.ok(f.PutMeasure(ctx, "g1", veille.Measure{At: f.at(2), Value: 164}))
	f.is(f.PutMeasure(ctx, "none", veille.Measure{At: f.now}), veille.ErrInvalid)
	g.Target = 210
	f.ok(f.PutGoal(ctx, g))
	g.Measures = []veille.Measure{{At: f.at(1), Value: 161.5}, {At: f.at(2), Value: 164}}
	f.same("with its measures, oldest first", must(f.Goal(ctx, "g1"))(f), g)
	f.same("of a branch", must(f.Goals(ctx, river))(f), []veille.Goal{g})
	f.same("of another", len(must(f.Goals(ctx, hill))(f)), 0)
	f.ok(f.DeleteGoal(ctx, "g1"))
	f.is(f.DeleteGoal(ctx, "g1"), veille.ErrNotFound)
	_, err := f.Goal(ctx, "g1")
	f.is(err, veille.ErrNotFound)
}

func testWebhooks(f *fixture) {
	ctx := f.Context()
	w := veille.Webhook{ID: "w1", BranchID: river, Name: "Salon", URL: "https://salon.example/x", Secret: "whsec_abc", CreatedAt: f.now}
	f.ok(f.PutWebhook(ctx, w))
	problem := veille.Say("webhook.gone")
	w.Disabled, w.OKAt, w.Problem = true, f.at(1), &problem
	f.ok(f.PutWebhook(ctx, w))
	f.same("as changed", must(f.Webhook(ctx, "w1"))(f), w)
	w.Disabled, w.Problem = false, nil
	f.ok(f.PutWebhook(ctx, w))
	f.ok(f.WebhookCalled(ctx, "w1", time.Time{}, &problem, false))
	w.Problem = &problem
	f.same("it did not answer", must(f.Webhook(ctx, "w1"))(f), w)
	f.ok(f.WebhookCalled(ctx, "w1", time.Time{}, &problem, true))
	w.Disabled = true
	f.same("it is gone", must(f.Webhook(ctx, "w1"))(f), w)
	f.ok(f.WebhookCalled(ctx, "w1", f.at(2), nil, false))
	w.OKAt, w.Problem = f.at(2), nil
	f.same("it answered; only a person enables it again", must(f.Webhook(ctx, "w1"))(f), w)
	f.ok(f.WebhookCalled(ctx, "none", f.at(2), nil, false)) // deleted meanwhile
	f.same("of a scope", must(f.Webhooks(ctx, []veille.BranchID{river}))(f), []veille.Webhook{w})
	f.same("of another", len(must(f.Webhooks(ctx, []veille.BranchID{hill}))(f)), 0)
	var stored string
	f.ok(f.DB().QueryRow(`SELECT secret FROM webhook`).Scan(&stored))
	if strings.Contains(stored, "whsec") {
		f.Errorf("the secret is stored as %q", stored)
	}

	d := veille.Delivery{ID: "msg_1", WebhookID: "w1", Event: "test", Body: []byte("{\"é\": 1,\n \"b\":'?'}"),
		State: veille.DeliveryPending, CreatedAt: f.now}
	d2 := d
	d2.ID, d2.CreatedAt = "msg_2", f.at(1)
	f.ok(f.PutDeliveries(ctx, []veille.Delivery{d, d2}, job.Job{Kind: job.KindWebhook, Key: "msg_1"}))
	f.same("the same bytes", must(f.Delivery(ctx, "msg_1"))(f), d)
	f.same("its job", f.countJobs(), 1)
	d.State, d.Attempts, d.Status, d.NextAt, d.DeliveredAt = veille.DeliveryDelivered, 2, 204, f.at(3), f.at(4)
	f.ok(f.UpdateDelivery(ctx, d))
	f.same("as updated", must(f.Delivery(ctx, "msg_1"))(f), d)
	f.same("newest first", must(f.Deliveries(ctx, "w1", 0))(f), []veille.Delivery{d2, d})
	f.same("n at most", must(f.Deliveries(ctx, "w1", 1))(f), []veille.Delivery{d2})
	d.ID = "none"
	f.is(f.UpdateDelivery(ctx, d), veille.ErrNotFound)
	f.ok(f.DeleteWebhook(ctx, "w1"))
	f.is(f.DeleteWebhook(ctx, "w1"), veille.ErrNotFound)
	_, err := f.Delivery(ctx, "msg_1")
	f.is(err, veille.ErrNotFound)
}

func testDigests(f *fixture) {
	ctx := f.Context()
	state := func(day string) [2]bool {
		claimed, sent, err := f.DigestState(ctx, "u1", day)
		f.ok(err)
		return [2]bool{claimed, sent}
	}
	f.same("neither", state("2026-11-23"), [2]bool{})
	f.is(f.DigestSent(ctx, "u1", "2026-11-23", f.now), veille.ErrNotFound)
	j := job.Job{Kind: job.KindDigest, Key: "u1:2026-11-23"}
	f.ok(f.ClaimDigest(ctx, "u1", "2026-11-23", f.now, j))
	f.is(f.ClaimDigest(ctx, "u1", "2026-11-23", f.now, job.Job{Kind: job.KindDigest, Key: "other"}), veille.ErrConflict)
	f.same("one job", f.countJobs(), 1)
	f.same("claimed", state("2026-11-23"), [2]bool{true, false})
	f.ok(f.DigestSent(ctx, "u1", "2026-11-23", f.at(1)))
	f.same("sent", state("2026-11-23"), [2]bool{true, true})
	f.ok(f.ClaimDigest(ctx, "u1", "2026-11-24", f.now))
	f.is(f.ClaimDigest(ctx, "none", "2026-11-24", f.now), veille.ErrInvalid)
}
