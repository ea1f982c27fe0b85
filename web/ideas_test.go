package web

import (
	"net/http"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

// calendarBrowser is a signed-in browser on a dashboard with a calendar, and
// what that stands on.
func calendarBrowser(t *testing.T, u veille.User) (*browser, *fakeDesk, *fakeShelf) {
	t.Helper()
	deps := testDeps(u)
	s := newTestServer(t, deps, Config{})
	return signedBrowser(t, s, u.Email), deps.Calendar.Posts.(*fakeDesk), deps.Calendar.Ideas.(*fakeShelf)
}

func reader() veille.User {
	u := ana("fr")
	u.Role = veille.RoleReader
	return u
}

func contributor() veille.User {
	u := ana("fr")
	u.Role = veille.RoleContributor
	return u
}

func TestIdeasAreCardsBestFirstInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		b, _, _ := calendarBrowser(t, ana(locale))
		w := b.get("/idees")
		golden(t, "ideas_"+locale, w.Body.String())
		body := w.Body.String()
		if strings.Index(body, "Le taux baisse") > strings.Index(body, "Un frigo communautaire") {
			t.Error("the idea of 71 points is not before that of 62")
		}
		if strings.Contains(body, "Une idée passée") {
			t.Error("an idea whose time has passed is suggested")
		}
	}
}

func TestARefusedIdeaIsRememberedWithItsReason(t *testing.T) {
	t.Parallel()
	b, _, shelf := calendarBrowser(t, ana("fr"))
	w := b.follow(b.post("/idees/i1/refuser", "reason", "déjà fait"), "/idees")
	wantStatus(t, w, http.StatusOK, "Cette idée ne reviendra pas", "déjà fait", "pas pour nous")
	if shelf.ideas[0].State != veille.IdeaRefused {
		t.Errorf("state %s", shelf.ideas[0].State)
	}
}

func TestIdeasOfAnotherBranchAreNotFound(t *testing.T) {
	t.Parallel()
	b, _, shelf := calendarBrowser(t, ana("fr"))
	wantStatus(t, b.post("/idees/i9/refuser"), http.StatusNotFound)
	wantStatus(t, b.get("/calendrier/nouvelle?idee=i9"), http.StatusNotFound)
	wantStatus(t, b.get("/calendrier/nouvelle?histoire=s9"), http.StatusNotFound)
	if shelf.ideas[5].State != veille.IdeaNew {
		t.Error("another branch's idea was refused")
	}
}

func TestAReaderSeesIdeasAndChangesNone(t *testing.T) {
	t.Parallel()
	b, _, _ := calendarBrowser(t, reader())
	w := b.get("/idees")
	wantStatus(t, w, http.StatusOK, "Un frigo communautaire")
	if strings.Contains(w.Body.String(), "refuser") || strings.Contains(w.Body.String(), "Rédiger") {
		t.Error("a reader is offered acts")
	}
	wantStatus(t, b.post("/idees/i1/refuser"), http.StatusForbidden)
	wantStatus(t, b.get("/calendrier/nouvelle"), http.StatusForbidden)
}

func TestMarkupInAnIdeaIsText(t *testing.T) {
	t.Parallel()
	b, _, shelf := calendarBrowser(t, ana("fr"))
	shelf.ideas[0].Title.Key = "<script>alert(1)</script>"
	shelf.ideas[3].Refusal = `"><img src=x onerror=alert(1)>`
	body := b.get("/idees").Body.String()
	if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
		t.Errorf("markup was let through: %s", body)
	}
}
