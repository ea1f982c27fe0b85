package webhook

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	branch = veille.Branch{ID: "b1", Name: "Caisse de la Rivière", Locale: "fr"}
	topic  = veille.Topic{ID: "t1", Name: "Caisse de la Rivière", Subject: veille.SubjectBranch}
	judged = time.Date(2026, 11, 23, 12, 5, 0, 123456789, time.UTC)
)

func incident() veille.Incident {
	detail := veille.Say("crisis.volume.usual", "usual", 0.4, "odds", 9000)
	evidence := []veille.Evidence{
		{EntryID: "e1", Passage: veille.Passage{Field: "text", Text: "La Caisse de la Rivière dit vouloir fermer le vendredi."}},
		{EntryID: "e2", Passage: veille.Passage{Field: "title", Text: "Pétition contre la fermeture"}},
	}
	return veille.Incident{
		ID: "i1", BranchID: "b1", TopicID: "t1", StoryID: "s1", Title: "Fermeture du comptoir de Saint-Rémi",
		State: veille.IncidentOpen, Level: veille.LevelEscalate, LevelAt: judged.Add(-25 * time.Minute), Score: 62, Peak: 62,
		PeakLevel: veille.LevelEscalate, Weeks: 26, Entries: 7, Independent: 4,
		OpenedAt: judged.Add(-time.Hour), JudgedAt: judged,
		Signals: []veille.Signal{
			{Kind: "volume", Points: 20, Max: 25, Reason: veille.Say("crisis.volume", "n", 4), Detail: &detail, Evidence: evidence},
			{Kind: "severity", Points: 18, Max: 25, Reason: veille.Say("crisis.severity", "words", "fermer, pétition"), Evidence: evidence[:1]},
		},
	}
}

func say(s veille.Sentence) string { return "« " + s.Key + " »" }

func payload(t *testing.T, event string, i veille.Incident, more ...Option) []byte {
	t.Helper()
	body, err := IncidentPayload(event, i, topic, branch, "http://veilleur.example/crises/i1", judged, say, more...)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestEveryMessageFollowsTheSchema(t *testing.T) {
	t.Parallel()
	v := newValidator(t, Schema())
	closed := incident()
	closed.State, closed.AckedAt, closed.ClosedAt = veille.IncidentFalseAlarm, judged, judged
	bare := veille.Incident{ID: "i2", State: veille.IncidentOpen, Level: veille.LevelWatch, PeakLevel: veille.LevelWatch}
	articles := WithArticles(map[veille.EntryID]Article{"e1": {URL: "https://media.example/a", Title: "Un comptoir ferme", Source: "L’Écho"}})
	test, err := TestPayload(branch, judged)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{
		EventOpened:           payload(t, EventOpened, incident(), articles),
		EventRaised:           payload(t, EventRaised, incident()),
		EventAcknowledged:     payload(t, EventAcknowledged, closed),
		EventResolved:         payload(t, EventResolved, closed),
		"a repeat":            payload(t, EventOpened, incident(), AsRepeat()),
		"an incident's least": payload(t, EventOpened, bare),
		EventTest:             test,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := v.validate(body); err != nil {
				t.Errorf("%v\n%s", err, body)
			}
		})
	}
}

func TestTheSchemaRefusesWhatIsNotAMessage(t *testing.T) {
	t.Parallel()
	v := newValidator(t, Schema())
	good := string(payload(t, EventOpened, incident()))
	for _, bad := range []string{
		`{}`, `[]`, strings.Replace(good, `"level":"escalate"`, `"level":"grave"`, 1), strings.Replace(good, `"score":62`, `"score":162`, 1),
		strings.Replace(good, `"link":`, `"url":`, 1), strings.Replace(good, "incident.opened", "test", 1),
	} {
		if err := v.validate([]byte(bad)); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

func TestPayloadGolden(t *testing.T) {
	t.Parallel()
	articles := WithArticles(map[veille.EntryID]Article{"e1": {URL: "https://media.example/a", Title: "Un comptoir ferme", Source: "L’Écho"}})
	var pretty strings.Builder
	e := json.NewEncoder(&pretty)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(json.RawMessage(payload(t, EventOpened, incident(), articles))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "opened.json")
	if *update {
		if err := os.WriteFile(path, []byte(pretty.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestAHugeIncidentStaysUnder20KBAndFollowsTheSchema(t *testing.T) {
	t.Parallel()
	v := newValidator(t, Schema())
	for name, piece := range map[string]string{
		"long words": "fermeture ", "control characters": "\x01", "emoji": "🏦", "broken UTF-8": "\xff", "markup": "<script>&",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			long := strings.Repeat(piece, 5000)
			i := incident()
			i.Title, i.Signals = long, nil
			articles := map[veille.EntryID]Article{}
			for n := range 7 {
				s := veille.Signal{Kind: fmt.Sprint("kind", n), Points: 10, Max: 25, Reason: veille.Say("k", "words", long, "n", 1e6)}
				for m := range 200 {
					id := veille.EntryID(fmt.Sprint("e", m))
					articles[id] = Article{URL: "https://media.example/" + fmt.Sprint(m), Title: long, Source: long}
					s.Evidence = append(s.Evidence, veille.Evidence{EntryID: id, Passage: veille.Passage{Text: long}})
				}
				i.Signals = append(i.Signals, s)
			}
			body, err := IncidentPayload(EventOpened, i, topic, branch, "http://v.example/", judged, func(veille.Sentence) string { return long }, WithArticles(articles))
			if err != nil {
				t.Fatal(err)
			}
			if len(body) >= MaxPayload {
				t.Errorf("%d bytes", len(body))
			}
			if err := v.validate(body); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnUnknownTypeIsRefused(t *testing.T) {
	t.Parallel()
	_, err := IncidentPayload("incident.exploded", incident(), topic, branch, "", judged, say)
	if !errors.Is(err, veille.ErrInvalid) {
		t.Errorf("IncidentPayload = %v, want ErrInvalid", err)
	}
}
