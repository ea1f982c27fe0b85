package web

import (
	"fmt"

	"veilleur/internal/veille"
)

// An origin is what a post comes from: an idea, a story, both or neither.
type origin struct {
	Idea   veille.Idea
	Story  veille.Story
	Entry  veille.Entry // the article cited
	Source string       // its medium
}

// originOf finds an idea of her branch, or a story it reads; any other is not
// found. With neither it is empty.
func (s *Server) originOf(v *visit, idea veille.IdeaID, story veille.StoryID) (origin, error) {
	switch {
	case idea != "":
		return s.ideaOrigin(v, idea)
	case story != "":
		return s.storyOrigin(v, story)
	}
	return origin{}, nil
}

func (s *Server) ideaOrigin(v *visit, id veille.IdeaID) (origin, error) {
	idea, err := s.ownIdea(v, id)
	if err != nil {
		return origin{}, err
	}
	cited, err := s.cite(v, []veille.Idea{idea})
	if err != nil {
		return origin{}, err
	}
	o := origin{Idea: idea, Entry: cited[0].Entry, Source: cited[0].Source}
	o.Story.ID = idea.StoryID
	return o, nil
}

func (s *Server) storyOrigin(v *visit, id veille.StoryID) (origin, error) {
	o := origin{}
	var err error
	if o.Story, err = s.deps.Calendar.Cites.Story(v.ctx(), id); err != nil {
		return o, err
	}
	entries, err := s.deps.Calendar.Cites.EntriesOfStory(v.ctx(), o.Story.ID)
	if err != nil {
		return o, err
	}
	sources, err := s.sourcesSeen(v)
	if err != nil {
		return o, err
	}
	for _, e := range entries {
		if _, seen := sources[e.SourceID]; seen && (o.Entry.ID == "" || e.ID == o.Story.LeadID) {
			o.Entry = e
		}
	}
	if o.Entry.ID == "" {
		return origin{}, fmt.Errorf("web: story %s: %w", id, veille.ErrNotFound)
	}
	o.Source = mediumOf(o.Entry, sources)
	return o, nil
}

// title is the headline it proposes.
func (o origin) title(v *visit) string {
	if o.Idea.ID != "" {
		return v.Say(o.Idea.Title)
	}
	return o.Entry.Title
}

// text is a beginning in her words to be: what happened, the question, and the
// name of the medium. No link: Facebook shows none to the news in Canada.
func (o origin) text(v *visit) string {
	if o.Idea.ID == "" && o.Entry.ID == "" {
		return ""
	}
	said := o.Entry.Title
	if said == "" || o.Entry.Reading.Lang != "" && o.Entry.Reading.Lang != v.Locale() {
		said = o.title(v)
	}
	if o.Idea.ID != "" {
		said += "\n\n" + v.Say(o.Idea.Question)
	}
	if o.Source != "" {
		said += "\n\n" + v.T("compose.after", "source", o.Source)
	}
	return said
}
