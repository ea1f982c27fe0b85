package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

func (s *Server) profileRoutes() {
	s.get("/reglages/profil", s.profile)
	s.postSelf("/reglages/profil", s.profileAct)
	s.postSelf("/reglages/profil/mot-de-passe", s.passwordAct)
}

// A profileModel is what she may set about herself. Errors are by field.
type profileModel struct {
	User   veille.User
	Hour   string // 15:04
	Errors map[string]string
}

func profileOf(u veille.User) profileModel {
	return profileModel{User: u, Hour: fmt.Sprintf("%02d:%02d", u.Digest.Hour, u.Digest.Minute), Errors: map[string]string{}}
}

func (s *Server) profile(v *visit) error {
	return v.showProfile(http.StatusOK, profileOf(v.User))
}

func (v *visit) showProfile(status int, m profileModel) error {
	return v.page(status, page{Title: v.T("profile.title"), Nav: "settings"}, profilePage(v, m))
}

func (s *Server) profileAct(v *visit) error {
	m := profileOf(v.User)
	v.readProfile(&m)
	if len(m.Errors) > 0 {
		return v.showProfile(http.StatusBadRequest, m)
	}
	if err := s.deps.Accounts.PutUser(v.ctx(), m.User); err != nil {
		return err
	}
	return v.done("/reglages/profil", veille.Say("profile.saved"))
}

// readProfile takes the form into m, and what is wrong with it.
func (v *visit) readProfile(m *profileModel) {
	u := &m.User
	if u.Name = v.value("name"); u.Name == "" {
		m.Errors["name"] = v.T("profile.name_needed")
	}
	if l := v.value("locale"); slices.Contains(i18n.Locales(), l) {
		u.Locale = l
	}
}

// readDigest takes when her digest leaves into m, and what is wrong with it.
func (v *visit) readDigest(m *profileModel) {
	u := &m.User
	u.Digest.On = v.value("digest") == "yes"
	m.Hour = v.value("hour")
	at, err := time.Parse("15:04", m.Hour)
	if err != nil {
		m.Errors["hour"] = v.T("profile.hour_wrong")
	}
	u.Digest.Hour, u.Digest.Minute = at.Hour(), at.Minute()
	if u.Digest.Zone = v.value("zone"); u.Digest.Zone != "" && !isZone(u.Digest.Zone) {
		m.Errors["zone"] = v.T("profile.zone_wrong")
	}
	u.Digest.Days = v.days()
	if u.Digest.On && len(u.Digest.Days) == 0 {
		m.Errors["days"] = v.T("profile.days_needed")
	}
}

// days reads the ticked days of the week, Sunday first.
func (v *visit) days() []int {
	var out []int
	for d := range 7 {
		if slices.Contains(v.Request().Form["days"], strconv.Itoa(d)) {
			out = append(out, d)
		}
	}
	return out
}

// passwordAct changes her password, which ends her other sessions.
func (s *Server) passwordAct(v *visit) error {
	if err := s.guard.allow(v.RealIP(), v.User.Email, v.Now); err != nil {
		return err
	}
	m := profileOf(v.User)
	if v.User.PasswordHash != "" && !auth.CheckPassword(v.FormValue("current"), v.User.PasswordHash) {
		m.Errors["current"] = v.T("profile.current_wrong")
	}
	next := v.FormValue("next")
	if err := auth.ValidPassword(next); err != nil {
		m.Errors["next"] = v.problem(err)
	}
	if len(m.Errors) > 0 {
		return v.showProfile(http.StatusBadRequest, m)
	}
	hash, err := auth.HashPassword(next)
	if err != nil {
		return err
	}
	v.User.PasswordHash = hash
	if err := s.deps.Accounts.PutUser(v.ctx(), v.User); err != nil {
		return err
	}
	if err := s.signIn(v.ctx(), v.User); err != nil {
		return err
	}
	s.lg.Info("password changed", "user", v.User.ID)
	return v.done("/reglages/profil", veille.Say("profile.password_saved"))
}

// dayOptions are the days of the digest, Monday first; none chosen means
// Monday to Friday.
func dayOptions(v *visit, days []int) []option {
	if len(days) == 0 {
		days = []int{1, 2, 3, 4, 5}
	}
	var out []option
	for i := range 7 {
		d := (i + 1) % 7
		out = append(out, option{Value: strconv.Itoa(d), Label: v.WeekdayName(d), On: slices.Contains(days, d)})
	}
	return out
}

// digestZone is the zone of her digest: her own, else the branch's.
func digestZone(v *visit, u veille.User) string {
	if u.Digest.Zone != "" {
		return u.Digest.Zone
	}
	return v.Branch.Zone
}
