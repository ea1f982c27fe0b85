package web

import "veilleur/internal/veille"

func (s *Server) branchRoutes() {
	s.postSelf("/caisse", s.turnToBranch)
}

// turnToBranch shows a central user another branch, until she turns again.
func (s *Server) turnToBranch(v *visit) error {
	if v.User.Role != veille.RoleCentral {
		return veille.NewProblem(veille.ErrDenied, veille.Say("web.branch_denied"), nil)
	}
	b, err := s.deps.Accounts.Branch(v.ctx(), veille.BranchID(v.value("branch")))
	if err != nil {
		return err
	}
	s.sessions.Put(v.ctx(), keyBranch, string(b.ID))
	return v.goTo("/")
}
