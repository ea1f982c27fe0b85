package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"veilleur/index/crisis"
	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// topicKeeper reads topics and how often each was mentioned.
type topicKeeper interface {
	Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error)
	Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error)
	CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
	CountHidden(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
}

// topicWatcher keeps topics and finds their mentions; engine.Watch is one.
type topicWatcher interface {
	Save(ctx context.Context, t veille.Topic) (veille.TopicID, error)
	Delete(ctx context.Context, id veille.TopicID) error
}

// topicFinder searches the archive of a branch; engine.Finder is one.
type topicFinder interface {
	Search(ctx context.Context, branch veille.BranchID, r engine.SearchRequest) (engine.Results, error)
}

func (s *Server) topicRoutes() {
	s.get("/reglages/sujets", s.topicList)
	s.get("/reglages/sujets/nouveau", s.topicNew)
	s.post("/reglages/sujets/nouveau", s.topicAdd)
	s.get("/reglages/sujets/apercu", s.topicTry)
	s.get("/reglages/sujets/:id", s.topicOne)
	s.post("/reglages/sujets/:id", s.topicEdit)
	s.post("/reglages/sujets/:id/retirer", s.topicRemove)
	s.post("/reglages/sujets/:id/lecons/:incident/annuler", s.tuningUndo)
}

// topicDays is how far back a topic is counted and tried, in days.
const topicDays = 30

func topicSince(now time.Time) time.Time { return now.AddDate(0, 0, -topicDays) }

// A topicLine is one topic of the list.
type topicLine struct {
	Topic    veille.Topic
	Explain  []query.Line // none when the query no longer parses
	Mentions int          // in topicDays
	Hidden   int          // in topicDays, not counted
	Owner    string       // the branch above that owns it; "" when it is hers
}

func (s *Server) topicList(v *visit) error {
	scope, err := s.deps.Settings.Scope.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	all, err := s.deps.Settings.Topics.Topics(v.ctx(), scope)
	if err != nil {
		return err
	}
	names, err := s.owners(v, scope)
	if err != nil {
		return err
	}
	var hers, above []topicLine
	for _, t := range all {
		l := topicLine{Topic: t, Owner: names[t.BranchID]}
		if q, err := query.Parse(t.Query); err == nil {
			l.Explain = query.Explain(q)
		}
		if l.Mentions, err = s.deps.Settings.Topics.CountMentions(v.ctx(), t.ID, topicSince(v.Now)); err != nil {
			return err
		}
		if l.Hidden, err = s.deps.Settings.Topics.CountHidden(v.ctx(), t.ID, topicSince(v.Now)); err != nil {
			return err
		}
		if l.Owner == "" {
			hers = append(hers, l)
		} else {
			above = append(above, l)
		}
	}
	return v.page(http.StatusOK, page{Title: v.T("topics.title"), Nav: "settings"}, topicListPage(v, hers, above))
}

// A topicModel is the form of a topic, new when it has no id, and what its
// query finds.
type topicModel struct {
	Topic                 veille.Topic
	NameError, QueryError string
	Trial                 topicTrial
	Rehearsals            []crisis.Rehearsal // what each sensitivity would have raised; none for a theme
	Tunings               []veille.Tuning    // what its false alarms taught
	Lift                  float64            // what they add to its thresholds
	People                names
}

// readTopicForm takes the form over t.
func (v *visit) readTopicForm(t veille.Topic) veille.Topic {
	t.Name, t.Query = v.line("nom"), v.line("requete")
	t.Subject, t.Sensitivity = veille.SubjectTheme, veille.SensitivityNormal
	switch s := veille.Subject(v.value("objet")); s {
	case veille.SubjectBranch, veille.SubjectMovement:
		t.Subject = s
	}
	switch s := veille.Sensitivity(v.value("sensibilite")); s {
	case veille.SensitivityCalm, veille.SensitivityAlert:
		t.Sensitivity = s
	}
	return t
}

// topicFormPath is the form of a topic with what was typed in it.
func topicFormPath(t veille.Topic) string {
	q := url.Values{"nom": {t.Name}, "requete": {t.Query}, "objet": {string(t.Subject)}, "sensibilite": {string(t.Sensitivity)}}
	return topicPath(t) + "?" + q.Encode()
}

