package web

import (
	"context"
	"fmt"

	"veilleur/internal/veille"
)

// SettingsDeps are what the pages of settings read and do; each interface
// stands in the file of its page. All are required.
type SettingsDeps struct {
	Scope      scoper
	Sources    sourceKeeper
	Scout      sourceScout
	Reader     sourceWaker
	Mailboxes  mailboxOpener
	Topics     topicKeeper
	Watch      topicWatcher
	Foresight  rehearser
	Tunings    tuningKeeper
	Finder     topicFinder
	Channels   channelKeeper
	Checker    channelChecker
	Digests    digestComposer
	Mailer     mailSender
	Webhooks   webhookKeeper
	Deliveries deliveryReader
	Notices    webhookTester
	Team       teamKeeper
	Tokens     tokenKeeper
	Vitals     vitalsReader
	Index      indexReader
}

// scoper gives a branch and its ancestors: what she may see.
type scoper interface {
	Scope(ctx context.Context, branch veille.BranchID) ([]veille.BranchID, error)
}

// may lets her act on what belongs to a branch. What she cannot see is not
// found; what is her movement's is read, not changed.
func (s *Server) may(v *visit, owner veille.BranchID) error {
	seen, err := s.sees(v, owner)
	switch {
	case err != nil:
		return err
	case !seen:
		return fmt.Errorf("web: of branch %s: %w", owner, veille.ErrNotFound)
	case owner != v.Branch.ID:
		return veille.NewProblem(veille.ErrDenied, veille.Say("settings.not_yours"), nil)
	}
	return nil
}

// sees tells whether what belongs to owner is shown to her.
func (s *Server) sees(v *visit, owner veille.BranchID) (bool, error) {
	if owner == v.Branch.ID {
		return true, nil
	}
	scope, err := s.deps.Settings.Scope.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return false, err
	}
	for _, id := range scope {
		if id == owner {
			return true, nil
		}
	}
	return false, nil
}

// owners names the branches above hers whose settings she sees.
func (s *Server) owners(v *visit, scope []veille.BranchID) (map[veille.BranchID]string, error) {
	names := map[veille.BranchID]string{}
	for _, id := range scope {
		if id == v.Branch.ID {
			continue
		}
		b, err := s.deps.Accounts.Branch(v.ctx(), id)
		if err != nil {
			return nil, err
		}
		names[id] = b.Name
	}
	return names, nil
}

// leads tells whether she decides for her branch: who works there, and where
// its crises are told.
func (v *visit) leads() bool {
	return v.User.Role == veille.RoleManager || v.User.Role == veille.RoleCentral
}
