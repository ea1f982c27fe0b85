package digest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/digest"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// lineOfHealth is the foot's line on sources on a morning, without its hour.
func lineOfHealth(t *testing.T, u veille.User, now time.Time, sources ...veille.Source) string {
	t.Helper()
	d := digest.Compose(digest.Input{Person: u, Branch: branch, Sources: sources}, now)
	if len(d.Foot) != 1 || d.Foot[0].Link == "" {
		t.Fatalf("the foot is %+v, want one line with one link", d.Foot)
	}
	says := i18n.For("fr").Say(d.Foot[0].Says)
	for _, more := range d.Foot[0].More {
		says += " " + i18n.For("fr").Say(more)
	}
	return says
}

func TestATroubleIsToldOnItsFirstMorningThenWeekly(t *testing.T) {
	t.Parallel()
	zone, _ := time.LoadLocation("America/Toronto")
	for name, c := range map[string]struct {
		days []int
		want []string // the days it is told, from Monday 23 November
	}{
		"every day":       {[]int{0, 1, 2, 3, 4, 5, 6}, []string{"11-28", "12-05", "12-12"}},
		"on working days": {nil, []string{"11-30", "12-07", "12-14"}}, // it began on a Friday evening
		"on Mondays":      {[]int{1}, []string{"11-30", "12-07", "12-14"}},
	} {
		u := veille.User{Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 50, Days: c.days}}
		var told []string
		for day := 23; day < 23+24; day++ {
			now := time.Date(2026, 11, day, 6, 50+day%9, 0, 0, zone) // mails leave a little after the hour
			if _, due := digest.Due(u, "America/Toronto", now); !due {
				continue
			}
			s := veille.Source{Title: "L’Hebdo", State: veille.SourceActive,
				Health: veille.Health{OKAt: now.Add(-time.Hour), EntryAt: time.Date(2026, 11, 24, 20, 0, 0, 0, zone)}}
			if now.Day() < 24 && now.Month() == 11 {
				s.Health.EntryAt = now.Add(-2 * time.Hour)
			}
			d := digest.Compose(digest.Input{Person: u, Branch: branch, Sources: []veille.Source{s, well(now)}}, now)
			if len(d.Foot[0].More) > 0 {
				told = append(told, now.Format("01-02"))
			}
		}
		if d := cmp.Diff(c.want, told); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func well(now time.Time) veille.Source {
	return veille.Source{Title: "La Voix", State: veille.SourceActive, Health: veille.Health{OKAt: now.Add(-time.Hour), EntryAt: now.Add(-time.Hour)}}
}

func TestTheHealthOfSourcesIsOneHonestLine(t *testing.T) {
	t.Parallel()
	u := veille.User{Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 50}}
	ended := source("Le Blogue", -30, 0)
	ended.State, ended.Health.FetchedAt = veille.SourceEnded, after(-5)
	slow := mute("Mensuel", -20*24)
	slow.Health.Rhythm = 30 * 24 * 60
	late := source("Courrier", -60, 0)
	late.Health.DueAt = after(-50)
	for name, c := range map[string]struct {
		sources []veille.Source
		want    string
	}{
		"all well":                     {[]veille.Source{well(monday), slow}, "Vos 2 sources vont bien, la dernière lue à ."},
		"told long ago, counted still": {[]veille.Source{well(monday), mute("L’Hebdo", -7*24)}, "1 de vos 2 sources va bien, la dernière lue à ."},
		"three are mute since the weekend, and one ended": {
			[]veille.Source{mute("A", -90), mute("B", -91), mute("C", -92), ended, well(monday)},
			"1 de vos 5 sources va bien, la dernière lue à . Muettes : A depuis 4 jours, B depuis 4 jours et 1 autre. À réparer : Le Blogue depuis aujourd’hui."},
		"one that failed an hour ago mends itself": {[]veille.Source{well(monday), source("A", -1, 1)}, "Vos 2 sources vont bien, la dernière lue à ."},
		"one that nobody reads is not well":        {[]veille.Source{well(monday), late}, "1 de vos 2 sources va bien, la dernière lue à ."},
		"all paused":                               {[]veille.Source{{State: veille.SourcePaused}}, "Toutes vos sources sont en pause : rien ne vient."},
	} {
		if d := cmp.Diff(c.want, lineOfHealth(t, u, monday, c.sources...)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
