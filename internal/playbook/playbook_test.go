package playbook_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/i18n"
	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

var allKinds = []string{playbook.KindDeath, playbook.KindLeak, playbook.KindFraud, playbook.KindRights, playbook.KindStrike,
	playbook.KindOutage, playbook.KindClosure, playbook.KindFees, playbook.KindInternal, playbook.KindOther}

// about is an incident with a title, grave words and a passage.
func about(title, words, passage string) veille.Incident {
	return veille.Incident{Title: title, Signals: []veille.Signal{
		{Kind: "volume", Reason: veille.Say("crisis.volume", "n", 4), Evidence: []veille.Evidence{{Passage: veille.Passage{Text: passage}}}},
		{Kind: "severity", Reason: veille.Say("crisis.severity", "words", words), Evidence: []veille.Evidence{{Passage: veille.Passage{Text: passage}}}},
	}}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		i    veille.Incident
		want string
	}{
		"a counter that closes":               {about("Fermeture du comptoir de Saint-Rémi", "fermer, pétition", "La caisse dit vouloir fermer le vendredi."), playbook.KindClosure},
		"hours cut, without a grave word":     {about("La Caisse de la Rivière réduit ses heures", "", "Les aînés sont inquiets."), playbook.KindClosure},
		"a branch closing, in English":        {about("Last branch in Millbrook to close its doors", "closing", "Seniors are worried."), playbook.KindClosure},
		"texts in our name":                   {about("De faux textos au nom de la caisse", "hameçonnage", "Ne cliquez pas sur le lien."), playbook.KindFraud},
		"a scam, in English":                  {about("Scammers impersonate credit union staff", "scam", "Members got fake texts."), playbook.KindFraud},
		"data that leaked":                    {about("Fuite de données chez un fournisseur", "fuite de données", "Des numéros d’assurance sociale circulent."), playbook.KindLeak},
		"stolen data used for fraud":          {about("Vol de données : des membres fraudés", "vol de données, fraude", "Renseignements personnels de 3 000 membres."), playbook.KindLeak},
		"a death at the door":                 {about("Un homme perd la vie devant la caisse", "mort", "L’accident est survenu à midi."), playbook.KindDeath},
		"an armed robbery":                    {about("Braquage à la caisse de Valmont", "braquage", "Deux hommes armés."), playbook.KindDeath},
		"words that hurt":                     {about("Une employée aurait tenu des propos racistes", "raciste", "La cliente a filmé la scène."), playbook.KindRights},
		"a strike":                            {about("Les employés de la caisse en grève", "grève", "Le syndicat réclame une nouvelle convention collective."), playbook.KindStrike},
		"machines that are down":              {about("Guichets hors service dans toute la région", "panne", "Impossible de retirer de l’argent."), playbook.KindOutage},
		"an outage online":                    {about("Online banking outage enters second day", "outage", "Members are locked out."), playbook.KindOutage},
		"fees":                                {about("Hausse des frais : des membres en colère", "colère", "De nouveaux frais de 5 $ par mois."), playbook.KindFees},
		"an inquiry on one of ours":           {about("Enquête interne sur un dirigeant de la caisse", "enquête interne", "Il a été suspendu."), playbook.KindInternal},
		"nothing that speaks":                 {about("La caisse dans la tourmente", "", ""), playbook.KindOther},
		"nothing at all":                      {veille.Incident{}, playbook.KindOther},
		"accents and case do not matter":      {about("FERMETURE DU COMPTOIR", "", ""), playbook.KindClosure},
		"a word inside another does not tell": {about("Le camphre et la mortadelle", "", ""), playbook.KindOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := playbook.KindOf(c.i); got != c.want {
				t.Errorf("KindOf = %s, want %s", got, c.want)
			}
		})
	}
}

// incidentOf is an incident of a kind, by one word of its list.
func incidentOf(kind string) veille.Incident {
	words := map[string]string{
		playbook.KindDeath: "décès", playbook.KindLeak: "cyberattaque", playbook.KindFraud: "fraude", playbook.KindRights: "racisme", playbook.KindStrike: "grève",
		playbook.KindOutage: "panne", playbook.KindClosure: "fermeture", playbook.KindFees: "frais", playbook.KindInternal: "perquisition", playbook.KindOther: "",
	}
	return about("", words[kind], "")
}

var topic = veille.Topic{Name: "Caisse de la Rivière"}

func TestEveryPlaybook(t *testing.T) {
	t.Parallel()
	for _, kind := range allKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := playbook.For(incidentOf(kind), topic)
			if p.Key != kind {
				t.Fatalf("kind %s, want %s", p.Key, kind)
			}
			if len(p.Steps) < 5 || len(p.Never) < 4 {
				t.Errorf("%d steps, %d never", len(p.Steps), len(p.Never))
			}
			if !slices.IsSortedFunc(p.Steps, func(a, b playbook.Step) int { return int(a.Within - b.Within) }) {
				t.Error("the steps are not in the order of their clock")
			}
			for _, locale := range i18n.Locales() {
				inLocale(t, p, i18n.For(locale))
			}
			holding := slices.IndexFunc(p.Steps, func(s playbook.Step) bool { return s.Says.Key == "playbook.step.holding" })
			if holding < 0 || p.Steps[holding].Within > time.Hour {
				t.Error("the holding statement is not within the hour")
			}
		})
	}
}

// inLocale checks that a playbook is whole in one language.
func inLocale(t *testing.T, p playbook.Playbook, printer *i18n.Printer) {
	t.Helper()
	first := map[string]string{"fr": "Est-ce vrai?", "en": "Is it true?"}[printer.Locale()]
	if said := printer.Say(p.Steps[0].Says); !strings.HasPrefix(said, first) {
		t.Errorf("the first step is not the first question: %s", said)
	}
	all := []veille.Sentence{p.Name, p.Holding}
	all = append(all, p.Never...)
	for _, s := range p.Steps {
		all = append(all, s.Says)
	}
	seen := map[string]bool{}
	for _, s := range all {
		said := printer.Say(s)
		if said == s.Key || strings.Contains(said, "{") || seen[said] {
			t.Errorf("%s: %q is not said, or said twice", s.Key, said)
		}
		seen[said] = true
	}
	never := ""
	for _, s := range p.Never {
		never += s.Key + " "
	}
	for _, want := range []string{"never.delete", "never.account", "never.name"} {
		if !strings.Contains(never, want) {
			t.Errorf("%s is not told", want)
		}
	}
}

func TestADeathHoldsEveryPost(t *testing.T) {
	t.Parallel()
	p := playbook.For(incidentOf(playbook.KindDeath), topic)
	if !slices.ContainsFunc(p.Steps, func(s playbook.Step) bool { return s.Says.Key == "playbook.step.hold_all" }) {
		t.Error("light posts may go out on a day of mourning")
	}
}

func TestAnIncidentOfTheMovementReadsTheMovementFirst(t *testing.T) {
	t.Parallel()
	i := incidentOf(playbook.KindLeak)
	own := playbook.For(i, topic)
	i.Inherited = true
	inherited := playbook.For(i, topic)
	if len(inherited.Steps) != len(own.Steps)+1 {
		t.Errorf("%d steps, want one more than %d", len(inherited.Steps), len(own.Steps))
	}
}

func TestTheSameIncidentHasTheSamePlaybook(t *testing.T) {
	t.Parallel()
	i := about("Fermeture et panne, frais et grève", "fermeture, panne, frais, grève", "")
	for range 20 {
		if diff := cmp.Diff(playbook.For(i, topic), playbook.For(i, topic)); diff != "" {
			t.Fatal(diff)
		}
	}
}
