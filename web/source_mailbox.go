package web

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"

	"veilleur/crawler/letter"
	"veilleur/crawler/mailbox"
	"veilleur/internal/veille"
)

// mailboxOpener opens the mailbox of a source. An empty password means the one
// kept for it.
type mailboxOpener interface {
	// TryMailbox counts the mails of the last month; nothing is kept. Its
	// errors are Problems that say what to do.
	TryMailbox(ctx context.Context, s veille.Source, password string) (MailTried, error)
	// SaveMailbox does the same, then keeps the source and its password.
	SaveMailbox(ctx context.Context, s veille.Source, password string) (MailTried, error)
}

// MailTried counts what was found in a mailbox.
type MailTried struct {
	Mails  int // of the last month, 500 at most
	Alerts int // of them, alerts
	Wanted int // of them, those that would be read
}

func (s *Server) mailboxRoutes() {
	s.get("/reglages/sources/courriel", s.mailboxNew)
	s.post("/reglages/sources/courriel", s.mailboxSave)
	s.get("/reglages/sources/:id/courriel", s.mailboxEdit)
	s.post("/reglages/sources/:id/courriel", s.mailboxSave)
}

// The senders a mailbox is read for, as the form asks.
const (
	sendersAlerts = "alertes"
	sendersListed = "liste"
	sendersAll    = "tous"
)

// A mailboxModel is the form of a mailbox, new when its source has no id.
type mailboxModel struct {
	Source  veille.Source
	Title   string
	Address string
	Server  string // "" means guessed from the address
	User    string // "" means the address
	Folder  string
	Which   string
	From    string // a sender a line
	Trust   string
	Errors  map[string]string
	Tried   *MailTried // of the last trial; nil before
}

func (s *Server) mailboxNew(v *visit) error {
	return s.showMailbox(v, http.StatusOK, mailboxModel{Folder: "INBOX", Which: sendersAlerts})
}

func (s *Server) showMailbox(v *visit, status int, m mailboxModel) error {
	title := v.T("mailbox.title")
	if m.Source.ID != "" {
		title = m.Source.Name()
	}
	return v.page(status, page{Title: title, Nav: "settings"}, mailboxPage(v, m, title))
}

func (s *Server) mailboxEdit(v *visit) error {
	src, err := s.mailboxHers(v)
	if err != nil {
		return err
	}
	return s.showMailbox(v, http.StatusOK, mailboxFormOf(src))
}

// mailboxHers reads the mailbox of the address, a new one where there is none.
func (s *Server) mailboxHers(v *visit) (veille.Source, error) {
	if v.Param("id") == "" {
		return veille.Source{BranchID: v.Branch.ID, Kind: veille.SourceMailbox, State: veille.SourceActive, CreatedAt: v.Now.UTC(), Health: veille.Health{DueAt: v.Now.UTC()}}, nil
	}
	src, err := s.sourceHers(v)
	if err == nil && src.Kind != veille.SourceMailbox {
		err = veille.ErrNotFound
	}
	return src, err
}

// mailboxFormOf fills the form with what is kept.
func mailboxFormOf(src veille.Source) mailboxModel {
	m := mailboxModel{Source: src, Title: src.Title, Which: sendersListed, From: strings.Join(src.Mailbox.From, "\n"), Trust: src.Mailbox.Trust}
	if box, err := mailbox.Parse(src.URL); err == nil {
		m.Address, m.Folder, m.Server = box.User, box.Folder, box.Host
		if !box.TLS || box.Port != "993" {
			m.Server = net.JoinHostPort(box.Host, box.Port)
		}
	}
	switch {
	case len(src.Mailbox.From) == 0:
		m.Which = sendersAll
	case slices.Equal(src.Mailbox.From, letter.Services()):
		m.Which, m.From = sendersAlerts, ""
	}
	return m
}

// mailboxSave tries a mailbox, and keeps it unless only a trial was asked.
func (s *Server) mailboxSave(v *visit) error {
	src, err := s.mailboxHers(v)
	if err != nil {
		return err
	}
	m := v.readMailbox(src)
	if len(m.Errors) > 0 {
		return s.showMailbox(v, http.StatusBadRequest, m)
	}
	// Not trimmed: a password may end with a space.
	password, mailboxes := v.FormValue("password"), s.deps.Settings.Mailboxes
	try := v.value("act") == "try"
	do := mailboxes.SaveMailbox
	if try {
		do = mailboxes.TryMailbox
	} else if m.Source.ID == "" {
		m.Source.ID = veille.SourceID(veille.NewID(v.Now))
	}
	tried, err := do(v.ctx(), m.Source, password)
	if says := v.problem(err); says != "" {
		m.Source.ID = src.ID
		m.Errors["open"] = says
		return s.showMailbox(v, veille.HTTPStatus(err), m)
	}
	if err != nil {
		return err
	}
	if try {
		m.Tried = &tried
		return s.showMailbox(v, http.StatusOK, m)
	}
	if err := v.note("ok", foundWords(tried)); err != nil {
		return err
	}
	return v.done(sourcePath(m.Source), veille.Say("mailbox.saved", "name", m.Source.Name()))
}

