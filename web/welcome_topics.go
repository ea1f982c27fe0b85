package web

import (
	"errors"
	"fmt"
	"net/http"

	"veilleur/internal/veille"
)

// topicsMost is how many topics the first visit takes at once.
const topicsMost = 20

// A topicRow is one proposed topic on the form.
type topicRow struct {
	Topic veille.Topic
	Keep  bool
	Error string
}

// number gives a topic what it needs to be stored twice without becoming two.
func (v *visit) number(t *veille.Topic) {
	if t.ID == "" {
		t.ID = veille.TopicID(veille.NewID(v.Now))
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = v.Now.UTC()
	}
	t.UpdatedAt = v.Now.UTC()
}

// proposed gives the topics proposed to her, and an empty one of her own.
func (s *Server) proposed(v *visit) ([]veille.Topic, error) {
	var topics []veille.Topic
	if err := s.recall(v.ctx(), keyTopics, &topics); err != nil {
		return nil, err
	}
	if n := len(topics); n < topicsMost && (n == 0 || topics[n-1].Name != "" || topics[n-1].Query != "") {
		own := veille.Topic{BranchID: v.Branch.ID, Subject: veille.SubjectTheme}
		v.number(&own)
		topics = append(topics, own)
	}
	return topics, nil
}

func (s *Server) welcomeTopics(v *visit) error {
	topics, err := s.proposed(v)
	if err != nil {
		return err
	}
	var rows []topicRow
	for _, t := range topics {
		rows = append(rows, topicRow{Topic: t, Keep: t.Name != ""})
	}
	return v.showTopics(http.StatusOK, rows)
}

func (v *visit) showTopics(status int, rows []topicRow) error {
	return v.page(status, page{Title: v.T("welcome.topics_title"), Bare: true}, welcomeTopicsPage(v, rows))
}

func (s *Server) welcomeTopicsAct(v *visit) error {
	topics, err := s.proposed(v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	var rows []topicRow
	for i, t := range topics {
		row := v.readTopic(i, t)
		topics[i] = row.Topic
		if err := s.saveRow(v, &row); err != nil {
			return err
		}
		if row.Error != "" {
			status = http.StatusBadRequest
		}
		rows = append(rows, row)
	}
	if err := s.remember(v.ctx(), keyTopics, topics); err != nil {
		return err
	}
	if status != http.StatusOK {
		return v.showTopics(status, rows)
	}
	s.sessions.Remove(v.ctx(), keyTopics)
	return v.goTo("/bienvenue/sources")
}

// readTopic takes row i of the form over what was proposed. A row of her own is
// kept as soon as she wrote in it.
func (v *visit) readTopic(i int, t veille.Topic) topicRow {
	t.Name, t.Query = v.value(fmt.Sprintf("name-%d", i)), v.value(fmt.Sprintf("query-%d", i))
	keep := v.value(fmt.Sprintf("keep-%d", i)) == "yes"
	row := topicRow{Topic: t, Keep: keep}
	switch {
	case keep && t.Name == "":
		row.Error = v.T("welcome.topic_name_needed")
	case keep && t.Query == "":
		row.Error = v.T("welcome.topic_query_needed")
	}
	return row
}

// saveRow stores a kept topic. A query with a mistake is told beside it.
func (s *Server) saveRow(v *visit, row *topicRow) error {
	if !row.Keep || row.Error != "" {
		return nil
	}
	err := s.deps.Setup.SaveTopic(v.ctx(), row.Topic)
	if says := v.problem(err); says != "" && errors.Is(err, veille.ErrInvalid) {
		row.Error = says
		return nil
	}
	return err
}
