package crisis_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/internal/replay"
	"veilleur/internal/veille"
)

// ordinary is what is said of a caisse when nothing happens; N stands for the
// topic's name.
var ordinary = []string{
	"hebdo | Un chèque pour la popote | N a remis 1 500 $ à la popote roulante du village.",
	"forum | | Quelqu’un sait si N est ouverte samedi?",
	"hebdo | Souper spaghetti | Le comité remercie N pour les lots.",
	"forum | | Longue file chez N ce midi, mais le personnel est gentil.",
	"hebdo | La relève à l’honneur | Trois élèves ont reçu une bourse de N devant leurs parents.",
	"forum | | Trouvé des clés près de N. Écrivez-moi.",
	"hebdo | Conférence sur le budget | Une conseillère de N parlera de la prévention de la fraude jeudi.",
	"forum | | Le guichet de N manquait de billets de vingt, réparé depuis.",
	"hebdo | Assemblée annuelle | Les membres de N ont adopté le bilan. Les excédents progressent.",
	"hebdo | Hockey mineur | Les Castors ont gagné dans leurs chandails offerts par N.",
	"forum | | Les frais ont monté d’un dollar chez N. Bof.",
	"hebdo | Nouveau visage | Une directrice arrive à N. Elle connaît déjà le village.",
}

// loadOwn reads a replay of testdata; see testdata/README.
func loadOwn(t *testing.T, path string) (r labelled) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r.ID = strings.TrimSuffix(filepath.Base(path), ".txt")
	names := map[string]string{}
	type quiet struct {
		topic string
		n     int
	}
	var quiets []quiet
	for line := range strings.Lines(string(b)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		f := strings.Split(rest, "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		switch word {
		case "topic":
			tp := replay.Topic{ID: f[0], Name: f[1], Query: f[2]}
			if f[3] == "branch" {
				tp.Branch = &f[1]
			}
			names[f[0]] = f[1]
			r.Topics = append(r.Topics, tp)
		case "source":
			s := replay.Source{ID: f[0], Name: f[1], Group: f[2], Tier: int(f[3][0] - '0')}
			r.Sources = append(r.Sources, s)
		case "truth":
			for kv := range strings.FieldsSeq(rest) {
				k, v, _ := strings.Cut(kv, "=")
				at := clock(t, v)
				switch k {
				case "topic":
					r.Truth.TopicID = v
				case "max":
					r.Truth.MaxAllowed = v
				case "onset":
					r.Truth.Onset = &at
				case "flag":
					r.Truth.FlagBy = &at
				}
			}
			r.Truth.MaxBefore = "watch"
		case "quiet":
			q := quiet{topic: strings.Fields(rest)[0]}
			fmt.Sscan(strings.Fields(rest)[1], &q.n)
			quiets = append(quiets, q)
		case "entry":
			who := strings.Fields(f[0])
			author := ""
			if len(who) > 2 {
				author = who[2]
			}
			r.say(clock(t, who[0]), who[1], author, f[1], f[2])
		}
	}
	first := r.Entries[0].T
	for _, q := range quiets {
		for i := range q.n {
			f := strings.Split(ordinary[(i*7)%len(ordinary)], "|")
			at := first.Add(-time.Duration(float64(i+1) / float64(q.n) * float64(26*7*24*time.Hour))).Truncate(time.Minute)
			r.say(at, strings.TrimSpace(f[0]), fmt.Sprint("@", i), strings.TrimSpace(f[1]), strings.ReplaceAll(strings.TrimSpace(f[2]), "N", names[q.topic])+fmt.Sprintf(" (%d)", i))
		}
	}
	slices.SortStableFunc(r.Entries, func(a, b replay.Entry) int { return a.T.Compare(b.T) })
	return r
}

func clock(t *testing.T, s string) time.Time {
	if len(s) < 16 {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (r *labelled) say(at time.Time, source, author, title, body string) {
	r.Entries = append(r.Entries, replay.Entry{ID: fmt.Sprint(len(r.Entries)), T: at, Source: source, Author: author, Title: title, Text: body})
}

func TestOwnReplays(t *testing.T) {
	t.Parallel()
	paths, _ := filepath.Glob("testdata/*.txt")
	if len(paths) == 0 {
		t.Fatal("no replays")
	}
	for _, p := range paths {
		t.Run(filepath.Base(p), func(t *testing.T) {
			t.Parallel()
			r := loadOwn(t, p)
			st := r.play(t)
			if testing.Verbose() {
				st.log(t, r)
			}
			var y tally
			y.add(r, st)
			if y.Over > 0 || y.FalseFlags > 0 || y.Late > 0 || y.Missed > 0 {
				st.log(t, r)
				t.Errorf("over its limit %d, false %d, late %d, missed %d", y.Over, y.FalseFlags, y.Late, y.Missed)
			}
			for _, c := range st.changes[r.Truth.TopicID] {
				if c.Level.Rank() >= veille.LevelEscalate.Rank() && len(c.Verdict.Signals[0].Evidence) == 0 {
					t.Error("no evidence")
				}
			}
		})
	}
}
