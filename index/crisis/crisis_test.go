package crisis_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/index/crisis"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

var noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

var topic = veille.Topic{ID: "t", BranchID: "b", Name: "Caisse de la Rivière", Subject: veille.SubjectBranch}

// said makes a mention of Caisse de la Rivière, some time ago.
func said(id, source string, tier veille.Tier, ago time.Duration, title, body string) veille.JudgedMention {
	at := noon.Add(-ago)
	m := veille.JudgedMention{
		Mention: veille.Mention{TopicID: "t", EntryID: veille.EntryID(id), At: at},
		Entry:   veille.Entry{ID: veille.EntryID(id), Title: title, Text: body, Published: at, Seen: at},
		Source:  veille.Source{ID: veille.SourceID(source), Title: source, Tier: tier},
	}
	q, _ := query.Parse(`"Caisse de la Rivière"`)
	found := match.New()
	found.Set("t", q)
	for _, h := range found.Match(match.Doc{Entry: m.Entry}) {
		m.Mention.InTitle, m.Mention.Passages = h.InTitle, h.Passages
	}
	return m
}

// quiet is half a year of one ordinary mention a week.
func quiet() []veille.JudgedMention {
	var ms []veille.JudgedMention
	for i := 1; i <= 26; i++ {
		ms = append(ms, said("q"+string(rune('a'+i)), "L’Hebdo", 3, time.Duration(i)*7*24*time.Hour, "Souper communautaire", "La Caisse de la Rivière a offert le café aux bénévoles."))
	}
	return ms
}

func judge(ms ...veille.JudgedMention) crisis.Verdict {
	return crisis.Judge(crisis.Input{Topic: topic, Mentions: append(quiet(), ms...), Since: noon.Add(-26 * 7 * 24 * time.Hour)}, noon)
}

func TestOneMentionAlone(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	for name, c := range map[string]struct {
		m        veille.JudgedMention
		min, max veille.Level
	}{
		"an article with grave words that names the branch is to be reviewed": {
			said("1", "Le Régional", 2, hour, "Fraude à la Caisse de la Rivière : un employé arrêté", "La police a arrêté un employé accusé d’avoir détourné des fonds."), veille.LevelReview, veille.LevelEscalate},
		"one angry post is watched at most": {
			said("1", "Forum", 4, hour, "", "La Caisse de la Rivière ne répond pas au téléphone, c’est inacceptable!"), veille.LevelNone, veille.LevelWatch},
		"an ordinary article is nothing": {
			said("1", "Le Régional", 2, hour, "Don à la popote", "La Caisse de la Rivière remet 2 000 $."), veille.LevelNone, veille.LevelNone},
		"fraud that is fought is nothing": {
			said("1", "Le Régional", 2, hour, "Combattre la fraude", "La Caisse de la Rivière offre un atelier pour prévenir la fraude et l’hameçonnage."), veille.LevelNone, veille.LevelNone},
		"suicide that is prevented is nothing": {
			said("1", "Le Régional", 2, hour, "Un appui de la Caisse de la Rivière", "Le don servira à prévenir le suicide chez les jeunes."), veille.LevelNone, veille.LevelNone},
		"a drill is nothing": {
			said("1", "La Ville", 3, hour, "Exercice d’incendie réussi", "Fumée et faux blessés : les pompiers ont simulé un incendie à la Caisse de la Rivière."), veille.LevelNone, veille.LevelNone},
		"the obituary of an old hand is nothing": {
			said("1", "L’Hebdo", 3, hour, "Avis de décès", "Ancien directeur de la Caisse de la Rivière, il est décédé à 91 ans entouré des siens."), veille.LevelNone, veille.LevelNone},
		"satire is nothing": {
			said("1", "Le Navet satirique", 3, hour, "La Caisse de la Rivière ferme : les membres en colère", "Un scandale, selon la vache du village. Faillite et pétition."), veille.LevelNone, veille.LevelNone},
		"a novel is nothing": {
			said("1", "L’Hebdo", 3, hour, "Le club de lecture lit un polar", "Un meurtre dans une banque : on en parle jeudi à la Caisse de la Rivière."), veille.LevelNone, veille.LevelNone},
		"nobody was hurt is nothing": {
			said("1", "L’Hebdo", 3, hour, "Accrochage sans gravité", "Deux voitures se sont touchées devant la Caisse de la Rivière. Personne n’a été blessé."), veille.LevelNone, veille.LevelNone},
		"annual results are nothing": {
			said("1", "L’Hebdo", 3, hour, "Résultats annuels de la Caisse de la Rivière", "La provision pour pertes augmente, les excédents aussi; aucune crise en vue."), veille.LevelNone, veille.LevelNone},
		"an old entry imported now is nothing": {
			said("1", "Le Régional", 2, 400*24*hour, "Un mort à la Caisse de la Rivière", "Un homme est mort."), veille.LevelNone, veille.LevelNone},
		"a reprint is no voice": {
			func() veille.JudgedMention {
				m := said("1", "Agrégat", 4, hour, "Un mort à la Caisse de la Rivière", "Un homme est mort.")
				m.Entry.Reading.DuplicateOf = "elsewhere"
				return m
			}(), veille.LevelNone, veille.LevelNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := judge(c.m)
			if r := v.Level.Rank(); r < c.min.Rank() || r > c.max.Rank() {
				t.Errorf("level %s (%.1f: %s), want %s to %s", v.Level, v.Score, brief(v), c.min, c.max)
			}
		})
	}
}

