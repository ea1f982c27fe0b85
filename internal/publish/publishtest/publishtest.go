// Package publishtest is the suite that every publish.Network passes: what it
// promises when all is well, when the peer is down, and when an answer is lost.
// Only tests import it.
package publishtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"testing"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A Peer is a network and the machine it talks to, as a test controls it.
type Peer struct {
	Network publish.Network
	Channel veille.Channel

	// ByHand says that a person publishes: the fields below are not used.
	ByHand bool
	// Visible counts what the world sees of a post.
	Visible func(t *testing.T, p veille.Post) int
	// Down makes the peer refuse connections until up is called.
	Down func(t *testing.T) (up func())
	// LoseAnswer makes the peer take the next post and cut the connection
	// before it answers.
	LoseAnswer func(t *testing.T)
}

// Run runs the suite. start makes a fresh peer for each part.
func Run(t *testing.T, start func(*testing.T) Peer) {
	t.Helper()
	parts := []struct {
		name   string
		byHand bool
		run    func(*testing.T, Peer)
	}{
		{"a post by hand waits for a person and is never sent", true, waits},
		{"a post is found once published, and not before", false, found},
		{"publishing again what is there adds nothing", false, again},
		{"a peer that is down is busy, and nothing is lost", false, down},
		{"a lost answer is unknown, then found", false, lost},
		{"a context that has ended sends nothing", false, ended},
	}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) {
			if peer := start(t); peer.ByHand == part.byHand {
				part.run(t, peer)
			}
		})
	}
}

// Post makes a post with a picture, as fresh as its name.
func Post(name string) veille.Post {
	return veille.Post{
		ID:    veille.PostID("post-" + name),
		Title: "Assemblée de la Caisse de la Rivière : " + name,
		Text:  "Bonjour à tous.\n\nC’est ce soir; voir https://caisse.example/a?b=1&c=2.\nÀ tantôt !",
		Media: []veille.Media{{ID: veille.MediaID("media-" + name), Name: "salle.png", Type: "image/png", Alt: "La salle « pleine »"}},
		State: veille.PostPublishing,
	}
}

// Open opens any picture as one gray pixel.
func Open(veille.Media) (io.ReadCloser, error) {
	const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
	b, err := base64.StdEncoding.DecodeString(pixel)
	return io.NopCloser(bytes.NewReader(b)), err
}

func waits(t *testing.T, peer Peer) {
	p := Post("main")
	if _, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open); !errors.Is(err, publish.ErrAwaitPerson) {
		t.Errorf("Publish: %v, want ErrAwaitPerson", err)
	}
	if _, ok, err := peer.Network.Find(t.Context(), peer.Channel, p); ok || !errors.Is(err, publish.ErrAwaitPerson) {
		t.Errorf("Find: %v, %v, want ErrAwaitPerson", ok, err)
	}
}

func found(t *testing.T, peer Peer) {
	p := Post("trouver")
	peer.absent(t, p)
	r, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open)
	if err != nil || r.RemoteID == "" || r.RemoteURL == "" {
		t.Fatalf("Publish: %+v, %v", r, err)
	}
	peer.present(t, p, r)
	peer.absent(t, Post("autre"))
}

func again(t *testing.T, peer Peer) {
	p := Post("encore")
	first, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open)
	if err != nil {
		t.Fatal(err)
	}
	second, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open)
	if err != nil || first != second {
		t.Errorf("second Publish: %+v, %v, want %+v", second, err, first)
	}
	peer.present(t, p, first)
}

func down(t *testing.T, peer Peer) {
	p := Post("panne")
	up := peer.Down(t)
	if _, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open); !errors.Is(err, veille.ErrBusy) || errors.Is(err, publish.ErrUnknown) {
		t.Errorf("Publish while down: %v, want ErrBusy", err)
	}
	if _, ok, err := peer.Network.Find(t.Context(), peer.Channel, p); ok || err == nil {
		t.Errorf("Find while down: %v, %v, want an error", ok, err)
	}
	up()
	r, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open)
	if err != nil {
		t.Fatal(err)
	}
	peer.present(t, p, r)
}

func lost(t *testing.T, peer Peer) {
	p := Post("perdu")
	peer.LoseAnswer(t)
	if _, err := peer.Network.Publish(t.Context(), peer.Channel, p, Open); !errors.Is(err, publish.ErrUnknown) {
		t.Fatalf("Publish: %v, want ErrUnknown", err)
	}
	r, ok, err := peer.Network.Find(t.Context(), peer.Channel, p)
	if !ok || err != nil {
		t.Fatalf("Find after a lost answer: %v, %v", ok, err)
	}
	peer.present(t, p, r)
}

func ended(t *testing.T, peer Peer) {
	p := Post("fini")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := peer.Network.Publish(ctx, peer.Channel, p, Open); err == nil || errors.Is(err, publish.ErrUnknown) {
		t.Errorf("Publish: %v, want an error that is not ErrUnknown", err)
	}
	if n := peer.Visible(t, p); n != 0 {
		t.Errorf("%d posts are visible, want 0", n)
	}
}

func (peer Peer) present(t *testing.T, p veille.Post, want publish.Receipt) {
	t.Helper()
	r, ok, err := peer.Network.Find(t.Context(), peer.Channel, p)
	if err != nil || !ok || r != want {
		t.Errorf("Find: %+v, %v, %v, want %+v", r, ok, err, want)
	}
	if n := peer.Visible(t, p); n != 1 {
		t.Errorf("%d posts are visible, want 1", n)
	}
}

func (peer Peer) absent(t *testing.T, p veille.Post) {
	t.Helper()
	if _, ok, err := peer.Network.Find(t.Context(), peer.Channel, p); ok || err != nil {
		t.Errorf("Find %s: %v, %v, want absent", p.ID, ok, err)
	}
}
