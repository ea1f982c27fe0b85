package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/veille"
)

// channels is the memory of channels.
type channels interface {
	Channel(ctx context.Context, id veille.ChannelID) (veille.Channel, error)
	Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error)
	PutChannel(ctx context.Context, c veille.Channel) error
	DeleteChannel(ctx context.Context, id veille.ChannelID) error
}

// ChannelWords is a channel as written by a program; exported as ByID is.
type ChannelWords struct {
	Name    string      `json:"name" minLength:"1" maxLength:"200"`
	URL     string      `json:"url,omitempty" maxLength:"2048" doc:"Site for wordpress; page to open for manual"`
	User    string      `json:"user,omitempty" maxLength:"200" doc:"Account name for wordpress"`
	Secret  string      `json:"secret,omitempty" maxLength:"500" writeOnly:"true" doc:"Application password for wordpress; never given back. Left out, it stays"`
	Slots   []slotWords `json:"slots,omitempty" maxItems:"28"`
	Cadence int         `json:"cadence,omitempty" minimum:"0" maximum:"50" doc:"Posts wanted a week"`
}

// slotWords is a slot as written by a program.
type slotWords struct {
	Weekday int    `json:"weekday" minimum:"0" maximum:"6" doc:"0 is Sunday"`
	Hour    int    `json:"hour" minimum:"0" maximum:"23"`
	Minute  int    `json:"minute,omitempty" minimum:"0" maximum:"59"`
	Zone    string `json:"zone" minLength:"1" maxLength:"64" example:"America/Toronto"`
}

type channelInput struct {
	Body struct {
		Network string `json:"network" enum:"manual,wordpress"`
		ChannelWords
	}
}

type channelChange struct {
	ByID
	Body ChannelWords
}

func (s *server) channelRoutes(api huma.API) {
	get(s, api, "/channels", "Channels", func(ctx context.Context, _ *none) ([]veille.Channel, error) {
		return s.d.Channels.Channels(ctx, callerOf(ctx).branch)
	})
	create(s, api, "/channels", "Add a channel", func(ctx context.Context, in *channelInput) (veille.Channel, error) {
		now := s.now().UTC()
		return s.putChannel(ctx, veille.Channel{ID: veille.ChannelID(veille.NewID(now)), BranchID: callerOf(ctx).branch,
			Network: veille.Network(in.Body.Network), CreatedAt: now}, in.Body.ChannelWords)
	})
	change(s, api, http.MethodPut, "/channels/{id}", "Change a channel", func(ctx context.Context, in *channelChange) (veille.Channel, error) {
		c, err := s.ownChannel(ctx, in.ID)
		if err != nil {
			return c, err
		}
		return s.putChannel(ctx, c, in.Body)
	})
	act(s, api, http.MethodDelete, "/channels/{id}", "Forget a channel and its drafts", func(ctx context.Context, in *ByID) error {
		c, err := s.ownChannel(ctx, in.ID)
		if err != nil {
			return err
		}
		if err := lead(ctx); err != nil {
			return err
		}
		return s.d.Channels.DeleteChannel(ctx, c.ID)
	})
}

func (s *server) putChannel(ctx context.Context, c veille.Channel, w ChannelWords) (veille.Channel, error) {
	if err := lead(ctx); err != nil {
		return c, err
	}
	moved := c.URL != w.URL || c.User != w.User
	c.Name, c.URL, c.User, c.Cadence, c.Slots = line(w.Name), w.URL, line(w.User), w.Cadence, nil
	for _, sl := range w.Slots {
		c.Slots = append(c.Slots, veille.Slot(sl))
	}
	if w.Secret != "" || moved {
		c.Secret = w.Secret // a password is never sent to another site than the one it was given for
	}
	if err := checkChannel(ctx, c); err != nil {
		return c, err
	}
	return c, s.d.Channels.PutChannel(ctx, c)
}

// checkChannel tells what a channel lacks to be published to.
func checkChannel(ctx context.Context, c veille.Channel) error {
	wordpress := c.Network == veille.NetworkWordPress
	switch {
	case c.Name == "":
		return invalid(ctx, "body.name", "api.name_needed")
	case (c.URL != "" || wordpress) && !isAddress(c.URL):
		return invalid(ctx, "body.url", "api.url_wrong")
	case wordpress && c.User == "":
		return invalid(ctx, "body.user", "api.channel_user")
	case wordpress && c.Secret == "":
		return invalid(ctx, "body.secret", "api.channel_secret")
	}
	for _, sl := range c.Slots {
		if _, err := time.LoadLocation(sl.Zone); err != nil {
			return invalid(ctx, "body.slots", "api.zone_unknown", "zone", sl.Zone)
		}
	}
	return nil
}

func (s *server) ownChannel(ctx context.Context, id string) (veille.Channel, error) {
	c, err := s.d.Channels.Channel(ctx, veille.ChannelID(id))
	if err != nil {
		return c, err
	}
	return c, own(ctx, c.BranchID)
}
