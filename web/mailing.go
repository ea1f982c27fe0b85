package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"veilleur/internal/mail"
	"veilleur/internal/veille"
)

// digestComposer writes a person's digest as of now, and stops it when the
// signature of a link holds; engine.Digests is one.
type digestComposer interface {
	Compose(ctx context.Context, u veille.User, now time.Time) (mail.Message, error)
	// Unsubscribe returns ErrDenied when the signature does not hold.
	Unsubscribe(ctx context.Context, user veille.UserID, sig string) error
}

// mailSender sends one mail; mail.Sender is one.
type mailSender interface {
	Ready() bool // a mail server is set
	Send(ctx context.Context, m mail.Message) error
}

func (s *Server) mailingRoutes() {
	s.get("/reglages/courriel", s.mailing)
	s.postSelf("/reglages/courriel", s.mailingEdit)
	s.get("/reglages/courriel/apercu", s.mailingPreview)
	s.postSelf("/reglages/courriel/envoyer", s.mailingSend)
}

// A mailingModel is when her digest leaves, and today's.
type mailingModel struct {
	Form  profileModel
	Ready bool // a mail server is set
	Today mail.Message
}

func (s *Server) mailing(v *visit) error {
	return s.showMailing(v, http.StatusOK, profileOf(v.User))
}

func (s *Server) showMailing(v *visit, status int, form profileModel) error {
	today, err := s.deps.Settings.Digests.Compose(v.ctx(), v.User, v.Now)
	if err != nil {
		return err
	}
	m := mailingModel{Form: form, Ready: s.deps.Settings.Mailer.Ready(), Today: today}
	return v.page(status, page{Title: v.T("mailing.title"), Nav: "settings"}, mailingPage(v, m))
}

func (s *Server) mailingEdit(v *visit) error {
	m := profileOf(v.User)
	v.readDigest(&m)
	if len(m.Errors) > 0 {
		return s.showMailing(v, http.StatusBadRequest, m)
	}
	if err := s.deps.Accounts.PutUser(v.ctx(), m.User); err != nil {
		return err
	}
	return v.done("/reglages/courriel", veille.Say("profile.saved"))
}

// previewPolicy lets the preview wear the styles a mail must carry in itself,
// load nothing from elsewhere, run nothing, and stand only within our pages.
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// mailingPreview is today's digest as a mail reader shows it. Its links open
// beside it.
func (s *Server) mailingPreview(v *visit) error {
	today, err := s.deps.Settings.Digests.Compose(v.ctx(), v.User, v.Now)
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Security-Policy", previewPolicy)
	return v.HTML(http.StatusOK, strings.Replace(today.HTML, "<head>", `<head><base target="_blank">`, 1))
}

// mailingSend sends her today's digest now, beside the one of the morning.
func (s *Server) mailingSend(v *visit) error {
	if err := s.guard.allow(v.RealIP(), "digest "+v.User.Email, v.Now); err != nil {
		return err
	}
	today, err := s.deps.Settings.Digests.Compose(v.ctx(), v.User, v.Now)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Mailer.Send(v.ctx(), today); err != nil {
		return err
	}
	return v.done("/reglages/courriel", veille.Say("mailing.sent", "email", v.User.Email))
}
