package digest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/digest"
	"veilleur/internal/veille"
)

// monday is 6 h 52 in Toronto.
var monday = time.Date(2026, 11, 23, 11, 52, 0, 0, time.UTC)

func after(hours float64) time.Time { return monday.Add(time.Duration(hours * float64(time.Hour))) }

var branch = veille.Branch{ID: "b", Name: "Caisse de la Rivière", Locale: "fr", Zone: "America/Toronto", Address: "12, rue du Quai, Saint-Rémi"}

func incident(id veille.IncidentID, l veille.Level, score float64, story veille.StoryID) veille.Incident {
	return veille.Incident{ID: id, Title: "Fermeture du comptoir de Saint-Rémi", State: veille.IncidentOpen, Level: l, Score: score,
		StoryID: story, Entries: 7, Independent: 4, Signals: []veille.Signal{
			{Kind: "independence", Points: 20, Reason: veille.Say("crisis.independence", "n", 4, "hours", 6)},
			{Kind: "severity", Points: 18, Reason: veille.Say("crisis.severity", "words", "fermer, pétition")},
		}}
}

func story(id veille.StoryID, title string, independent int, tone float64, words ...string) digest.Story {
	return digest.Story{Story: veille.Story{ID: id, Title: title, Lang: "fr", Entries: independent + 1, Independent: independent, Tone: tone}, Words: words}
}

func idea(id veille.IdeaID, s veille.StoryID) veille.Idea {
	return veille.Idea{ID: id, StoryID: s, Title: veille.Say("digest.own", "text", "Un frigo communautaire chez vous?"),
		Question: veille.Say("digest.own", "text", "Quel organisme d’ici mériterait un coup de pouce cet hiver?"),
		Photo:    veille.Say("digest.own", "text", "Photo : votre équipe."), Effort: 10, ExpiresAt: after(150)}
}

func source(name string, okHours float64, failures int) veille.Source {
	return veille.Source{Title: name, State: veille.SourceActive, Health: veille.Health{OKAt: after(okHours), Failures: failures}}
}

// mute is a source read an hour ago, whose last entry came entryHours ago.
func mute(name string, entryHours float64) veille.Source {
	s := source(name, -1, 0)
	s.Health.EntryAt = after(entryHours)
	return s
}

// full is the morning of the design.
func full() digest.Input {
	in := digest.Input{
		Person: veille.User{ID: "u", Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 50}}, Branch: branch,
		BaseURL: "https://veilleur.example", Unsubscribe: "https://veilleur.example/desabonnement?u=u&s=abc",
		Incidents: []veille.Incident{incident("i1", veille.LevelWatch, 31, "s3")},
		Stories: []digest.Story{
			story("s1", "Trois caisses de l’Estrie financent un frigo communautaire", 6, 0.4),
			story("s2", "Le taux directeur baisse : ce que ça change pour une hypothèque", 9, 0),
			story("s3", "Le comptoir de Saint-Rémi réduit ses heures, des aînés inquiets", 2, -0.4, "inquiets", "fermer"),
		},
		Ideas:   []veille.Idea{idea("d1", "s1"), idea("d2", "s1"), idea("d3", "s4")},
		Free:    []time.Time{after(5.2), after(104.2)},
		Entries: 84,
		Goals:   []digest.Goal{{Goal: veille.Goal{Unit: "abonnés", Target: 200, DueAt: after(38 * 24)}, Value: 178, PerWeek: 0.58, Needed: 4.02}},
	}
	for n := range 39 {
		in.Sources = append(in.Sources, source(fmt.Sprint("Média ", n), -0.1*float64(n), 0))
	}
	in.Sources = append(in.Sources, mute("Écho du Piémont", -90), source("Radio 101", -10, 4), veille.Source{State: veille.SourcePaused})
	return in
}

func crisis() digest.Input {
	in := full()
	in.Incidents = append(in.Incidents, incident("i2", veille.LevelCrisis, 82, "s2"), incident("i3", veille.LevelEscalate, 62, ""))
	in.Incidents[2].State, in.Incidents[2].Title, in.Incidents[2].Inherited = veille.IncidentAcknowledged, "Panne du paiement en ligne", true
	in.Channels = []veille.Channel{{ID: "fb", Network: veille.NetworkManual}, {ID: "wp", Network: veille.NetworkWordPress}}
	problem := veille.Say("digest.own", "text", "Le mot de passe du site a changé.")
	in.Posts = []veille.Post{
		{State: veille.PostFailed, ChannelID: "wp", Title: "Portrait : nos bénévoles", Problem: &problem},
		{State: veille.PostPublishing, ChannelID: "fb", Title: "Horaire des Fêtes"},
		{State: veille.PostScheduled, ChannelID: "fb", Title: "Collecte de sang", At: after(3)},
		{State: veille.PostScheduled, ChannelID: "fb", Title: "Demain", At: after(24)},
		{State: veille.PostPublishing, ChannelID: "wp", Title: "En route"},
		{State: veille.PostAwaiting, ChannelID: "wp", Text: "AGA : le 12 décembre"},
	}
	return in
}

