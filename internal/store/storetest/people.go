package storetest

import (
	"fmt"
	"time"

	"veilleur/internal/veille"
)

func testBranches(f *fixture) {
	b := veille.Branch{ID: "lac", ParentID: river, Name: "Point de service du Lac", Locale: "en", Zone: "America/Toronto",
		Address: "1, rue du Lac", CreatedAt: f.at(9)}
	f.ok(f.PutBranch(f.Context(), b))
	f.same("as put", must(f.Branch(f.Context(), "lac"))(f), b)
	b.Name = "Comptoir du Lac"
	f.ok(f.PutBranch(f.Context(), b))
	f.same("as changed", must(f.Branch(f.Context(), "lac"))(f), b)
	f.same("oldest first", idsOf(must(f.Branches(f.Context()))(f), func(b veille.Branch) veille.BranchID { return b.ID }),
		[]string{"mouvement", "riviere", "colline", "lac"})
	f.same("scope", must(f.Scope(f.Context(), "lac"))(f), []veille.BranchID{"lac", river, movement})
	f.same("scope of the top", must(f.Scope(f.Context(), movement))(f), []veille.BranchID{movement})
	_, err := f.Branch(f.Context(), "none")
	f.is(err, veille.ErrNotFound)
	_, err = f.Scope(f.Context(), "none")
	f.is(err, veille.ErrNotFound)
	f.ok(f.PutBranch(f.Context(), veille.Branch{ID: movement, ParentID: "lac"}))
	f.same("a circle ends", must(f.Scope(f.Context(), "lac"))(f), []veille.BranchID{"lac", river, movement})
	f.ok(f.Ping(f.Context()))
}

func testUsers(f *fixture) {
	u := f.user("u2", "deux@example.org")
	u.CreatedAt = f.at(1)
	f.ok(f.PutUser(f.Context(), u))
	f.same("as put", must(f.User(f.Context(), "u2"))(f), u)
	f.same("by address", must(f.UserByEmail(f.Context(), "deux@example.org"))(f), u)
	u.Email = "una@example.org"
	err := f.PutUser(f.Context(), u)
	f.is(err, veille.ErrConflict)
	if s, ok := veille.SaysOf(err); !ok || s.Key != "store.email_taken" {
		f.Errorf("says %v", s)
	}
	u.Email, u.BranchID = "trois@example.org", "none"
	f.is(f.PutUser(f.Context(), u), veille.ErrInvalid)
	users := func(b veille.BranchID) []string {
		return idsOf(must(f.Users(f.Context(), b))(f), func(u veille.User) veille.UserID { return u.ID })
	}
	f.same("of a branch", users(river), []string{"u1", "u2"})
	f.same("of all", users(""), []string{"u1", "u2"})
	f.same("of none", users(hill), []string{})
	f.ok(f.DeleteUser(f.Context(), "u2"))
	f.is(f.DeleteUser(f.Context(), "u2"), veille.ErrNotFound)
	_, err = f.User(f.Context(), "u2")
	f.is(err, veille.ErrNotFound)
	_, err = f.UserByEmail(f.Context(), "deux@example.org")
	f.is(err, veille.ErrNotFound)
}

func testLinksAndTokens(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutLink(ctx, "h1", "signin", "u1", f.at(10)))
	f.ok(f.PutLink(ctx, "h2", "signin", "u1", f.at(1)))
	_, err := f.TakeLink(ctx, "h1", "other", f.now)
	f.is(err, veille.ErrNotFound)
	f.same("taken", must(f.TakeLink(ctx, "h1", "signin", f.now))(f), veille.UserID("u1"))
	_, err = f.TakeLink(ctx, "h1", "signin", f.now)
	f.is(err, veille.ErrNotFound) // one use
	_, err = f.TakeLink(ctx, "h2", "signin", f.at(1))
	f.is(err, veille.ErrNotFound) // expired
	f.is(f.PutLink(ctx, "h3", "signin", "none", f.at(1)), veille.ErrInvalid)

	f.ok(f.PutLink(ctx, "first", "setup", "", f.at(10)))
	f.same("the first link is nobody's", must(f.TakeLink(ctx, "first", "setup", f.at(2)))(f), veille.UserID(""))
	_, again := f.TakeLink(ctx, "first", "setup", f.at(2))
	f.is(again, veille.ErrNotFound)

	tok := veille.Token{ID: "t1", UserID: "u1", Name: "script", Hash: "abc", CreatedAt: f.now}
	f.ok(f.PutToken(ctx, tok))
	_, err = f.TokenByHash(ctx, "none", f.now)
	f.is(err, veille.ErrNotFound)
	tok.UsedAt = f.at(5)
	f.same("found and marked", must(f.TokenByHash(ctx, "abc", f.at(5)))(f), tok)
	must(f.TokenByHash(ctx, "abc", f.at(5).Add(30*time.Second)))(f)
	f.same("marked to the minute", must(f.Tokens(ctx, "u1"))(f), []veille.Token{tok})
	f.is(f.PutToken(ctx, veille.Token{ID: "t2", UserID: "u1", Hash: "abc"}), veille.ErrConflict)
	f.ok(f.DeleteToken(ctx, "t1"))
	f.is(f.DeleteToken(ctx, "t1"), veille.ErrNotFound)
}

func testSessionsAndSettings(f *fixture) {
	ctx, s := f.Context(), f.Sessions()
	later, body := time.Now().Add(time.Hour), []byte{0, 1, 255, '\''}
	f.ok(s.CommitCtx(ctx, "tok", body, later))
	f.ok(s.Commit("tok2", body, later))
	got, found, err := s.FindCtx(ctx, "tok")
	f.same("found", fmt.Sprint(got, found, err), fmt.Sprint(body, true, nil))
	f.ok(s.CommitCtx(ctx, "tok", []byte("new"), later))
	got, found, err = s.Find("tok")
	f.same("replaced", fmt.Sprint(string(got), found, err), fmt.Sprint("new", true, nil))
	f.ok(s.DeleteCtx(ctx, "tok"))
	f.ok(s.Delete("tok"))
	_, found, err = s.FindCtx(ctx, "tok")
	f.same("deleted", fmt.Sprint(found, err), "false <nil>")
	f.ok(s.CommitCtx(ctx, "old", body, time.Now().Add(-time.Second)))
	_, found, err = s.FindCtx(ctx, "old")
	f.same("expired", fmt.Sprint(found, err), "false <nil>")

	_, err = f.Setting(ctx, "key")
	f.is(err, veille.ErrNotFound)
	f.ok(f.PutSetting(ctx, "key", "1"))
	f.ok(f.PutSetting(ctx, "key", "2"))
	f.same("setting", must(f.Setting(ctx, "key"))(f), "2")
}
