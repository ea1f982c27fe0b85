package engine

import (
	"fmt"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// council is a house with ideas from stories about savings and co-operation.
type council struct {
	*house
	ideas *Ideas
	topic veille.TopicID
}

func convene(t *testing.T) *council {
	t.Helper()
	c := &council{house: build(t)}
	c.ideas = NewIdeas(quiet(), c, c, c, c, c)
	c.topic = c.topicOf()
	c.read(
		news("hebdo", "jardin", 300, "Un jardin communautaire ouvre au parc des Érables", "Des bénévoles et la coopérative du quartier ouvrent un jardin communautaire au parc des Érables. L’entraide y sera reine et les légumes iront à la popote roulante."),
		news("radio", "jardin", 200, "Jardin communautaire : les bénévoles du parc des Érables plantent déjà", "Le jardin communautaire du parc des Érables a reçu ses premiers plants. Les bénévoles de la coopérative du quartier invitent les familles samedi."),
		news("quotidien", "epargne", 100, "Cinq trucs pour épargner avant les Fêtes", "Une coopérative d’économie familiale donne cinq trucs simples pour épargner avant les Fêtes : dresser une liste, comparer les prix, acheter usagé, offrir du temps et cuisiner ensemble."),
	)
	c.suggest()
	return c
}

func (c *council) topicOf() veille.TopicID {
	return c.house.topic(river, veille.SubjectTheme, "Coopération", "coopérative OR entraide")
}

func (c *council) suggest() {
	c.Helper()
	c.ok(c.ideas.SuggestAll(c.Context(), c.now))
}

func (c *council) in(states ...veille.IdeaState) []veille.Idea {
	c.Helper()
	return must(c.Ideas(c.Context(), river, states...))(c.house)
}

func (c *council) about(src veille.SourceID, guid string) (found veille.Idea, ok bool) {
	c.Helper()
	for _, i := range c.in() {
		if i.StoryID == entry(c.house, src, guid).Reading.StoryID {
			found, ok = i, true
		}
	}
	return found, ok
}

func TestIdeasComeFromStoriesAndCiteThem(t *testing.T) {
	c := convene(t)
	i, ok := c.about("hebdo", "jardin")
	if !ok || i.Rank <= 0 || len(i.Reasons) == 0 || i.Question.Key == "" || !i.ExpiresAt.After(c.now) || i.TopicID != c.topic {
		t.Fatalf("the garden suggests %+v", i)
	}
	c.same("cites one of its articles", entry(c.house, "hebdo", "jardin").Reading.StoryID,
		must(c.EntriesByID(t.Context(), []veille.EntryID{i.EntryID}))(c.house)[0].Reading.StoryID)
	before := c.in(veille.IdeaNew)
	c.suggest()
	c.same("suggesting again changes nothing", c.in(veille.IdeaNew), before)
	c.same("a branch without topics has none", len(must(c.Ideas(t.Context(), hill))(c.house)), 0)
}

func TestFreeSlotsOfTheWeekWeigh(t *testing.T) {
	c := convene(t)
	i, _ := c.about("hebdo", "jardin")
	c.ok(c.PutChannel(t.Context(), veille.Channel{ID: "page", BranchID: river, Network: veille.NetworkManual, CreatedAt: c.now,
		Slots: []veille.Slot{{Weekday: 3, Hour: 12, Zone: "America/Toronto"}, {Weekday: 5, Hour: 12, Zone: "America/Toronto"}}}))
	c.suggest()
	with, _ := c.about("hebdo", "jardin")
	if with.Rank <= i.Rank {
		t.Errorf("with free slots %v, without %v", with.Rank, i.Rank)
	}
	said := false
	for _, r := range with.Reasons {
		said = said || r.Says.Key == "idea.reason.free" && fmt.Sprint(r.Says.Args["n"]) == "2"
	}
	c.same("and that is said", said, true)
}

func TestARefusedStoryNeverReturns(t *testing.T) {
	c := convene(t)
	i, _ := c.about("hebdo", "jardin")
	c.ok(c.ideas.Refuse(t.Context(), i.ID, " pas pour nous "))
	c.is(c.ideas.Refuse(t.Context(), "none", ""), veille.ErrNotFound)
	c.suggest()
	got, _ := c.about("hebdo", "jardin")
	c.same("stays refused", []any{got.State, got.Refusal}, []any{veille.IdeaRefused, "pas pour nous"})
	for _, other := range c.in(veille.IdeaNew) {
		if other.StoryID == i.StoryID {
			t.Errorf("it came back as %s", other.Angle)
		}
	}

	edited := entry(c.house, "hebdo", "jardin") // the story takes another name at the next rebuild
	edited.Text += " On y attend aussi les écoles."
	c.read(edited)
	c.open()
	c.ok(Rebuild(t.Context(), c, c, c.pipe, c.group, nil))
	if entry(c.house, "hebdo", "jardin").Reading.StoryID == i.StoryID {
		t.Fatal("the story kept its name: nothing is proved")
	}
	c.suggest()
	if again, ok := c.about("hebdo", "jardin"); ok {
		t.Errorf("under its new name it suggests %+v", again)
	}
}

func TestIdeasWhoseTimeHasPassedExpire(t *testing.T) {
	c := convene(t)
	i, _ := c.about("hebdo", "jardin")
	used, _ := c.about("quotidien", "epargne")
	c.ok(c.ideas.Use(t.Context(), used.ID))
	c.now = i.ExpiresAt.Add(time.Minute)
	c.suggest()
	c.same("expired", must(c.Idea(t.Context(), i.ID))(c.house).State, veille.IdeaExpired)
	c.same("what was used stays used", must(c.Idea(t.Context(), used.ID))(c.house).State, veille.IdeaUsed)
}

func TestAStoryThatBecomesAnIncidentSuggestsNothing(t *testing.T) {
	c := convene(t)
	i, _ := c.about("hebdo", "jardin")
	incident := veille.Incident{ID: "i", BranchID: river, TopicID: c.topic, StoryID: i.StoryID, Title: "Un jardin",
		State: veille.IncidentOpen, Level: veille.LevelWatch, OpenedAt: c.now}
	c.ok(c.PutIncident(t.Context(), incident, nil, nil))
	c.suggest()
	c.same("never about a live incident", must(c.Idea(t.Context(), i.ID))(c.house).State, veille.IdeaExpired)
	_, ok := c.about("quotidien", "epargne")
	c.same("the others stay", ok, true)

	incident.State, incident.ClosedAt = veille.IncidentFalseAlarm, c.now
	c.ok(c.PutIncident(t.Context(), incident, nil, nil))
	c.suggest()
	c.same("after a false alarm it comes back", must(c.Idea(t.Context(), i.ID))(c.house).State, veille.IdeaNew)
}
