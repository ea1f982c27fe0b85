package storetest

import (
	"strings"

	"veilleur/internal/veille"
)

func testSubscriptions(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutSource(ctx, f.source("s2", river, "https://deux.example/rss")))
	f.ok(f.PutSource(ctx, f.source("s3", river, "https://trois.example/rss")))
	sub := func(id veille.SubscriptionID, src veille.SourceID, renew int) veille.Subscription {
		return veille.Subscription{ID: id, SourceID: src, Hub: "https://hub.example/", Topic: "https://un.example/rss", Secret: "abcdef",
			AskedAt: f.at(1), LeaseUntil: f.at(100), RenewAt: f.at(renew), PushedAt: f.at(3)}
	}
	one, two := sub("a", "s1", 80), sub("b", "s2", 20)
	f.ok(f.PutSubscription(ctx, one))
	f.ok(f.PutSubscription(ctx, two))
	f.same("as put", must(f.Subscription(ctx, "a"))(f), one)
	f.same("of a source", must(f.SubscriptionOf(ctx, "s2"))(f), two)
	_, err := f.Subscription(ctx, "none")
	f.is(err, veille.ErrNotFound)
	_, err = f.SubscriptionOf(ctx, "s3")
	f.is(err, veille.ErrNotFound)
	f.is(f.PutSubscription(ctx, sub("c", "s1", 1)), veille.ErrConflict)
	f.is(f.PutSubscription(ctx, sub("d", "nowhere", 1)), veille.ErrInvalid)
	var stored string
	f.ok(f.DB().QueryRow(`SELECT secret FROM websub WHERE id = 'a'`).Scan(&stored))
	if strings.Contains(stored, "abcdef") {
		f.Errorf("the secret is stored as %q", stored)
	}

	id := func(s veille.Subscription) veille.SubscriptionID { return s.ID }
	f.same("none due", idsOf(must(f.DueSubscriptions(ctx, f.at(19)))(f), id), []string{})
	f.same("due", idsOf(must(f.DueSubscriptions(ctx, f.at(20)))(f), id), []string{"b"})
	f.same("the longest due first", idsOf(must(f.DueSubscriptions(ctx, f.at(80)))(f), id), []string{"b", "a"})
	two.Secret, two.RenewAt = "ghijkl", f.at(90)
	f.ok(f.PutSubscription(ctx, two))
	f.same("changed", must(f.SubscriptionOf(ctx, "s2"))(f), two)
	paused := f.source("s1", river, "https://un.example/rss")
	paused.State = veille.SourcePaused
	f.ok(f.PutSource(ctx, paused))
	f.same("a paused source is not renewed", idsOf(must(f.DueSubscriptions(ctx, f.at(99)))(f), id), []string{"b"})
	f.ok(f.DeleteSource(ctx, "s2"))
	_, err = f.Subscription(ctx, "b")
	f.is(err, veille.ErrNotFound)
}
