package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

func TestTheComposerInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		b, _, _ := calendarBrowser(t, ana(locale))
		golden(t, "compose_"+locale, b.get("/calendrier/nouvelle?idee=i1&quand=2026-11-27T15:00").Body.String())
	}
}

func TestTheComposerIsFilledIn(t *testing.T) {
	t.Parallel()
	b, _, _ := calendarBrowser(t, ana("fr"))
	wantStatus(t, b.get("/calendrier/nouvelle?histoire=s1"), http.StatusOK,
		`value="Trois caisses de la Haute-Rive financent un frigo communautaire"`, "D’après La Voix du Rang.")
	wantStatus(t, b.get("/calendrier/nouvelle?texte=Bonjour+%3Cb%3E"), http.StatusOK, "Bonjour &lt;b&gt;")
	w := b.get("/calendrier/nouvelle?quand=2026-11-26T09:00&canal=c2")
	wantStatus(t, w, http.StatusOK, `<option value="2026-11-26T09:00" selected>`, `name="channel" value="c2" checked`)
	if strings.Contains(w.Body.String(), `value="c1" checked`) {
		t.Error("a channel that was not asked for is ticked")
	}
	wantStatus(t, b.get("/calendrier/nouvelle?quand=2026-12-24T08:05"), http.StatusOK, `value="2026-12-24"`, `value="08:05"`)
}

// writing is a whole form, changed by kv.
func writing(kv ...string) []string {
	return append([]string{"channel", "c1", "text", "Venez nous voir.", "slot", "2026-11-27T15:00", "zone", "America/Toronto"}, kv...)
}

func TestAPostIsWrittenAndScheduledAtItsSlot(t *testing.T) {
	t.Parallel()
	b, desk, shelf := calendarBrowser(t, ana("fr"))
	w := b.post("/calendrier/nouvelle", writing("channel", "c2", "idea", "i1", "act", "schedule", "title", " Un \n titre ")...)
	wantStatus(t, b.follow(w, "/calendrier?semaine=2026-11-23"), http.StatusOK, "2 publications planifiées", "27 novembre 2026 à 15")
	p := desk.posts[len(desk.posts)-1]
	want := veille.Post{ID: "new2", BranchID: "b1", ChannelID: "c2", Batch: "batch", IdeaID: "i1", StoryID: "s1", Title: "Un titre",
		Text: "Venez nous voir.", State: veille.PostScheduled, At: wall("2026-11-27T15:00"), Wall: "2026-11-27T15:00",
		Zone: "America/Toronto", AuthorID: "u1", CreatedAt: morning, UpdatedAt: morning}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if shelf.ideas[0].State != veille.IdeaUsed {
		t.Error("the idea is not marked as used")
	}
}

func TestAnHourThatClocksSkipIsSaid(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	w := b.post("/calendrier/nouvelle", "channel", "c1", "text", "La nuit du changement.", "day", "2027-03-14", "clock", "02:30", "zone", "America/Toronto", "act", "schedule")
	wantStatus(t, b.follow(w, "/calendrier?semaine=2027-03-08"), http.StatusOK, "Cette heure n’existe pas ce jour-là")
	if got := desk.posts[len(desk.posts)-1].At; !got.Equal(time.Date(2027, 3, 14, 7, 30, 0, 0, time.UTC)) {
		t.Errorf("at %s", got)
	}
}