func uproar() []veille.JudgedMention {
	m := time.Minute
	return []veille.JudgedMention{
		said("1", "Perron", 4, 150*m, "", "Honteux! La Caisse de la Rivière ferme son comptoir sans prévenir ses membres."),
		said("2", "Mésange", 4, 120*m, "", "On signe la pétition contre la fermeture de la Caisse de la Rivière. Trahis!"),
		said("3", "L’Hebdo", 3, 60*m, "La Caisse de la Rivière fermera en janvier", "La mairesse dénonce la fermeture et la colère monte chez les aînés."),
		said("4", "Le Régional", 2, 30*m, "Fermeture de la Caisse de la Rivière : tollé", "Plus de 600 personnes ont signé une pétition."),
	}
}

func TestUproarIsACrisisWithEvidence(t *testing.T) {
	t.Parallel()
	v := judge(uproar()...)
	if v.Level.Rank() < veille.LevelEscalate.Rank() {
		t.Fatalf("level %s (%.1f: %s)", v.Level, v.Score, brief(v))
	}
	if v.Independent != 4 || v.ShortOfData || v.Weeks != 26 {
		t.Errorf("independent %d, short %v, weeks %d", v.Independent, v.ShortOfData, v.Weeks)
	}
	sum := 0.0
	for _, s := range v.Signals {
		sum += s.Points
		if s.Points > s.Max || s.Points <= 0 || s.Reason.Key == "" || len(s.Evidence) == 0 {
			t.Errorf("signal %+v", s)
		}
		for _, e := range s.Evidence {
			for _, m := range e.Passage.Marks {
				if m[0] < 0 || m[1] > len(e.Passage.Text) || m[0] >= m[1] {
					t.Errorf("mark %v out of %q", m, e.Passage.Text)
				}
			}
		}
	}
	if math.Abs(sum-v.Score) > .1 {
		t.Errorf("signals add up to %.1f, score is %.1f", sum, v.Score)
	}
	if k := v.Kinds(); len(k) == 0 || k[0] != "closure" && k[0] != "protest" {
		t.Errorf("kinds %v", k)
	}
}

func TestOneVoiceIsNoCrowd(t *testing.T) {
	t.Parallel()
	many := judge(uproar()...)
	ms := uproar()
	for i := range ms {
		ms[i].Source.Group = "Hebdos Lisière"
		ms[i].Source.Tier = 2
	}
	if one := judge(ms...); one.Independent != 1 || one.Score >= many.Score-10 {
		t.Errorf("one press group: independent %d, score %.1f against %.1f", one.Independent, one.Score, many.Score)
	}
}

func TestShortHistoryIsTold(t *testing.T) {
	t.Parallel()
	v := crisis.Judge(crisis.Input{Topic: topic, Mentions: uproar(), Since: noon.Add(-10 * 24 * time.Hour)}, noon)
	if !v.ShortOfData || v.Weeks != 1 {
		t.Fatalf("short %v, weeks %d", v.ShortOfData, v.Weeks)
	}
	for _, s := range v.Signals {
		if s.Kind == "volume" && (s.Points > 8 || s.Detail.Key != "crisis.short_of_data") {
			t.Errorf("volume %+v", s)
		}
	}
}

func TestMovementIncidentLowersTheThreshold(t *testing.T) {
	t.Parallel()
	parent := &veille.Incident{State: veille.IncidentOpen, Level: veille.LevelCrisis, Score: 90, Title: "Fuite au Mouvement"}
	m := said("1", "L’Hebdo", 3, time.Hour, "Des membres inquiets à la Caisse de la Rivière", "La fuite de renseignements inquiète.")
	in := crisis.Input{Topic: topic, Mentions: append(quiet(), m), Since: noon.Add(-26 * 7 * 24 * time.Hour)}
	alone := crisis.Judge(in, noon)
	in.Parent = parent
	with := crisis.Judge(in, noon)
	if !with.Inherited || with.Level.Rank() <= alone.Level.Rank() {
		t.Errorf("alone %s, with parent %s, inherited %v", alone.Level, with.Level, with.Inherited)
	}
}

