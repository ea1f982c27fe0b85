package idea

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veilleur/index/keyphrase"
	"veilleur/index/tone"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// TestDevelopmentStories replays stories written for the project and checks
// that none of the grim ones suggests anything. With -v it lists the ideas.
func TestDevelopmentStories(t *testing.T) {
	t.Parallel()
	stories, end := sharedStories(t)
	words := []string{" mort", "décès", "tué", "braqu", "accus", "arrêt", "incendie", "fermet", "panne", " dead", "killed", "charged", "arrest", "blaze", "closure", "strike", "grève", "fusion", "buts"}
	ideas := Rank(Input{Branch: branch, Topics: topics, Stories: stories}, end)
	byID := map[veille.StoryID]Story{}
	for _, s := range stories {
		byID[s.Story.ID] = s
	}
	p := i18n.For("fr")
	for _, i := range ideas {
		s := byID[i.StoryID]
		t.Logf("%5.1f %-9s %s\n        %s\n        %s", i.Rank, i.Angle, s.Story.Title, p.Say(i.Title), p.Say(i.Question))
		title := " " + strings.ToLower(s.Story.Title)
		for _, w := range words {
			if strings.Contains(title, w) {
				t.Errorf("an idea is made of %q", s.Story.Title)
			}
		}
	}
	if len(ideas) < 10 {
		t.Errorf("only %d ideas of %d stories", len(ideas), len(stories))
	}
}

// sharedStories reads the development stories beside the repository, by gold
// story, the last month of them. The test is skipped where they are not.
func sharedStories(t *testing.T) ([]Story, time.Time) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		dir = filepath.Dir(dir)
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", "gold-qc", "stories-dev.jsonl"))
	if err != nil {
		t.Skip("skipped: no development stories beside the repository")
	}
	defer f.Close()
	byStory, order := map[string]*Story{}, []string{}
	var end time.Time
	for r := bufio.NewScanner(f); r.Scan(); {
		var e struct {
			ID, Source, Lang, Title, Text, Story string
			Published                            time.Time
		}
		if err := json.Unmarshal(r.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		s := byStory[e.Story]
		if s == nil {
			topic := veille.TopicID("theme")
			if strings.Contains(e.Title+e.Text, "Desrivières") || strings.Contains(strings.ToLower(e.Title+e.Text), "caisse") {
				topic = "movement"
			}
			s = &Story{Story: veille.Story{ID: veille.StoryID(e.Story), Title: e.Title, Lang: e.Lang, First: e.Published},
				Lead: veille.Entry{ID: veille.EntryID(e.ID), Title: e.Title, Text: e.Text}, Source: e.Source, Topics: []veille.TopicID{topic}}
			byStory[e.Story] = s
			order = append(order, e.Story)
		}
		s.Story.Entries++
		s.Story.Independent++
		s.Story.Last = e.Published
		if e.Published.After(end) {
			end = e.Published
		}
	}
	var out []Story
	for _, id := range order {
		s := *byStory[id]
		s.Story.Tone, _ = tone.Score(s.Story.Lang, s.Lead.Title, s.Lead.Text)
		s.Keyphrases = keyphrase.Extract(s.Story.Lang, s.Lead.Title, s.Lead.Text, 5)
		s.Story.Last = end.Add(-time.Hour) // as if each were of today
		out = append(out, s)
	}
	return out, end
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