func TestWhatWasTypedIsKeptBesideWhatIsWrong(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	before := len(desk.posts)
	for name, c := range map[string]struct {
		form []string
		want string
	}{
		"no text":        {[]string{"channel", "c1", "slot", "2026-11-27T15:00", "act", "draft", "title", "Un titre"}, "Écrivez le texte"},
		"no channel":     {[]string{"text", "Un titre", "slot", "2026-11-27T15:00", "act", "draft"}, "Choisissez au moins un canal"},
		"no hour":        {[]string{"channel", "c1", "text", "Un titre", "act", "schedule"}, "le jour et l’heure"},
		"an hour gone":   {[]string{"channel", "c1", "text", "Un titre", "day", "2026-11-22", "clock", "09:00", "act", "schedule"}, "Cette heure est passée"},
		"a bad hour":     {[]string{"channel", "c1", "text", "Un titre", "day", "demain", "act", "schedule"}, "ne se lit pas"},
		"a bad zone":     {[]string{"channel", "c1", "text", "Un titre", "day", "2026-12-01", "clock", "09:00", "zone", "Lune", "act", "submit"}, "Lune"},
		"another's page": {[]string{"channel", "c9", "text", "Un titre", "act", "draft"}, "Choisissez au moins un canal"},
	} {
		w := b.post("/calendrier/nouvelle", c.form...)
		wantStatus(t, w, http.StatusBadRequest, c.want, "Un titre")
		if len(desk.posts) != before {
			t.Fatalf("%s: a post was kept", name)
		}
	}
}

func TestAContributorAsksForApproval(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, contributor())
	if strings.Contains(b.get("/calendrier/nouvelle").Body.String(), `value="schedule"`) {
		t.Error("a contributor is offered to schedule")
	}
	wantStatus(t, b.post("/calendrier/nouvelle", writing("act", "schedule")...), http.StatusForbidden, "Envoyez la publication pour approbation")
	wantStatus(t, b.follow(b.post("/calendrier/nouvelle", writing("act", "submit")...), "/calendrier"), http.StatusOK, "envoyée pour approbation")
	if desk.state("new1") != veille.PostAwaiting {
		t.Errorf("state %s", desk.state("new1"))
	}
	wantStatus(t, b.post("/calendrier/new1/heure", "slot", "2026-11-27T15:00"), http.StatusForbidden)
	b.follow(b.post("/calendrier/p2", "text", "Autres mots."), "/calendrier/p2")
	if desk.state("p2") != veille.PostAwaiting {
		t.Errorf("a scheduled post she changed is %s, want approved again", desk.state("p2"))
	}
}

func TestWarningsAreReadBeforeAPostLeaves(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	news := writing("act", "schedule", "text", "")
	news[3] = "À lire : https://www.lavoixdurang.exemple/frigo au comptoir de Saint-Rémi"
	w := b.post("/calendrier/nouvelle", news...)
	wantStatus(t, w, http.StatusOK, "Pas de lien vers un média sur Facebook", "Un incident en cours", "Planifier quand même", `name="seen" value="incident-n1 news"`)
	if len(desk.posts) != 9 {
		t.Fatal("a post was kept before the warnings were read")
	}
	wantStatus(t, b.post("/calendrier/nouvelle", append(news, "seen", "incident-n1 news")...), http.StatusSeeOther)
	wantStatus(t, b.post("/calendrier/nouvelle", append(news, "act", "draft")...), http.StatusOK)
}

func TestWarningsSayWhatTheyShould(t *testing.T) {
	t.Parallel()
	thanks := "Merci aux vingt bénévoles de la collecte de samedi : grâce à vous, la banque alimentaire a reçu deux tonnes de denrées"
	for name, c := range map[string]struct {
		form []string
		want string // keys
	}{
		"plain words need no warning":     {[]string{"channel", "c1", "text", "Bon lundi à tous."}, ""},
		"a news link on Facebook":         {[]string{"channel", "c1", "text", "https://lavoixdurang.exemple/x"}, "news"},
		"a known medium on Facebook":      {[]string{"channel", "c1", "text", "voir www.lapresse.ca/x"}, "news"},
		"her own site is no news medium":  {[]string{"channel", "c1", "text", "https://caisse.exemple/x"}, ""},
		"a news link on her site is fine": {[]string{"channel", "c2", "text", "https://lavoixdurang.exemple/x"}, ""},
		"nearly the same text":            {[]string{"channel", "c2", "text", thanks + ". Bravo!"}, "twin-p0"},
		"the same short text, other case": {[]string{"channel", "c2", "text", "portrait : nos BÉNÉVOLES quelques mots."}, "twin-p2"},
		"the words of a live topic":       {[]string{"channel", "c2", "text", "On parle du comptoir de Saint-Rémi."}, "incident-n1"},
		"two posts at once on a channel":  {[]string{"channel", "c1", "text", "Bonjour.", "day", "2026-11-25", "clock", "12:10"}, "clash-p2"},
		"more than Facebook takes":        {[]string{"channel", "c1", "text", strings.Repeat("a", 63207)}, "long-c1"},
		"a post is not its own twin":      {[]string{"channel", "c1", "text", "Portrait : nos bénévoles\nQuelques mots.", "post", "p2"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _, _ := calendarBrowser(t, ana("fr"))
			w := b.post("/calendrier/verifier", c.form...)
			wantStatus(t, w, http.StatusOK, `name="seen" value="`+c.want+`"`)
		})
	}
}

