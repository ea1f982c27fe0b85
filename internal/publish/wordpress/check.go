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
	if err := s.account(ctx); err != nil {
		if !i.passwords() {
			return veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.no_passwords"), err)
		}
		return err
	}
	return nil
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