// foundWords tells what was found in a mailbox.
func foundWords(t MailTried) veille.Sentence {
	return veille.Say("mailbox.found", "n", t.Mails, "alerts", t.Alerts, "wanted", t.Wanted)
}

// readMailbox takes the form over a source, and what is wrong with it.
func (v *visit) readMailbox(src veille.Source) mailboxModel {
	m := mailboxModel{Source: src, Title: v.line("title"), Address: v.line("address"), Server: v.value("server"), User: v.line("user"),
		Folder: v.line("folder"), Which: v.value("which"), From: v.FormValue("from"), Trust: strings.ToLower(v.value("trust")), Errors: map[string]string{}}
	box := mailbox.Box{User: m.User, Folder: m.Folder, TLS: true, Port: "993"}
	if box.User == "" {
		box.User = m.Address
	}
	box.Host = m.Server
	if host, port, err := net.SplitHostPort(m.Server); err == nil {
		box.Host, box.Port, box.TLS = host, port, port == "993"
	}
	switch {
	case m.Address == "":
		m.Errors["address"] = v.T("mailbox.address_needed")
	case box.Host == "" && mailbox.Barred(m.Address):
		m.Errors["address"] = v.T("mailbox.barred")
	case box.Host == "":
		if box.Host = mailbox.Guess(m.Address); box.Host == "" {
			m.Errors["server"] = v.T("mailbox.server_needed")
		}
	}
	if src.ID == "" && v.FormValue("password") == "" {
		m.Errors["password"] = v.T("mailbox.password_needed")
	}
	m.readSenders(v)
	if len(m.Errors) > 0 {
		return m
	}
	m.Source.URL = box.URL()
	if _, err := mailbox.Parse(m.Source.URL); err != nil {
		m.Errors["server"] = v.T("mailbox.server_wrong")
	}
	if m.Source.Title = m.Title; m.Title == "" {
		m.Source.Title = v.T("mailbox.name_of", "address", m.Address)
	}
	m.Source.Mailbox.Trust = m.Trust
	return m
}

// senderOptions are the senders in words.
func senderOptions(v *visit) []option {
	return []option{
		{Value: sendersAlerts, Label: v.T("mailbox.which_alertes")},
		{Value: sendersListed, Label: v.T("mailbox.which_liste")},
		{Value: sendersAll, Label: v.T("mailbox.which_tous")},
	}
}

func mailboxPath(src veille.Source) string {
	if src.ID == "" {
		return "/reglages/sources/courriel"
	}
	return sourcePath(src) + "/courriel"
}

// readSenders takes whose mails are read.
func (m *mailboxModel) readSenders(v *visit) {
	switch m.Which {
	case sendersAll:
		m.Source.Mailbox.From = nil
	case sendersListed:
		list := strings.FieldsFunc(strings.ToLower(m.From), func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t<>", r) })
		m.Source.Mailbox.From = list
		if len(list) == 0 || slices.ContainsFunc(list, func(a string) bool { return !strings.Contains(a, ".") }) {
			m.Errors["from"] = v.T("mailbox.from_wrong")
		}
	default:
		m.Which = sendersAlerts
		m.Source.Mailbox.From = letter.Services()
	}
}

// offersOf are the feeds a mailbox could be replaced by, without those the
// branch has.
func (s *Server) offersOf(v *visit, src veille.Source) ([]Found, error) {
	if len(src.Health.Offers) == 0 {
		return nil, nil
	}
	all, err := s.deps.Settings.Sources.Sources(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return nil, err
	}
	var out []Found
	for _, o := range src.Health.Offers {
		if !slices.ContainsFunc(all, func(s veille.Source) bool { return s.URL == o.URL }) {
			out = append(out, Found{URL: o.URL, Title: v.T("mailbox.offer", "query", o.Title)})
		}
	}
	return out, nil
}
