package web

import (
	"context"
	"time"

	"veilleur/internal/veille"
)

// A Shell is what the rail and the bar tell on every page of a branch.
type Shell struct {
	Ideas   int          // new ones, not yet used or refused
	Live    int          // incidents open or acknowledged, the movement's included
	Grave   int          // those at escalate or above
	Level   veille.Level // the gravest of them
	Sources int          // read for this branch, its movement's included
	ReadAt  time.Time    // last successful read of any of them; zero: none yet
	Silent  int          // sources that fail, or have been mute for days
	Full    bool         // the disk takes hardly any more writing
}

// shellReader reads what every page tells.
type shellReader interface {
	Shell(ctx context.Context, branch veille.BranchID, now time.Time) (Shell, error)
}

// A frame is all that the layout draws around a page.
type frame struct {
	Shell   Shell
	Notices []notice
	Style   string
	Script  string
	Font    string
	Others  []veille.Branch // the branches she may turn to; none unless she is central
}

// frame reads what stands around the page. A rail that cannot be counted is
// drawn without counts: the page itself may still be read.
func (v *visit) frame() (frame, error) {
	s := v.server
	f := frame{Style: s.files.style, Script: s.files.script, Font: s.files.font}
	ctx := v.ctx()
	if v.User.ID == "" {
		return f, nil
	}
	if err := s.recall(ctx, keyNotices, &f.Notices); err != nil {
		s.lg.Warn("notices lost", "err", err)
	}
	if len(f.Notices) > 0 {
		s.sessions.Remove(ctx, keyNotices)
	}
	var err error
	if f.Shell, err = s.deps.Shell.Shell(ctx, v.Branch.ID, v.Now); err != nil {
		s.lg.Error("rail not counted", "branch", v.Branch.ID, "err", err)
	}
	if f.Shell.Full {
		f.Notices = append([]notice{{Kind: "bad", Says: veille.Say("web.disk_full")}}, f.Notices...)
	}
	if v.User.Role == veille.RoleCentral {
		if f.Others, err = s.deps.Accounts.Branches(ctx); err != nil {
			s.lg.Error("branches not listed", "err", err)
		}
	}
	return f, nil
}

// A place is one line of the menu.
type place struct {
	Nav, Path, Icon string
	Key             string // of its name
	Count           int
}

// rail lists the menu in its order. The first four are the phone's tabs.
func rail(s Shell) []place {
	return []place{
		{Nav: "today", Path: "/", Icon: "sunrise", Key: "web.nav_today"},
		{Nav: "watch", Path: "/veille", Icon: "search", Key: "web.nav_watch"},
		{Nav: "ideas", Path: "/idees", Icon: "lightbulb", Key: "web.nav_ideas", Count: s.Ideas},
		{Nav: "calendar", Path: "/calendrier", Icon: "calendar-days", Key: "web.nav_calendar"},
		{Nav: "crises", Path: "/crises", Icon: "siren", Key: "web.nav_crises", Count: s.Live},
		{Nav: "goals", Path: "/objectifs", Icon: "target", Key: "web.nav_goals"},
		{Nav: "settings", Path: "/reglages", Icon: "settings", Key: "web.nav_settings"},
	}
}

// tabCount is how many places stand in the phone's bar; the others are under
// its last tab.
const tabCount = 4

// weather is the pill of the bar: calm, watched or in crisis, in words, an
// icon and a colour.
func weather(v *visit, s Shell) (class, icon, words string) {
	switch {
	case s.Live == 0:
		return "calm", "shield-check", v.T("web.calm")
	case s.Level.Rank() >= veille.LevelEscalate.Rank():
		return "bad", "siren", v.T("web.live_crisis", "n", s.Grave)
	}
	return "warn", "eye", v.T("web.live_watch", "n", s.Live)
}
