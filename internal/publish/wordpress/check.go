package wordpress

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"veilleur/internal/veille"
)

// Check tells whether posts can be published to the site of ch, without
// changing anything there. Each way it can fail is a Problem of its own, in
// words: an address that is no address, a host that does not answer, no https,
// a site that is no WordPress, one without its REST API or without application
// passwords, an unknown name, a wrong password, a server that keeps the
// password from WordPress, an account that may not publish.
func (n *Network) Check(ctx context.Context, ch veille.Channel) error {
	s, err := n.site(ctx, ch)
	if err != nil {
		return err
	}
	stranger := s
	stranger.user = ""
	var i index
	if err := stranger.call(ctx, indexRequest(), &i); err != nil {
		return fmt.Errorf("wordpress: index of %s: %w", s.root.Host, problemOf(err))
	}
	if !i.speaks() {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.no_rest"), nil)
	}
	err = s.account(ctx)
	switch says, _ := veille.SaysOf(err); {
	case err != nil && !i.passwords():
		return veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.no_passwords"), err)
	case says.Key == "wordpress.not_signed_in":
		return s.whyStranger(ctx, err)
	}
	return err
}

// whyStranger tells a wrong password from one that never arrived, by asking
// again where name and password travel in the body: the older door, XML-RPC.
// Where that is shut, err stands, which names both.
func (s site) whyStranger(ctx context.Context, err error) error {
	switch s.olderDoor(ctx) {
	case doorOpens:
		return veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.header_stripped"), err)
	case doorRefuses:
		return veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.wrong_account"), err)
	}
	return err
}

// account checks that the account is known and may publish with pictures.
func (s site) account(ctx context.Context) error {
	var me struct {
		ID           int            `json:"id"`
		Capabilities map[string]any `json:"capabilities"`
	}
	q := url.Values{"context": {"edit"}, "_fields": {"id,capabilities"}}
	if err := s.call(ctx, request{method: http.MethodGet, path: "/wp/v2/users/me", query: q}, &me); err != nil {
		return fmt.Errorf("wordpress: account at %s: %w", s.root.Host, problemOf(err))
	}
	for _, needed := range []string{"publish_posts", "upload_files"} {
		if may, _ := me.Capabilities[needed].(bool); !may {
			return veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.cannot_publish"), nil)
		}
	}
	return nil
}
