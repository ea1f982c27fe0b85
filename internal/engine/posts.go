package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// PostStore is the memory of posts. Updating is a compare-and-swap: two hands
// never move one post, and two workers never send it.
type PostStore interface {
	Post(ctx context.Context, id veille.PostID) (veille.Post, error)
	PutPost(ctx context.Context, p veille.Post, jobs ...job.Job) error
	UpdatePost(ctx context.Context, p, was veille.Post, jobs ...job.Job) error
	DuePosts(ctx context.Context, now time.Time) ([]veille.Post, error)
	DeletePost(ctx context.Context, id veille.PostID) error
	Channel(ctx context.Context, id veille.ChannelID) (veille.Channel, error)
}

// A MediaFolder opens the files of posts.
type MediaFolder interface {
	Open(m veille.Media) (io.ReadCloser, error)
}

// Posts moves posts through their life. The allowed moves are the table of
// internal/publish; this is the only code that asks for them.
type Posts struct {
	lg       *slog.Logger
	store    PostStore
	networks map[veille.Network]publish.Network
	media    MediaFolder
	now      func() time.Time
}

// NewPosts makes Posts over the networks known.
func NewPosts(lg *slog.Logger, store PostStore, networks map[veille.Network]publish.Network, media MediaFolder) *Posts {
	return &Posts{lg: lg, store: store, networks: networks, media: media, now: time.Now}
}

// Draft keeps a new post, one for each channel, all of one batch, and gives
// their ids. It returns ErrInvalid when the text is empty or no channel is
// named, ErrNotFound when a channel is not the branch's.
func (ps *Posts) Draft(ctx context.Context, p veille.Post, channels []veille.ChannelID) ([]veille.PostID, error) {
	if strings.TrimSpace(p.Text) == "" {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("post.text_needed"), nil)
	}
	if len(channels) == 0 {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("post.channel_needed"), nil)
	}
	channels, err := ps.own(ctx, p.BranchID, channels)
	if err != nil {
		return nil, err
	}
	now := ps.now()
	batch, ids := veille.NewID(now), make([]veille.PostID, 0, len(channels))
	p.Title = clean(p.Title)
	for _, c := range channels {
		p.ID, p.ChannelID, p.Batch = veille.PostID(veille.NewID(now)), c, batch
		p.State, p.CreatedAt, p.UpdatedAt = veille.PostDraft, now, now
		if err := ps.store.PutPost(ctx, p); err != nil {
			return ids, fmt.Errorf("engine: draft post: %w", err)
		}
		ids = append(ids, p.ID)
	}
	return ids, nil
}

// own gives channels each once, all of them the branch's.
func (ps *Posts) own(ctx context.Context, b veille.BranchID, channels []veille.ChannelID) ([]veille.ChannelID, error) {
	var out []veille.ChannelID
	for _, id := range channels {
		ch, err := ps.store.Channel(ctx, id)
		if err == nil && ch.BranchID != b {
			err = veille.ErrNotFound
		}
		if err != nil {
			return nil, fmt.Errorf("engine: channel %s of branch %s: %w", id, b, err)
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// Edit changes the words and pictures of a post that has not left.
func (ps *Posts) Edit(ctx context.Context, id veille.PostID, title, text string, media []veille.Media) error {
	if strings.TrimSpace(text) == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("post.text_needed"), nil)
	}
	return ps.update(ctx, id, func(p *veille.Post, now time.Time) error {
		if p.State == veille.PostPublishing || p.State == veille.PostPublished || p.State == veille.PostUnknown {
			return veille.NewProblem(veille.ErrConflict, veille.Say("post.already_left"), nil)
		}
		p.Title, p.Text, p.Media = clean(title), text, media
		return nil
	})
}

// Schedule gives a post its hour, as written on a wall in a zone, and moves it
// to scheduled. The sentence, if any, is a notice about a change of clocks.
// Giving a scheduled post another hour is a move.
func (ps *Posts) Schedule(ctx context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error) {
	at, notice, err := publish.WallTime(wall, zone)
	if err != nil {
		return nil, err
	}
	return notice, ps.update(ctx, id, func(p *veille.Post, now time.Time) error {
		if at.Before(now.Add(-publish.PastSlack)) {
			return veille.NewProblem(veille.ErrInvalid, veille.Say("post.hour_passed"), nil)
		}
		p.At, p.Wall, p.Zone = at.UTC(), wall, zone
		if p.State == veille.PostScheduled { // another hour for the same state
			p.Problem = nil
			return nil
		}
		return publish.Move(p, veille.PostScheduled, now)
	})
}

// Move asks for one of the moves a person makes: submit, approve, hold, back
// to draft. It returns ErrConflict if the table does not allow it.
func (ps *Posts) Move(ctx context.Context, id veille.PostID, to veille.PostState) error {
	switch to {
	case veille.PostDraft, veille.PostAwaiting, veille.PostHeld:
	default:
		return fmt.Errorf("engine: move post %s to %s by hand: %w", id, to, veille.ErrInvalid)
	}
	return ps.update(ctx, id, func(p *veille.Post, now time.Time) error { return publish.Move(p, to, now) })
}

// Done is the tick of a person: a manual post is out, or an unknown one was
// seen out. url may be "".
func (ps *Posts) Done(ctx context.Context, id veille.PostID, url string) error {
	return ps.update(ctx, id, func(p *veille.Post, now time.Time) error {
		if err := publish.Move(p, veille.PostPublished, now); err != nil {
			return err
		}
		p.RemoteURL = url
		return nil
	})
}

// Again is a person's word that an unknown or failed post did not go out: it
// becomes a draft again, without an hour.
func (ps *Posts) Again(ctx context.Context, id veille.PostID) error {
	return ps.update(ctx, id, func(p *veille.Post, now time.Time) error {
		if err := publish.Move(p, veille.PostDraft, now); err != nil {
			return err
		}
		p.At, p.Wall = time.Time{}, ""
		return nil
	})
}

// Delete removes a draft.
func (ps *Posts) Delete(ctx context.Context, id veille.PostID) error {
	if err := ps.store.DeletePost(ctx, id); err != nil {
		return fmt.Errorf("engine: delete post: %w", err)
	}
	return nil
}

func (ps *Posts) update(ctx context.Context, id veille.PostID, edit func(*veille.Post, time.Time) error) error {
	p, err := ps.store.Post(ctx, id)
	if err != nil {
		return fmt.Errorf("engine: post: %w", err)
	}
	was, now := p, ps.now()
	if err := edit(&p, now); err != nil {
		return err
	}
	p.UpdatedAt = now
	if err := ps.store.UpdatePost(ctx, p, was); err != nil {
		return fmt.Errorf("engine: update post %s: %w", id, err)
	}
	return nil
}
