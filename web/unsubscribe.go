package web

import (
	"errors"
	"net/http"

	"veilleur/internal/veille"
)

// unsubscribeRoutes are the links at the foot of each digest. Mail servers
// post them in her name, without her session and from no page of ours: this
// is the one act that another site may send. Its signature is what lets it in.
//
// Source: RFC 8058, Signaling One-Click Functionality for List Email Headers.
func (s *Server) unsubscribeRoutes() {
	s.origin.AddInsecureBypassPattern("POST /desabonnement")
	s.openGet("/desabonnement", s.unsubscribe)
	s.openPost("/desabonnement", s.unsubscribeAct)
}

// unsubscribe changes nothing: mail readers open the links they find.
func (s *Server) unsubscribe(v *visit) error {
	return v.page(http.StatusOK, page{Title: v.T("mailing.stop_title"), Bare: true}, unsubscribePage(v))
}

// unsubscribeAct answers with a page and not a redirect, as RFC 8058 asks.
func (s *Server) unsubscribeAct(v *visit) error {
	err := s.deps.Settings.Digests.Unsubscribe(v.ctx(), veille.UserID(v.QueryParam("personne")), v.QueryParam("cle"))
	if errors.Is(err, veille.ErrDenied) || errors.Is(err, veille.ErrNotFound) {
		return veille.NewProblem(veille.ErrDenied, veille.Say("mailing.stop_wrong"), err)
	}
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("mailing.stopped_title"), Bare: true}, unsubscribedPage(v))
}