// picture sends a form with a file.
func (b *browser) picture(path, file string, kv ...string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(kv); i += 2 {
		form.WriteField(kv[i], kv[i+1])
	}
	part, _ := form.CreateFormFile("picture", "équipe.png")
	part.Write([]byte(file))
	form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(r)
}

func TestAPictureNeedsItsWordsAndIsSeenByItsBranchAlone(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	wantStatus(t, b.picture("/calendrier/nouvelle", "GIF?", writing("act", "draft", "alt", "x")...), http.StatusBadRequest, "n’est pas une image")
	w := b.picture("/calendrier/nouvelle", tinyPNG, writing("act", "draft")...)
	wantStatus(t, w, http.StatusBadRequest, "Décrivez la photo", `src="/media/m2"`)
	shown := b.get("/media/m2")
	wantStatus(t, shown, http.StatusOK)
	if got := shown.Header().Get("Content-Type") + " " + shown.Header().Get("X-Content-Type-Options"); got != "image/png nosniff" || shown.Body.String() != tinyPNG {
		t.Errorf("picture: %s", got)
	}
	b.follow(b.post("/calendrier/nouvelle", writing("act", "draft", "keep", "m2", "alt-m2", "Un comptoir")...), "/calendrier/new1")
	want := []veille.Media{{ID: "m2", Name: "équipe.png", Type: "image/png", Alt: "Un comptoir", Size: int64(len(tinyPNG))}}
	if diff := cmp.Diff(want, desk.posts[len(desk.posts)-1].Media); diff != "" {
		t.Error(diff)
	}
	wantStatus(t, b.get("/media/m2"), http.StatusOK)
	wantStatus(t, b.get("/media/m9"), http.StatusNotFound)
	desk.posts[len(desk.posts)-1].BranchID = "b2"
	wantStatus(t, b.get("/media/m2"), http.StatusNotFound)
	wantStatus(t, newBrowser(t, b.s).get("/media/m0"), http.StatusSeeOther)
}

func TestAPictureOfAnotherPostCannotBeTaken(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	b.post("/calendrier/nouvelle", writing("act", "draft", "keep", "m0", "alt-m0", "Un comptoir")...)
	if got := desk.posts[len(desk.posts)-1].Media; got != nil {
		t.Errorf("media %v", got)
	}
}

func TestEachNetworkIsCountedByItsOwnRule(t *testing.T) {
	t.Parallel()
	page := func(url string) veille.Channel { return veille.Channel{Network: veille.NetworkManual, URL: url} }
	for url, want := range map[string]string{"facebook.com/x": "points", "https://x.com/y": "weights", "bsky.app": "clusters", "": "clusters"} {
		if got := ruleOf(page(url)); got != want {
			n, _ := publish.Length(page(url), "\U0001F469\u200D\U0001F467")
			t.Errorf("%q: %s (%d), want %s", url, got, n, want)
		}
	}
}
