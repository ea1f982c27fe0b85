package crisis_test

import (
	"fmt"
	"testing"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

var movement = veille.Topic{ID: "m", BranchID: "m", Name: "Mouvement Desrivières", Subject: veille.SubjectMovement}

// of makes a mention of the movement in a post of its own author.
func of(id int, at time.Time, body string) veille.JudgedMention {
	e := veille.EntryID(fmt.Sprint("m", id))
	return veille.JudgedMention{
		Mention: veille.Mention{TopicID: "m", EntryID: e, At: at},
		Entry:   veille.Entry{ID: e, Text: body, Author: string(e), Published: at, Seen: at},
		Source:  veille.Source{ID: veille.SourceID(fmt.Sprint("s", id%7)), Title: fmt.Sprint("Forum ", id%7), Tier: 4},
	}
}

// busyDays are some days of a movement talked of every eight minutes, thrice as
// often at noon.
func busyDays(days int) []veille.JudgedMention {
	var ms []veille.JudgedMention
	for at := noon.AddDate(0, 0, -days); at.Before(noon); at = at.Add(8 * time.Minute) {
		n := 1
		if at.Hour() == 12 {
			n = 3
		}
		for range n {
			ms = append(ms, of(len(ms), at, "Le Mouvement Desrivières annonce ses heures d’été."))
		}
	}
	return ms
}

func volumeOf(v crisis.Verdict) (veille.Signal, bool) {
	for _, s := range v.Signals {
		if s.Kind == "volume" {
			return s, true
		}
	}
	return veille.Signal{}, false
}

func TestATopicOfManyMentionsIsJudgedByItsPace(t *testing.T) {
	t.Parallel()
	burst := func(n int, body string) (ms []veille.JudgedMention) {
		for i := range n {
			ms = append(ms, of(100_000+i, noon.Add(-time.Duration(i)*time.Minute/2), body))
		}
		return ms
	}
	for name, c := range map[string]struct {
		days     int
		more     []veille.JudgedMention
		points   [2]float64 // of volume
		says     string
		min, max veille.Level
	}{
		"its ordinary noons are nothing":             {30, nil, [2]float64{0, 0}, "", veille.LevelNone, veille.LevelNone},
		"a busy hour without trouble is no alarm":    {30, burst(160, "Le Mouvement Desrivières lance son concours de photos."), [2]float64{5, 10}, "crisis.pace", veille.LevelNone, veille.LevelNone},
		"a busy hour of trouble is a crisis":         {30, burst(160, "Panne chez Desrivières : cartes refusées partout, c’est honteux."), [2]float64{15, 25}, "", veille.LevelEscalate, veille.LevelCrisis},
		"a week of history is not enough to know it": {9, burst(160, "Le Mouvement Desrivières lance son concours de photos."), [2]float64{0, 8}, "crisis.short_of_data", veille.LevelNone, veille.LevelNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ms := append(busyDays(c.days), c.more...)
			in := crisis.Input{Topic: movement, Mentions: ms, Since: noon.AddDate(0, 0, -c.days)}
			v := crisis.Judge(in, noon)
			s, _ := volumeOf(v)
			if s.Points < c.points[0] || s.Points > c.points[1] {
				t.Errorf("volume gives %.1f, want %v: %+v", s.Points, c.points, v.Signals)
			}
			if c.says != "" && (s.Detail == nil || s.Detail.Key != c.says) {
				t.Errorf("volume says %v, want %s", s.Detail, c.says)
			}
			if v.Level.Rank() < c.min.Rank() || v.Level.Rank() > c.max.Rank() {
				t.Errorf("level %s (%.1f), want %s to %s", v.Level, v.Score, c.min, c.max)
			}
		})
	}
}

func TestHowFarBackAJudgementLooks(t *testing.T) {
	t.Parallel()
	const week = 7 * 24 * time.Hour
	from, to := crisis.Habit(noon, noon.Add(-26*week))
	weeks := to.Sub(from).Hours() / week.Hours()
	if got := crisis.Reach(int(200*weeks), from, to); got != 26*week {
		t.Errorf("rare mentions: %v, want half a year", got)
	}
	if got := crisis.Reach(int(2000*weeks), from, to); got != 6*week {
		t.Errorf("many mentions: %v, want six weeks", got)
	}
	from, to = crisis.Habit(noon, noon.Add(-8*24*time.Hour))
	if got := crisis.Reach(100_000, from, to); got != 26*week {
		t.Errorf("no custom known: %v, want half a year", got)
	}
}
