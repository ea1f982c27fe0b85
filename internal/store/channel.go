package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type channelRow struct {
	bun.BaseModel `bun:"table:channel,alias:channel"`

	ID        veille.ChannelID  `bun:"id,pk"`
	BranchID  veille.BranchID   `bun:"branch_id"`
	Network   veille.Network    `bun:"network"`
	Name      string            `bun:"name"`
	URL       string            `bun:"url"`
	User      string            `bun:"user_name"`
	Secret    string            `bun:"secret"` // sealed
	Slots     js[[]veille.Slot] `bun:"slots,type:text"`
	Cadence   int               `bun:"cadence"`
	CreatedAt int64             `bun:"created_at"`
}

func (s *Store) channelRowOf(c veille.Channel) (channelRow, error) {
	secret, err := s.sealed(c.Secret)
	return channelRow{ID: c.ID, BranchID: c.BranchID, Network: c.Network, Name: c.Name, URL: c.URL, User: c.User,
		Secret: secret, Slots: js[[]veille.Slot]{c.Slots}, Cadence: c.Cadence, CreatedAt: stamp(c.CreatedAt)}, err
}

func (s *Store) channelOf(r channelRow) (veille.Channel, error) {
	secret, err := s.opened(r.Secret)
	return veille.Channel{ID: r.ID, BranchID: r.BranchID, Network: r.Network, Name: r.Name, URL: r.URL, User: r.User,
		Secret: secret, Slots: r.Slots.V, Cadence: r.Cadence, CreatedAt: when(r.CreatedAt)}, err
}

// PutChannel stores a channel, new or changed, with its secret sealed.
func (s *Store) PutChannel(ctx context.Context, c veille.Channel) error {
	r, err := s.channelRowOf(c)
	if err == nil {
		err = put(ctx, s.w, []channelRow{r}, "created_at")
	}
	return wrap(err, "put channel %s", c.ID)
}

// Channel gives a channel; ErrNotFound if there is none.
func (s *Store) Channel(ctx context.Context, id veille.ChannelID) (veille.Channel, error) {
	var r channelRow
	if err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return veille.Channel{}, wrap(err, "channel %s", id)
	}
	c, err := s.channelOf(r)
	return c, wrap(err, "channel %s", id)
}

// Channels gives the channels of a branch, or of all when it is "", the oldest
// first.
func (s *Store) Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error) {
	var rows []channelRow
	q := s.r.NewSelect().Model(&rows).Order("created_at", "id")
	if branch != "" {
		q = q.Where("branch_id = ?", branch)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, wrap(err, "channels of branch %s", branch)
	}
	out := make([]veille.Channel, len(rows))
	for i, r := range rows {
		c, err := s.channelOf(r)
		if err != nil {
			return nil, wrap(err, "channel %s", r.ID)
		}
		out[i] = c
	}
	return out, nil
}

// DeleteChannel removes a channel and the drafts written for it. It returns
// ErrNotFound if there is none, and ErrConflict if it has other posts: they
// are the history of what was said, or are on their way.
func (s *Store) DeleteChannel(ctx context.Context, id veille.ChannelID) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*postRow)(nil)).
			Where("channel_id = ? AND state = ?", id, veille.PostDraft).Exec(ctx)
		if err != nil {
			return err
		}
		used, err := tx.NewSelect().Model((*postRow)(nil)).Where("channel_id = ?", id).Exists(ctx)
		if err != nil {
			return err
		}
		if used {
			return veille.NewProblem(veille.ErrConflict, veille.Say("store.channel_in_use"), nil)
		}
		return oneRow(tx.NewDelete().Model((*channelRow)(nil)).Where("id = ?", id).Exec(ctx))
	})
	return wrap(err, "delete channel %s", id)
}
