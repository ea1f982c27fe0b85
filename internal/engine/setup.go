package engine

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// SetupStore is where a first visit is written.
type SetupStore interface {
	Branches(ctx context.Context) ([]veille.Branch, error)
	PutBranch(ctx context.Context, b veille.Branch) error
	PutUser(ctx context.Context, u veille.User) error
	PutChannel(ctx context.Context, c veille.Channel) error
}

// Setup is the first visit: who works here, and what she watches.
type Setup struct {
	mu    sync.Mutex // held while answering: a form sent twice makes one house
	store SetupStore
	now   func() time.Time
}

// NewSetup makes a Setup.
func NewSetup(store SetupStore) *Setup { return &Setup{store: store, now: time.Now} }

// SetupAnswers is what a first visit asks.
type SetupAnswers struct {
	Branch   string // name of the branch. Required
	Movement string // name of the movement above it. Optional: "" when it stands alone
	Locale   string // "fr" or "en"
	Zone     string // IANA
	Name     string // of the person
	Email    string
	Password string
}

// Needed tells whether nobody has answered yet.
func (s *Setup) Needed(ctx context.Context) (bool, error) {
	branches, err := s.store.Branches(ctx)
	if err != nil {
		return false, fmt.Errorf("engine: setup: %w", err)
	}
	return len(branches) == 0, nil
}

// Answer writes the movement, the branch, its first person and a channel she
// publishes to by hand; it gives the person and the topics proposed from the
// answers, not yet kept. It returns ErrConflict when somebody answered before.
func (s *Setup) Answer(ctx context.Context, a SetupAnswers) (veille.User, []veille.Topic, error) {
	if err := a.check(); err != nil {
		return veille.User{}, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	needed, err := s.Needed(ctx)
	if err != nil {
		return veille.User{}, nil, err
	}
	if !needed {
		return veille.User{}, nil, veille.NewProblem(veille.ErrConflict, veille.Say("setup.done_before"), nil)
	}
	hash, err := auth.HashPassword(a.Password)
	if err != nil {
		return veille.User{}, nil, fmt.Errorf("engine: setup: %w", err)
	}
	now := s.now()
	b, err := s.branches(ctx, a, now)
	if err != nil {
		return veille.User{}, nil, err
	}
	u := veille.User{ID: veille.UserID(veille.NewID(now)), BranchID: b.ID, Name: a.Name, Email: strings.ToLower(a.Email),
		Locale: a.Locale, Role: veille.RoleManager, PasswordHash: hash, CreatedAt: now,
		Digest: veille.DigestSettings{On: true, Hour: 7, Zone: a.Zone}}
	if err := s.store.PutUser(ctx, u); err != nil {
		return veille.User{}, nil, fmt.Errorf("engine: first person: %w", err)
	}
	if err := s.store.PutChannel(ctx, firstChannel(b, now)); err != nil {
		return veille.User{}, nil, fmt.Errorf("engine: first channel: %w", err)
	}
	return u, Propose(b, a.Movement), nil
}

func (s *Setup) branches(ctx context.Context, a SetupAnswers, now time.Time) (veille.Branch, error) {
	b := veille.Branch{ID: veille.BranchID(veille.NewID(now)), Name: a.Branch, Locale: a.Locale, Zone: a.Zone, CreatedAt: now}
	if a.Movement != "" {
		m := b
		m.ID, m.Name = veille.BranchID(veille.NewID(now)), a.Movement
		b.ParentID = m.ID
		if err := s.store.PutBranch(ctx, m); err != nil {
			return b, fmt.Errorf("engine: movement: %w", err)
		}
	}
	if err := s.store.PutBranch(ctx, b); err != nil {
		return b, fmt.Errorf("engine: branch: %w", err)
	}
	return b, nil
}

// firstChannel is a page she publishes to by hand, three times a week: the
// cadence product.md gives its person.
func firstChannel(b veille.Branch, now time.Time) veille.Channel {
	c := veille.Channel{ID: veille.ChannelID(veille.NewID(now)), BranchID: b.ID, Network: veille.NetworkManual,
		Name: "Facebook", Cadence: 3, CreatedAt: now}
	for _, day := range []time.Weekday{time.Monday, time.Wednesday, time.Friday} {
		c.Slots = append(c.Slots, veille.Slot{Weekday: int(day), Hour: 12, Zone: b.Zone})
	}
	return c
}

func (a *SetupAnswers) check() error {
	a.Branch, a.Movement, a.Name = clean(a.Branch), clean(a.Movement), clean(a.Name)
	if a.Locale != "en" {
		a.Locale = "fr"
	}
	if a.Branch == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("setup.branch_needed"), nil)
	}
	if _, err := time.LoadLocation(a.Zone); err != nil || a.Zone == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("setup.zone_unknown", "zone", a.Zone), err)
	}
	addr, err := mail.ParseAddress(strings.TrimSpace(a.Email))
	if err != nil {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("setup.email_invalid"), err)
	}
	a.Email = strings.ToLower(addr.Address)
	return auth.ValidPassword(a.Password)
}

// clean folds white space, newlines included, so that a name is one line.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// Propose gives the topics a branch most likely watches: itself, its movement
// and the themes of a caisse. Their ids are "" until saved.
func Propose(b veille.Branch, movement string) []veille.Topic {
	topics := []veille.Topic{{BranchID: b.ID, Name: b.Name, Query: phrase(b.Name), Subject: veille.SubjectBranch}}
	if movement != "" {
		topics = append(topics, veille.Topic{BranchID: b.ID, Name: movement, Query: movementQuery(movement), Subject: veille.SubjectMovement})
	}
	return append(topics, themes(b)...)
}

// movementQuery finds a movement by its full name or by the name it goes by.
func movementQuery(name string) string {
	if short, ok := shortName(name); ok {
		return phrase(name) + " OR " + phrase(short)
	}
	return phrase(name)
}

func phrase(s string) string { return `"` + strings.ReplaceAll(s, `"`, "") + `"` }

func themes(b veille.Branch) []veille.Topic {
	if b.Locale == "en" {
		return []veille.Topic{
			{BranchID: b.ID, Name: "Mortgages and rates", Query: `"mortgage rate" OR "policy rate" OR mortgage*`, Subject: veille.SubjectTheme},
			{BranchID: b.ID, Name: "Fraud prevention", Query: `fraud OR phishing OR scam`, Subject: veille.SubjectTheme},
			{BranchID: b.ID, Name: "Co-operation", Query: `cooperative OR "co-operative" OR "credit union"`, Subject: veille.SubjectTheme},
		}
	}
	return []veille.Topic{
		{BranchID: b.ID, Name: "Taux et hypothèques", Query: `"taux hypothécaire" OR "taux directeur" OR hypothèque`, Subject: veille.SubjectTheme},
		{BranchID: b.ID, Name: "Prévention de la fraude", Query: `fraude OR hameçonnage OR arnaque`, Subject: veille.SubjectTheme},
		{BranchID: b.ID, Name: "Coopération", Query: `coopérative OR "développement durable" OR entraide`, Subject: veille.SubjectTheme},
	}
}