func topicPath(t veille.Topic) string {
	if t.ID == "" {
		return "/reglages/sujets/nouveau"
	}
	return "/reglages/sujets/" + url.PathEscape(string(t.ID))
}

// topicNew is the form of a new topic. What was typed may stand in the
// address: the page then shows what it finds, without script.
func (s *Server) topicNew(v *visit) error {
	return s.showTopic(v, http.StatusOK, topicModel{Topic: v.readTopicForm(veille.Topic{BranchID: v.Branch.ID})})
}

func (s *Server) showTopic(v *visit, status int, m topicModel) error {
	var err error
	if m.Trial, err = s.try(v, m.Topic); err != nil {
		return err
	}
	if err = s.readJudgement(v, &m); err != nil {
		return err
	}
	title := m.Topic.Name
	if m.Topic.ID == "" {
		title = v.T("topics.new")
	}
	return v.page(status, page{Title: title, Nav: "settings"}, topicPage(v, m))
}

func (s *Server) topicAdd(v *visit) error {
	return s.saveTopic(v, veille.Topic{BranchID: v.Branch.ID})
}

// saveTopic keeps the form over t, or shows what is wrong with it.
func (s *Server) saveTopic(v *visit, t veille.Topic) error {
	t = v.readTopicForm(t)
	if t.Name == "" {
		return s.showTopic(v, http.StatusBadRequest, topicModel{Topic: t, NameError: v.T("topic.name_needed")})
	}
	_, err := s.deps.Settings.Watch.Save(v.ctx(), t)
	if errors.Is(err, veille.ErrInvalid) && v.problem(err) != "" {
		return s.showTopic(v, http.StatusBadRequest, topicModel{Topic: t, QueryError: v.problem(err)})
	}
	if err != nil {
		return err
	}
	return v.done("/reglages/sujets", veille.Say("topics.saved", "name", t.Name))
}

// topicHers reads a topic she may change.
func (s *Server) topicHers(v *visit) (veille.Topic, error) {
	t, err := s.deps.Settings.Topics.Topic(v.ctx(), veille.TopicID(v.Param("id")))
	if err != nil {
		return t, err
	}
	return t, s.may(v, t.BranchID)
}

func (s *Server) topicOne(v *visit) error {
	t, err := s.topicHers(v)
	if err != nil {
		return err
	}
	if v.QueryParams().Has("requete") {
		t = v.readTopicForm(t)
	}
	return s.showTopic(v, http.StatusOK, topicModel{Topic: t})
}

func (s *Server) topicEdit(v *visit) error {
	t, err := s.topicHers(v)
	if err != nil {
		return err
	}
	return s.saveTopic(v, t)
}

func (s *Server) topicRemove(v *visit) error {
	t, err := s.topicHers(v)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Watch.Delete(v.ctx(), t.ID); err != nil {
		return err
	}
	return v.done("/reglages/sujets", veille.Say("topics.removed", "name", t.Name))
}

// subjectOptions say what a topic is about, and what that changes.
func subjectOptions(v *visit) []option {
	return []option{
		{Value: string(veille.SubjectBranch), Label: v.T("topics.subject_branch")},
		{Value: string(veille.SubjectMovement), Label: v.T("topics.subject_movement")},
		{Value: string(veille.SubjectTheme), Label: v.T("topics.subject_theme")},
	}
}

// sensitivityOptions say from when a topic warns, in three words.
func sensitivityOptions(v *visit) []option {
	return []option{
		{Value: string(veille.SensitivityCalm), Label: v.T("topics.sensitivity_calm")},
		{Value: string(veille.SensitivityNormal), Label: v.T("topics.sensitivity_normal")},
		{Value: string(veille.SensitivityAlert), Label: v.T("topics.sensitivity_alert")},
	}
}

// topicMentions leads to the mentions of a topic.
func topicMentions(t veille.Topic) string {
	return "/veille?" + url.Values{"sujet": {string(t.ID)}}.Encode()
}

// sensitivityOf is the sensitivity of a topic, normal when not said.
func sensitivityOf(t veille.Topic) string {
	if t.Sensitivity == "" {
		return string(veille.SensitivityNormal)
	}
	return string(t.Sensitivity)
}
