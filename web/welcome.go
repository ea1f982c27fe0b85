package web

import (
	"context"
	"net/http"
	"net/mail"
	"slices"
	"strings"

	"veilleur/internal/auth"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// setupPath is the first visit: who works here, what she watches, where it is
// read, and how the first reading goes.
type setupPath interface {
	// Setup makes the branch, the movement above it when it has a name, and
	// the first user; it proposes topics and stores none.
	Setup(ctx context.Context, a SetupAnswers) (veille.User, []veille.Topic, error)
	// SaveTopic stores a topic under its id. ErrInvalid for a query that does
	// not parse.
	SaveTopic(ctx context.Context, t veille.Topic) error
	// AddSource adds the source at any web address, or tells the feeds found
	// on the page there. ErrInvalid when it is neither.
	AddSource(ctx context.Context, branch veille.BranchID, address string) (Added, error)
	// ImportOPML adds the sources of an OPML file and tells how many are new.
	ImportOPML(ctx context.Context, branch veille.BranchID, file []byte) (int, error)
	// Progress tells how far the reading of a branch's sources has come.
	Progress(ctx context.Context, branch veille.BranchID) (Progress, error)
}

// SetupAnswers are the first visit's answers, checked.
type SetupAnswers struct {
	Branch, Movement string // Movement is "" when nothing stands above
	Locale           string // "fr" or "en"
	Zone             string // IANA
	Name, Email      string // hers
	Password         string
}

// Added tells what came of adding an address: a source, or feeds to choose
// from and nothing added.
type Added struct {
	Source veille.Source
	Found  []Found
}

// Found is one feed found on a page.
type Found struct{ URL, Title string }

// Progress counts what has been read for a branch so far.
type Progress struct {
	Sources, Read, Failed      int // of Sources, those read well at least once, and those that failed
	Entries, Stories, Mentions int
	Done                       bool // each source was tried and each entry has gone all the way
}

func (s *Server) welcomeRoutes() {
	s.openGet("/bienvenue", s.welcome)
	s.openPost("/bienvenue", s.welcomeAct)
	s.get("/bienvenue/sujets", s.welcomeTopics)
	s.post("/bienvenue/sujets", s.welcomeTopicsAct)
	s.get("/bienvenue/sources", s.welcomeSources)
	s.post("/bienvenue/sources/adresse", s.welcomeAddress)
	s.post("/bienvenue/sources/opml", s.welcomeOPML)
	s.get("/bienvenue/lecture", s.welcomeReading)
}

// A welcomeModel is the first page of the first visit.
type welcomeModel struct {
	Answers SetupAnswers
	Errors  map[string]string
}

// mayWelcome lets in whoever holds the first link, while there is no account.
func (s *Server) mayWelcome(v *visit) error {
	users, err := s.deps.Accounts.Users(v.ctx(), "")
	if err != nil {
		return closed(err)
	}
	if len(users) > 0 {
		return veille.NewProblem(veille.ErrConflict, veille.Say("welcome.already"), nil)
	}
	if !s.sessions.GetBool(v.ctx(), keySetup) {
		return veille.NewProblem(veille.ErrDenied, veille.Say("web.first_says"), nil)
	}
	return nil
}

func (s *Server) welcome(v *visit) error {
	if err := s.mayWelcome(v); err != nil {
		return err
	}
	m := welcomeModel{Answers: SetupAnswers{Locale: v.Locale(), Zone: "America/Toronto"}}
	return v.showWelcome(http.StatusOK, m)
}

func (v *visit) showWelcome(status int, m welcomeModel) error {
	return v.page(status, page{Title: v.T("welcome.title"), Bare: true}, welcomePage(v, m))
}

func (s *Server) welcomeAct(v *visit) error {
	if err := s.mayWelcome(v); err != nil {
		return err
	}
	m := v.readWelcome()
	if len(m.Errors) > 0 {
		return v.showWelcome(http.StatusBadRequest, m)
	}
	u, topics, err := s.deps.Setup.Setup(v.ctx(), m.Answers)
	if err != nil {
		return err
	}
	if err := s.signIn(v.ctx(), u); err != nil {
		return err
	}
	s.sessions.Remove(v.ctx(), keySetup)
	s.lg.Info("first account made", "user", u.ID, "branch", u.BranchID)
	for i := range topics {
		v.number(&topics[i])
	}
	if err := s.remember(v.ctx(), keyTopics, topics); err != nil {
		return err
	}
	return v.goTo("/bienvenue/sujets")
}

// readWelcome takes the form, and what is wrong with it.
func (v *visit) readWelcome() welcomeModel {
	m := welcomeModel{Errors: map[string]string{}, Answers: SetupAnswers{
		Branch: v.value("branch"), Movement: v.value("movement"),
		Locale: v.value("locale"), Zone: v.value("zone"),
		Name: v.value("name"), Email: strings.ToLower(v.value("email")), Password: v.FormValue("password"),
	}}
	a := m.Answers
	if a.Branch == "" {
		m.Errors["branch"] = v.T("welcome.branch_needed")
	}
	if !slices.Contains(i18n.Locales(), a.Locale) {
		m.Errors["locale"] = v.T("welcome.locale_wrong")
	}
	if !isZone(a.Zone) {
		m.Errors["zone"] = v.T("profile.zone_wrong")
	}
	if a.Name == "" {
		m.Errors["name"] = v.T("profile.name_needed")
	}
	if to, err := mail.ParseAddress(a.Email); err != nil || to.Address != a.Email {
		m.Errors["email"] = v.T("welcome.email_wrong")
	}
	if err := auth.ValidPassword(a.Password); err != nil {
		m.Errors["password"] = v.problem(err)
	}
	return m
}
