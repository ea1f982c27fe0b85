// Package wordpress publishes posts to a WordPress site through its REST API
// (v2), with an application password.
//
// It sends a post's text as plain paragraphs, its first picture as the
// featured image with its alternative text, and the others below the text. A
// post carries a slug made of its id, so that it can be found again: before
// anything is created the slug is looked for, and what is already there is
// left alone. That makes a send a person repeats harmless as soon as the first
// one has landed; it does not make an automatic repeat safe, because a request
// still on its way is not there yet. So an answer lost after the request went
// out is publish.ErrUnknown, and only Find follows.
//
// Pictures are different: one uploaded twice is an untidy library, not a
// second post. A lost answer there is ErrBusy, and the new try finds the
// picture by its slug.
//
// Source: WordPress REST API Handbook, developer.wordpress.org/rest-api.
package wordpress

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A Network publishes to WordPress sites.
type Network struct {
	discovers *http.Client // follows redirects; never carries a password
	calls     *http.Client // does not: a password goes nowhere it was not sent
}

// New makes a Network that sends through hc, which must guard against private
// addresses and have a timeout.
func New(hc *http.Client) *Network {
	calls := *hc
	calls.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Network{discovers: hc, calls: &calls}
}

// Publish sends p to the site of ch, as publish.Network says.
func (n *Network) Publish(ctx context.Context, ch veille.Channel, p veille.Post, open publish.Opener) (publish.Receipt, error) {
	s, err := n.site(ctx, ch)
	if err != nil {
		return publish.Receipt{}, err
	}
	if r, there, err := s.find(ctx, p); there || err != nil {
		return r, err
	}
	pictures := make([]picture, 0, len(p.Media))
	for _, m := range p.Media {
		pic, err := s.picture(ctx, m, open)
		if err != nil {
			return publish.Receipt{}, err
		}
		pictures = append(pictures, pic)
	}
	return s.create(ctx, p, pictures)
}

// Find looks for p on the site of ch by its slug. It returns ErrConflict when
// the post is there but not public.
func (n *Network) Find(ctx context.Context, ch veille.Channel, p veille.Post) (publish.Receipt, bool, error) {
	s, err := n.site(ctx, ch)
	if err != nil {
		return publish.Receipt{}, false, err
	}
	return s.find(ctx, p)
}

// A remote is a post as the site tells of it.
type remote struct {
	ID     int    `json:"id"`
	Link   string `json:"link"`
	Status string `json:"status"`
}

const remoteFields = "id,link,status"

func (r remote) receipt() (publish.Receipt, error) {
	if r.Status != "publish" {
		return publish.Receipt{}, veille.NewProblem(veille.ErrConflict, veille.Say("wordpress.not_public", "status", r.Status), nil)
	}
	return publish.Receipt{RemoteID: strconv.Itoa(r.ID), RemoteURL: r.Link}, nil
}

func (s site) find(ctx context.Context, p veille.Post) (publish.Receipt, bool, error) {
	var there []remote
	q := url.Values{"slug": {publish.Slug(p)}, "status": {"any"}, "context": {"edit"}, "_fields": {remoteFields}}
	if err := s.call(ctx, request{method: http.MethodGet, path: "/wp/v2/posts", query: q}, &there); err != nil {
		return publish.Receipt{}, false, fmt.Errorf("wordpress: look for post %s: %w", p.ID, problemOf(err))
	}
	for _, r := range there {
		if r.Status == "publish" {
			receipt, err := r.receipt()
			return receipt, true, err
		}
	}
	if len(there) > 0 {
		_, err := there[0].receipt()
		return publish.Receipt{}, false, fmt.Errorf("wordpress: look for post %s: %w", p.ID, err)
	}
	return publish.Receipt{}, false, nil
}

// create is the one call that must not be repeated.
func (s site) create(ctx context.Context, p veille.Post, pictures []picture) (publish.Receipt, error) {
	post := map[string]any{
		"title":   escape(publish.Headline(p)),
		"slug":    publish.Slug(p),
		"status":  "publish",
		"content": content(p.Text, pictures),
	}
	if len(pictures) > 0 {
		post["featured_media"] = pictures[0].ID
	}
	var made remote
	r, err := jsonRequest("/wp/v2/posts", post)
	if err != nil {
		return publish.Receipt{}, err
	}
	r.query = url.Values{"_fields": {remoteFields}}
	err = s.call(ctx, r, &made)
	var f *failure
	switch {
	case errors.As(err, &f) && f.lost():
		return publish.Receipt{}, fmt.Errorf("wordpress: create post %s: %w: %s", p.ID, publish.ErrUnknown, f.Error())
	case err != nil:
		return publish.Receipt{}, fmt.Errorf("wordpress: create post %s: %w", p.ID, problemOf(err))
	case made.ID == 0:
		return publish.Receipt{}, fmt.Errorf("wordpress: create post %s: an answer without id: %w", p.ID, publish.ErrUnknown)
	}
	return made.receipt()
}