func keys(lines []digest.Line) []string {
	out := []string{}
	for _, l := range lines {
		out = append(out, l.Title.Key)
	}
	return out
}

func TestCompose(t *testing.T) {
	t.Parallel()
	calm := digest.Compose(full(), monday)
	tense := digest.Compose(crisis(), monday)
	empty := digest.Compose(digest.Input{Branch: branch}, monday)
	many := full()
	for n := range 8 {
		many.Incidents = append(many.Incidents, incident(veille.IncidentID(fmt.Sprint("g", n)), veille.LevelEscalate, 60+float64(n), ""))
	}
	flooded := digest.Compose(many, monday)
	silenced := full()
	silenced.Incidents = []veille.Incident{incident("i", veille.LevelCrisis, 90, "")}
	silenced.Incidents[0].SilencedUntil = after(24)
	closed := full()
	closed.Incidents = []veille.Incident{incident("i", veille.LevelCrisis, 90, "s1")}
	closed.Incidents[0].State = veille.IncidentResolved
	old := full()
	old.Ideas = []veille.Idea{idea("d", "s")}
	old.Ideas[0].ExpiresAt = monday
	twice := digest.Input{Branch: branch, Posts: []veille.Post{{ID: "p", State: veille.PostFailed}, {ID: "p", State: veille.PostFailed}}}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"a post given twice is told once", keys(digest.Compose(twice, monday).Do), []string{"digest.failed_one"}},
		{"a calm morning has free slots to fill", keys(calm.Do), []string{"digest.slots"}},
		{"its stories in the order given", []string{calm.Know[0].Link, calm.Know[1].Link}, []string{"https://veilleur.example/nouvelles/s1", "https://veilleur.example/nouvelles/s2"}},
		{"a story under the threshold opens its score", calm.Know[2].Link, "https://veilleur.example/crises/i1"},
		{"one idea a story", len(calm.Dare), 2},
		{"it is calm, and tells the highest score", []any{calm.Calm(), calm.Highest}, []any{true, 31.0}},
		{"the articles of its stories and the others add up", calm.Totals, digest.Totals{Folded: 20, Stories: 3, Others: 64}},
		{"the subject counts three things at most", calm.Counts, []veille.Sentence{veille.Say("digest.count_stories", "n", 3), veille.Say("digest.count_slots", "n", 2), veille.Say("digest.count_ideas", "n", 2)}},
		{"a crisis comes first, then what to do by urgency", keys(tense.Do), []string{"digest.crisis", "digest.escalate", "digest.failed_one", "digest.manual_many"}},
		{"what does not fit is counted", tense.Left, digest.Left{Do: 2, Dare: 1}},
		{"the story of a crisis is not told twice", []string{tense.Know[0].Link, tense.Know[1].Link}, []string{"https://veilleur.example/nouvelles/s1", "https://veilleur.example/crises/i1"}},
		{"and its articles are not counted twice", tense.Totals, digest.Totals{Folded: 10, Stories: 2, Others: 74}},
		{"a crisis names no calm", []any{tense.Calm(), tense.Grave, tense.Crises}, []any{false, 2, 1}},
		{"eight incidents leave room for the news and an idea", []int{len(flooded.Do), len(flooded.Know), len(flooded.Dare), flooded.Left.Do}, []int{5, 1, 1, 4}},
		{"silence hides no incident", keys(digest.Compose(silenced, monday).Do), []string{"digest.crisis", "digest.slots"}},
		{"a closed incident is over", keys(digest.Compose(closed, monday).Do), []string{"digest.slots"}},
		{"an idea whose time has passed is not told", len(digest.Compose(old, monday).Dare), 0},
		{"nothing is nothing", []any{empty.Nothing(), empty.Calm(), empty.Minutes(), len(empty.Counts)}, []any{true, true, 1, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryLineHasOneActionAndNoDigestHasMoreThanSeven(t *testing.T) {
	t.Parallel()
	for incidents := range 9 {
		for stories := range 6 {
			for ideas := range 5 {
				in := crisis()
				in.Incidents, in.Stories, in.Ideas = nil, nil, nil
				for n := range incidents {
					in.Incidents = append(in.Incidents, incident(veille.IncidentID(fmt.Sprint(n)), veille.LevelEscalate, 60, ""))
				}
				for n := range stories {
					in.Stories = append(in.Stories, story(veille.StoryID(fmt.Sprint(n)), "x", 1, 0))
				}
				for n := range ideas {
					in.Ideas = append(in.Ideas, idea(veille.IdeaID(fmt.Sprint(n)), veille.StoryID(fmt.Sprint(n))))
				}
				d := digest.Compose(in, monday)
				all := slices.Concat(d.Do, d.Know, d.Dare)
				possible := incidents + 4 + stories + ideas // four kinds of things to do besides
				if len(all) != min(7, possible) || len(all)+d.Left.Do+d.Left.Know+d.Left.Dare != possible {
					t.Errorf("%d incidents, %d stories, %d ideas: %d lines, left %+v", incidents, stories, ideas, len(all), d.Left)
				}
				for _, l := range all {
					if l.Action.Key == "" || l.Link == "" || l.Title.Key == "" {
						t.Errorf("a line without an action: %+v", l)
					}
				}
			}
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	toronto, err := time.LoadLocation("America/Toronto")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, toronto)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	set := veille.DigestSettings{On: true, Hour: 6, Minute: 30}
	for name, c := range map[string]struct {
		set  veille.DigestSettings
		zone string
		now  time.Time
		day  string
		due  bool
	}{
		"at her minute it is due":                     {set, "America/Toronto", at("2026-11-23 06:30"), "2026-11-23", true},
		"a minute before it is not":                   {set, "America/Toronto", at("2026-11-23 06:29"), "2026-11-23", false},
		"a late start the same day still sends":       {set, "America/Toronto", at("2026-11-23 17:59"), "2026-11-23", true},
		"but not in the evening":                      {set, "America/Toronto", at("2026-11-23 18:00"), "2026-11-23", false},
		"off is off":                                  {veille.DigestSettings{Hour: 6}, "America/Toronto", at("2026-11-23 07:00"), "2026-11-23", false},
		"Saturday is no day unless chosen":            {set, "America/Toronto", at("2026-11-28 07:00"), "2026-11-28", false},
		"Saturday chosen is":                          {veille.DigestSettings{On: true, Hour: 6, Days: []int{6}}, "America/Toronto", at("2026-11-28 07:00"), "2026-11-28", true},
		"Monday not chosen is not":                    {veille.DigestSettings{On: true, Hour: 6, Days: []int{6}}, "America/Toronto", at("2026-11-23 07:00"), "2026-11-23", false},
		"her zone wins over the branch's":             {veille.DigestSettings{On: true, Hour: 6, Zone: "America/Vancouver"}, "America/Toronto", at("2026-11-23 07:00"), "2026-11-23", false},
		"her day is the one of her zone":              {veille.DigestSettings{On: true, Hour: 0, Zone: "Asia/Tokyo"}, "America/Toronto", at("2026-11-23 12:00"), "2026-11-24", true},
		"an unknown zone falls back on the branch's":  {veille.DigestSettings{On: true, Hour: 6, Zone: "Nowhere/City"}, "America/Toronto", at("2026-11-23 06:00"), "2026-11-23", true},
		"an hour that does not exist is due after it": {veille.DigestSettings{On: true, Hour: 2, Minute: 30, Days: []int{0}}, "America/Toronto", at("2027-03-14 03:00"), "2027-03-14", true},
		"and not before it":                           {veille.DigestSettings{On: true, Hour: 2, Minute: 30, Days: []int{0}}, "America/Toronto", at("2027-03-14 01:59"), "2027-03-14", false},
		"an evening digest is due in the evening":     {veille.DigestSettings{On: true, Hour: 20}, "America/Toronto", at("2026-11-23 21:00"), "2026-11-23", true},
		"a minute to midnight never slips a day":      {veille.DigestSettings{On: true, Hour: 23, Minute: 59}, "America/Toronto", at("2026-11-24 00:00"), "2026-11-24", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			day, due := digest.Due(veille.User{Digest: c.set}, c.zone, c.now)
			if day != c.day || due != c.due {
				t.Errorf("Due = %s, %v, want %s, %v", day, due, c.day, c.due)
			}
		})
	}
}

func TestAYearOfMinutesIsOneDigestADayClaimedOnce(t *testing.T) {
	t.Parallel()
	for _, hour := range []int{2, 23} {
		u := veille.User{Digest: veille.DigestSettings{On: true, Hour: hour, Minute: 30, Zone: "America/Toronto", Days: []int{0, 1, 2, 3, 4, 5, 6}}}
		claimed := map[string]bool{}
		for n := range 365 * 24 * 4 {
			if day, due := digest.Due(u, "", monday.Add(time.Duration(n)*15*time.Minute)); due {
				claimed[day] = true
			}
		}
		if len(claimed) < 365 || len(claimed) > 366 {
			t.Errorf("at %d h 30: %d days", hour, len(claimed))
		}
	}
}