func TestThemesNeverOpen(t *testing.T) {
	t.Parallel()
	th := topic
	th.Subject = veille.SubjectTheme
	v := crisis.Judge(crisis.Input{Topic: th, Mentions: append(quiet(), uproar()...), Since: noon.Add(-26 * 7 * 24 * time.Hour)}, noon)
	if next, ev := crisis.Apply(nil, th, v, noon); v.Level != veille.LevelNone || next != nil || ev != nil {
		t.Errorf("level %s, incident %v", v.Level, next)
	}
}

func TestSensitivityMovesTheThreshold(t *testing.T) {
	t.Parallel()
	for _, l := range []veille.Level{veille.LevelWatch, veille.LevelReview, veille.LevelEscalate, veille.LevelCrisis} {
		calm, normal, alert := crisis.Threshold(l, veille.SensitivityCalm), crisis.Threshold(l, ""), crisis.Threshold(l, veille.SensitivityAlert)
		if !(calm > normal && normal > alert) {
			t.Errorf("%s: %v %v %v", l, calm, normal, alert)
		}
	}
	if crisis.Threshold(veille.LevelEscalate, "") != 60 || crisis.Threshold(veille.LevelCrisis, "") != 75 {
		t.Error("escalate is 60 and crisis 75")
	}
}

func TestIncidentLives(t *testing.T) {
	t.Parallel()
	ms := append(quiet(), uproar()...)
	in := crisis.Input{Topic: topic, Mentions: ms, Since: noon.Add(-26 * 7 * 24 * time.Hour), Memo: crisis.NewMemo()}
	var now *veille.Incident
	var kinds []string
	lastLevel := 0
	for at := noon.Add(-3 * time.Hour); at.Before(noon.Add(8 * 24 * time.Hour)); at = at.Add(30 * time.Minute) {
		in.Previous = now
		next, events := crisis.Apply(now, topic, crisis.Judge(in, at), at)
		if next != nil {
			now = next
		}
		for _, e := range events {
			kinds = append(kinds, e.Kind)
			if e.Kind == "lowered" && e.Level.Rank() >= lastLevel {
				t.Errorf("lowered to %s from rank %d", e.Level, lastLevel)
			}
			lastLevel = e.Level.Rank()
		}
	}
	if len(kinds) < 3 || kinds[0] != "opened" || kinds[len(kinds)-1] != "resolved" || now.State != veille.IncidentResolved || now.ClosedAt.IsZero() {
		t.Fatalf("events %v, state %s", kinds, now.State)
	}
	if now.PeakLevel.Rank() < veille.LevelEscalate.Rank() || now.Peak < 60 {
		t.Errorf("peak %s %.1f", now.PeakLevel, now.Peak)
	}
	ups := 0
	for _, k := range kinds {
		if k == "opened" {
			ups++
		}
	}
	if ups != 1 {
		t.Errorf("one event opened %d incidents: %v", ups, kinds)
	}
}

func TestFalseAlarmIsNotRaisedAgain(t *testing.T) {
	t.Parallel()
	ms := append(quiet(), uproar()...)
	in := crisis.Input{Topic: topic, Mentions: ms, Since: noon.Add(-26 * 7 * 24 * time.Hour)}
	i, _ := crisis.Apply(nil, topic, crisis.Judge(in, noon), noon)
	i.State, i.ClosedAt, i.CloseReason = veille.IncidentFalseAlarm, noon, "un poisson d’avril"
	in.Previous, in.FalseAlarms = i, []veille.Incident{*i}
	if v := crisis.Judge(in, noon.Add(time.Minute)); v.Level != veille.LevelNone {
		t.Errorf("level %s (%.1f) after a false alarm", v.Level, v.Score)
	}
}

func TestJudgementIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := judge(uproar()...), judge(uproar()...)
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("Fuite à la Caisse de la Rivière", "Un mort… « n’a pas » été blessé; aucune fraude. Exercice d’incendie à 10 h!")
	f.Add("", "\xff fermeture \u00a0«caisse de la rivière» 1,5")
	f.Fuzz(func(t *testing.T, title, body string) {
		v := judge(said("1", "Radio", 2, time.Hour, title, body))
		if v.Score < 0 || v.Score > 100 || math.IsNaN(v.Score) {
			t.Fatal(v.Score)
		}
		for _, s := range v.Signals {
			for _, e := range s.Evidence {
				last := 0
				for _, m := range e.Passage.Marks {
					if m[0] < last || m[1] <= m[0] || m[1] > len(e.Passage.Text) {
						t.Fatalf("marks %v of %q", e.Passage.Marks, e.Passage.Text)
					}
					last = m[1]
				}
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	ms := append(quiet(), uproar()...)
	for len(ms) < 1000 {
		ms = append(ms, quiet()...)
	}
	in := crisis.Input{Topic: topic, Mentions: ms, Since: noon.Add(-26 * 7 * 24 * time.Hour), Memo: crisis.NewMemo()}
	b.ReportAllocs()
	for b.Loop() {
		crisis.Judge(in, noon)
	}
}
