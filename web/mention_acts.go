package web

import (
	"context"
	"net/url"

	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// mentionCorrector keeps what people say of mentions; engine.Corrections is
// one.
type mentionCorrector interface {
	Correct(ctx context.Context, c veille.Correction) error
	TakeBack(ctx context.Context, topic veille.TopicID, entry veille.EntryID, kind veille.CorrectionKind) error
	Learned(ctx context.Context, topic veille.TopicID) ([]relevance.Lesson, error)
	Losses(ctx context.Context, topic veille.TopicID, leaves []query.Query) ([]engine.Loss, error)
}

// correctionReader reads what people said.
type correctionReader interface {
	Corrections(ctx context.Context, topics []veille.TopicID) ([]veille.Correction, error)
}

// A lesson is one word a topic learned.
type lesson = relevance.Lesson

func (s *Server) lessons(v *visit, t veille.TopicID) ([]lesson, error) {
	return s.deps.News.Corrections.Learned(v.ctx(), t)
}

// A mentionDone is where an act on a mention leads back to.
type mentionDone struct {
	Entry veille.EntryID
	Topic veille.TopicID
	Back  string // article, pas-nous or cachees
}

// correctMention keeps or takes back what she says of a mention: avis=pas-nous
// or nous, ton=negative, neutral or positive, annuler=avis or ton.
func (s *Server) correctMention(v *visit) error {
	sc, err := s.scene(v)
	if err != nil {
		return err
	}
	t, err := ownTopic(v, sc)
	if err != nil {
		return err
	}
	d := mentionDone{veille.EntryID(v.value("article")), t.ID, v.value("retour")}
	c := veille.Correction{TopicID: t.ID, EntryID: d.Entry, By: v.User.ID}
	says := ""
	switch avis, ton, undo := v.value("avis"), v.value("ton"), v.value("annuler"); {
	case undo == "avis":
		err, says = s.deps.News.Corrections.TakeBack(v.ctx(), t.ID, d.Entry, veille.CorrectAbout), "mention.undone"
	case undo == "ton":
		err, says = s.deps.News.Corrections.TakeBack(v.ctx(), t.ID, d.Entry, veille.CorrectTone), "mention.undone"
	case avis == "pas-nous":
		c.Kind, c.Value, says = veille.CorrectAbout, veille.AboutNotUs, "mention.done_not_us"
		d.Back = "pas-nous"
	case avis == "nous":
		c.Kind, c.Value, says = veille.CorrectAbout, veille.AboutUs, "mention.done_us"
	default:
		c.Kind, c.Value, says = veille.CorrectTone, ton, "mention.done_tone"
	}
	if c.Kind != "" && err == nil {
		err = s.deps.News.Corrections.Correct(v.ctx(), c)
	}
	if err != nil {
		return err
	}
	return v.done(d.path(), veille.Say(says, "topic", t.Name))
}

func (d mentionDone) path() string {
	switch d.Back {
	case "pas-nous":
		return notUsPath(d.Entry, d.Topic)
	case "cachees":
		return hiddenPath(d.Topic)
	}
	return articlePath(d.Entry) + "#sujet-" + url.PathEscape(string(d.Topic))
}

// saidOf gives what was said of one entry, by topic and kind.
func (s *Server) saidOf(v *visit, e veille.EntryID, found []topicMention) (map[veille.TopicID]map[veille.CorrectionKind]bool, error) {
	ids := []veille.TopicID{}
	for _, f := range found {
		if f.Topic.BranchID == v.Branch.ID {
			ids = append(ids, f.Topic.ID)
		}
	}
	all, err := s.deps.News.Said.Corrections(v.ctx(), ids)
	if err != nil {
		return nil, err
	}
	out := map[veille.TopicID]map[veille.CorrectionKind]bool{}
	for _, c := range all {
		if c.EntryID != e {
			continue
		}
		if out[c.TopicID] == nil {
			out[c.TopicID] = map[veille.CorrectionKind]bool{}
		}
		out[c.TopicID][c.Kind] = true
	}
	return out, nil
}

// tonesAll are the tones a person may give, the worst first.
func tonesAll() []string { return []string{"negative", "neutral", "positive"} }

func (s *Server) mentionRoutes() {
	s.get("/veille/cachees", s.hiddenMentions)
	s.get("/veille/pas-nous", s.notUsForm)
	s.post("/veille/pas-nous", s.notUs)
	s.post("/veille/mention", s.correctMention)
}

// correctionWord says what a person said, in a word.
func correctionWord(v *visit, c veille.Correction) string {
	if c.Kind == veille.CorrectTone {
		return v.T("mention.said_tone", "tone", v.T("web.tone_"+c.Value))
	}
	if c.Value == veille.AboutUs {
		return v.T("mention.standing_kept")
	}
	return v.T("mention.standing_refused")
}

// undoKind is the name of a kind in the address of its undoing.
func undoKind(c veille.Correction) string {
	if c.Kind == veille.CorrectTone {
		return "ton"
	}
	return "avis"
}
