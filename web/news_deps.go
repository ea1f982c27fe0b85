package web

import (
	"context"
	"fmt"
	"time"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// NewsDeps are what the pages of the news read and do: Aujourd'hui, Veille, a
// story, an article. All are required.
type NewsDeps struct {
	Mornings morningGatherer
	Memory   pageMemory
	Reach    reachReader
	Archive  citeReader
	Finder   finder
	Mentions mentionReader
	Topics   topicLister
	Watch    topicSaver
	Saved    savedSearches
	Sorter   storySorter
	Changes  storyChangeReader
	Reasons  reasoner
	// Corrections keeps what people say of mentions, Said reads it.
	Corrections mentionCorrector
	Said        correctionReader
	// Flux gives the address of a saved search as a stream: kind "recherche",
	// its id, ext "rss" or "csv".
	Flux func(kind, id, ext string) string
}

// morningGatherer gathers what a branch should see today.
type morningGatherer interface {
	Of(ctx context.Context, branch veille.BranchID, now time.Time) (engine.Morning, error)
}

// pageMemory keeps what a page must remember. Setting gives ErrNotFound for a
// key that was never put.
type pageMemory interface {
	Setting(ctx context.Context, key string) (string, error)
	PutSetting(ctx context.Context, key, value string) error
}

// finder answers searches within what a branch may see; a mistake in the query
// is a *query.Error.
type finder interface {
	Search(ctx context.Context, branch veille.BranchID, r engine.SearchRequest) (engine.Results, error)
}

// mentionReader tells which topics found an entry, and where in it; and what
// topics found and do not count.
type mentionReader interface {
	MentionsOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	HiddenOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	HiddenMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error)
	CountHidden(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
}

// topicLister reads topics.
type topicLister interface {
	Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error)
}

// topicSaver checks and keeps a topic; the archive is read again for it.
type topicSaver interface {
	Save(ctx context.Context, t veille.Topic) (veille.TopicID, error)
}

// savedSearches are the searches a branch keeps.
type savedSearches interface {
	Searches(ctx context.Context, scope []veille.BranchID) ([]veille.SavedSearch, error)
	PutSearch(ctx context.Context, q veille.SavedSearch) error
	DeleteSearch(ctx context.Context, id veille.SearchID) error
}

// A scene is what the news stand in: what her branch sees, by id.
type scene struct {
	Scope   []veille.BranchID
	Sources map[veille.SourceID]veille.Source
	Topics  []veille.Topic // her branch's, then those above
}

// scene reads it.
func (s *Server) scene(v *visit) (scene, error) {
	var sc scene
	var err error
	if sc.Scope, err = s.deps.News.Reach.Scope(v.ctx(), v.Branch.ID); err != nil {
		return sc, fmt.Errorf("web: scope of %s: %w", v.Branch.ID, err)
	}
	list, err := s.deps.News.Reach.Sources(v.ctx(), sc.Scope)
	if err != nil {
		return sc, fmt.Errorf("web: sources: %w", err)
	}
	sc.Sources = make(map[veille.SourceID]veille.Source, len(list))
	for _, src := range list {
		sc.Sources[src.ID] = src
	}
	all, err := s.deps.News.Topics.Topics(v.ctx(), sc.Scope)
	if err != nil {
		return sc, fmt.Errorf("web: topics: %w", err)
	}
	var above []veille.Topic
	for _, t := range all {
		if t.BranchID == v.Branch.ID {
			sc.Topics = append(sc.Topics, t)
		} else {
			above = append(above, t)
		}
	}
	sc.Topics = append(sc.Topics, above...)
	return sc, nil
}

// topic gives a topic her branch sees.
func (sc scene) topic(id veille.TopicID) (veille.Topic, bool) {
	for _, t := range sc.Topics {
		if t.ID == id {
			return t, true
		}
	}
	return veille.Topic{}, false
}

// foundBy tells which topics her branch sees found entries, and where, by entry.
func (s *Server) foundBy(v *visit, sc scene, ids []veille.EntryID) (map[veille.EntryID][]topicMention, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	mentions, err := s.deps.News.Mentions.MentionsOfEntries(v.ctx(), ids)
	if err != nil {
		return nil, fmt.Errorf("web: mentions: %w", err)
	}
	return byEntry(sc, mentions), nil
}

// byEntry puts mentions with their topics, her branch's first.
func byEntry(sc scene, mentions []veille.Mention) map[veille.EntryID][]topicMention {
	out := map[veille.EntryID][]topicMention{}
	for _, t := range sc.Topics {
		for _, m := range mentions {
			if m.TopicID == t.ID {
				out[m.EntryID] = append(out[m.EntryID], topicMention{Topic: t, Mention: m})
			}
		}
	}
	return out
}

// A topicMention is a mention with its topic.
type topicMention struct {
	Topic   veille.Topic
	Mention veille.Mention
}
