package demo

import (
	"fmt"
	"time"

	"veilleur/internal/veille"
)

// The branches of the demo.
const (
	MovementID veille.BranchID = "demo-mouvement"
	MainID     veille.BranchID = "demo-riviere" // the caisse the visitor works for
)

// The people of the demo. Neither has a password: they sign in by link.
const (
	ManagerID veille.UserID = "demo-maelle" // gestionnaire of the main branch
	CentralID veille.UserID = "demo-odile"  // of the movement's central team
)

// BranchTopicID is the topic on the main branch's own name, where the crisis
// shows.
const BranchTopicID veille.TopicID = "demo-topic-riviere"

// A Movement is what is set up when the demo starts, in an order it can be
// stored in: parents before children.
type Movement struct {
	Branches []veille.Branch
	Users    []veille.User
	Sources  []veille.Source
	Topics   []veille.Topic
	Channels []veille.Channel
	Posts    []veille.Post
	Goals    []veille.Goal
}

// Seed gives the movement as it stands at the start of a demo whose web is at
// base, an address without a slash at its end. The same arguments give the
// same movement, ids included.
//
// What the movement follows is seen by its branches too, so national and
// regional media are its own and the caisse adds the local ones.
func Seed(start time.Time, base string) (Movement, error) {
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		return Movement{}, fmt.Errorf("demo: %w", err)
	}
	ms, err := readMedia()
	if err != nil {
		return Movement{}, err
	}
	local := start.In(loc)
	posts, err := seedPosts(local)
	if err != nil {
		return Movement{}, err
	}
	began := start.UTC().Truncate(time.Second).AddDate(0, 0, -49)
	return Movement{
		Branches: seedBranches(began),
		Users:    seedUsers(began),
		Sources:  seedSources(ms, base, began),
		Topics:   seedTopics(began),
		Channels: seedChannels(began),
		Posts:    posts,
		Goals:    []veille.Goal{seedGoal(local)},
	}, nil
}

func seedBranches(at time.Time) []veille.Branch {
	caisse := func(id veille.BranchID, name, address string) veille.Branch {
		return veille.Branch{
			ID: id, ParentID: MovementID, Name: name, Locale: "fr", Zone: Zone, Address: address, CreatedAt: at,
		}
	}
	movement := caisse(MovementID, "Mouvement Desrivières", "1, rue du Quai, Port-Lanthier (Québec)")
	movement.ParentID = ""
	return []veille.Branch{
		movement,
		caisse(MainID, "Caisse de la Rivière", "12, rue du Pont, Pont-Aubry (Québec)"),
		caisse("demo-clochers", "Caisse des Trois-Clochers", "4, rue du Marché, Mont-Vireux (Québec)"),
		caisse("demo-lac", "Caisse du Lac-Tournevent", "30, chemin du Quai, Lac-Tournevent (Québec)"),
	}
}

func seedUsers(at time.Time) []veille.User {
	morning := veille.DigestSettings{On: true, Hour: 6, Minute: 30, Zone: Zone, Days: []int{1, 2, 3, 4, 5}}
	return []veille.User{
		{
			ID: ManagerID, BranchID: MainID, Name: "Maëlle Desruisselets", Email: "maelle@riviere.example",
			Locale: "fr", Role: veille.RoleManager, Digest: morning, CreatedAt: at,
		},
		{
			ID: CentralID, BranchID: MovementID, Name: "Odile Valcendré", Email: "odile@desrivieres.example",
			Locale: "fr", Role: veille.RoleCentral, Digest: morning, CreatedAt: at,
		},
	}
}

// seedSources follows each medium that has an owner, and the alert. All are
// due at once, and read every minute so that a visitor sees news come in.
func seedSources(ms []Medium, base string, at time.Time) []veille.Source {
	owners := map[string]veille.BranchID{"movement": MovementID, "branch": MainID}
	var out []veille.Source
	for _, m := range ms {
		branch, ok := owners[m.Owner]
		if !ok {
			continue
		}
		out = append(out, veille.Source{
			ID: veille.SourceID("demo-source-" + m.Key), BranchID: branch, Kind: veille.SourceFeed,
			URL: base + m.FeedPath(), Site: base + m.FrontPath(), Title: m.Name, Publisher: m.Name, Group: m.Group,
			Tier: veille.Tier(m.Tier), ReadPages: m.Body == "summary", Every: 1,
			State: veille.SourceActive, CreatedAt: at,
		})
	}
	return append(out, veille.Source{
		ID: "demo-source-alert", BranchID: MainID, Kind: veille.SourceAlert, URL: base + AlertPath,
		Title: "Alerte Google – " + alertWords, Tier: 4, Every: 1, State: veille.SourceActive, CreatedAt: at,
	})
}

// seedGoal asks for 200 followers by the end of the year, or in six weeks
// when the year ends sooner.
func seedGoal(local time.Time) veille.Goal {
	due := time.Date(local.Year(), time.December, 31, 23, 59, 0, 0, local.Location())
	if due.Before(local.AddDate(0, 0, 42)) {
		y, m, d := local.AddDate(0, 0, 42).Date()
		due = time.Date(y, m, d, 23, 59, 0, 0, local.Location())
	}
	g := veille.Goal{
		ID: "demo-goal", BranchID: MainID, Name: "200 abonnés le " + day(due), Unit: "abonnés",
		Start: 160, Target: 200, DueAt: due.UTC(),
	}
	y, m, d := local.Date()
	for week, value := range []float64{160, 163, 165, 169, 172, 175} {
		at := time.Date(y, m, d-36+7*week, 9, 0, 0, 0, local.Location()).UTC()
		g.Measures = append(g.Measures, veille.Measure{At: at, Value: value})
	}
	g.StartAt, g.CreatedAt = g.Measures[0].At, g.Measures[0].At
	return g
}

// day is a date as French writes it.
func day(t time.Time) string {
	months := []string{
		"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre",
	}
	number := fmt.Sprint(t.Day())
	if number == "1" {
		number = "1er"
	}
	return number + " " + months[t.Month()-1]
}
