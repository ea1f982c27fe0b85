package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
	"veilleur/web"
)

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"Add a person; prints a one-time link that signs her in."`
	Link userLinkCmd `cmd:"" help:"Print a new one-time link for a person."`
	List userListCmd `cmd:"" help:"List people."`
}

type userAddCmd struct {
	Email  string `arg:"" help:"Her address."`
	Name   string `required:"" help:"Her name."`
	Branch string `help:"Name or id of her branch. Default: the only one without branches below. While there is none, one of this name is made."`
	Zone   string `default:"America/Toronto" help:"Time zone of a branch made."`
	Role   string `enum:"central,manager,contributor,approver,reader" default:"manager" help:"What she may do."`
	Locale string `enum:"fr,en" default:"fr" help:"Her language."`
}

// Run adds a person.
func (u userAddCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		b, err := a.branchFor(w.ctx, u)
		if err != nil {
			return err
		}
		if !strings.Contains(u.Email, "@") {
			return wrong("%q is no mail address", u.Email)
		}
		now := time.Now()
		user := veille.User{ID: veille.UserID(veille.NewID(now)), BranchID: b.ID, Name: strings.Join(strings.Fields(u.Name), " "),
			Email: strings.ToLower(u.Email), Locale: u.Locale, Role: veille.Role(u.Role), CreatedAt: now,
			Digest: veille.DigestSettings{On: true, Hour: 7, Zone: b.Zone}}
		if err := a.store.PutUser(w.ctx, user); err != nil {
			return err
		}
		return a.printLink(w, user)
	})
}

// branchFor finds the branch of a person, or makes the first one.
func (a *app) branchFor(ctx context.Context, u userAddCmd) (veille.Branch, error) {
	needed, err := a.setup.Needed(ctx)
	if err != nil {
		return veille.Branch{}, err
	}
	if !needed || u.Branch == "" {
		return a.branchNamed(ctx, u.Branch)
	}
	if _, err := time.LoadLocation(u.Zone); err != nil {
		return veille.Branch{}, wrong("%q is no time zone; write it as America/Toronto", u.Zone)
	}
	now := time.Now()
	b := veille.Branch{ID: veille.BranchID(veille.NewID(now)), Name: oneLine(u.Branch), Locale: u.Locale, Zone: u.Zone, CreatedAt: now}
	return b, a.store.PutBranch(ctx, b)
}

type userLinkCmd struct {
	Email string `arg:"" help:"Her address."`
}

// Run prints a link.
func (u userLinkCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		user, err := a.store.UserByEmail(w.ctx, strings.ToLower(u.Email))
		if err != nil {
			return err
		}
		return a.printLink(w, user)
	})
}

func (a *app) printLink(w *world, u veille.User) error {
	token, hash := auth.NewToken()
	if err := a.store.PutLink(w.ctx, hash, web.LinkSignIn, u.ID, time.Now().Add(firstLink)); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s/entrer?jeton=%s\n", a.cfg.Address, token)
	return nil
}

type userListCmd struct{}

// Run lists people.
func (userListCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		users, err := a.store.Users(w.ctx, "")
		if err != nil {
			return err
		}
		for _, u := range users {
			fmt.Fprintf(w.out, "%s\t%s\t%s\n", u.Email, u.Role, u.Name)
		}
		return nil
	})
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Create a token; it is printed once."`
}

type tokenCreateCmd struct {
	Name string `arg:"" help:"What it is for."`
	User string `required:"" placeholder:"EMAIL" help:"Whose rights it has."`
}

// Run creates a token.
func (t tokenCreateCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		user, err := a.store.UserByEmail(w.ctx, strings.ToLower(t.User))
		if err != nil {
			return err
		}
		token, hash := auth.NewToken()
		now := time.Now()
		if err := a.store.PutToken(w.ctx, veille.Token{ID: veille.TokenID(veille.NewID(now)), UserID: user.ID, Name: t.Name, Hash: hash, CreatedAt: now}); err != nil {
			return err
		}
		fmt.Fprintln(w.out, token)
		return nil
	})
}
