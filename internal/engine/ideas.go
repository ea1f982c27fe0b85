package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"veilleur/index/idea"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// fresh is how recent a story must be to suggest something.
const fresh = 7 * 24 * time.Hour

// IdeaStore is the memory of ideas.
type IdeaStore interface {
	PutIdeas(ctx context.Context, ideas []veille.Idea) error
	Ideas(ctx context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error)
	Idea(ctx context.Context, id veille.IdeaID) (veille.Idea, error)
	SetIdeaState(ctx context.Context, id veille.IdeaID, s veille.IdeaState, refusal string) error
}

// NewsStore reads the stories ideas are made from.
type NewsStore interface {
	StoriesOf(ctx context.Context, f veille.StoryFilter) ([]veille.Story, error)
	Stories(ctx context.Context, ids []veille.StoryID) ([]veille.Story, error)
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
	MentionsOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
	Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error)
	Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error)
}

// Ideas suggests posts from the stories of each branch's topics.
type Ideas struct {
	lg       *slog.Logger
	ideas    IdeaStore
	news     NewsStore
	topics   Topics
	sources  SourceReader
	branches BranchLister
	now      func() time.Time
}

// BranchLister lists branches.
type BranchLister interface {
	Branches(ctx context.Context) ([]veille.Branch, error)
}

// NewIdeas makes Ideas.
func NewIdeas(lg *slog.Logger, ideas IdeaStore, news NewsStore, topics Topics, sources SourceReader, branches BranchLister) *Ideas {
	return &Ideas{lg: lg, ideas: ideas, news: news, topics: topics, sources: sources, branches: branches, now: time.Now}
}

// Run suggests again every ten minutes until ctx ends, and soon after start so
// that a first visit finds ideas.
func (is *Ideas) Run(ctx context.Context) error {
	wait := 5 * time.Second
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		if err := is.SuggestAll(ctx, is.now()); err != nil && ctx.Err() == nil {
			is.lg.Warn("ideas will be tried again", "err", err)
		}
		wait = min(wait*2, 10*time.Minute)
	}
}

// SuggestAll ranks ideas for every branch.
func (is *Ideas) SuggestAll(ctx context.Context, now time.Time) error {
	branches, err := is.branches.Branches(ctx)
	if err != nil {
		return fmt.Errorf("engine: branches: %w", err)
	}
	var errs []error
	for _, b := range branches {
		if err := is.Suggest(ctx, b, now); err != nil {
			errs = append(errs, fmt.Errorf("engine: ideas of branch %s: %w", b.ID, err))
		}
	}
	return errors.Join(errs...)
}

// Suggest ranks the ideas of one branch and keeps them; those whose time has
// passed expire, and one whose story may be spoken of again comes back.
func (is *Ideas) Suggest(ctx context.Context, b veille.Branch, now time.Time) error {
	in, err := is.input(ctx, b, now)
	if err != nil {
		return err
	}
	ranked := idea.Rank(in, now)
	if err := is.ideas.PutIdeas(ctx, ranked); err != nil {
		return fmt.Errorf("put %d ideas: %w", len(ranked), err)
	}
	if err := is.revive(ctx, ranked); err != nil {
		return err
	}
	return is.expire(ctx, b.ID, ranked, now)
}

// revive takes back the ideas that had expired, say because of an incident
// that was a false alarm, and are ranked again.
func (is *Ideas) revive(ctx context.Context, ranked []veille.Idea) error {
	for _, r := range ranked {
		i, err := is.ideas.Idea(ctx, r.ID)
		if err == nil && i.State == veille.IdeaExpired {
			err = is.ideas.SetIdeaState(ctx, i.ID, veille.IdeaNew, "")
		}
		if err != nil {
			return fmt.Errorf("revive idea %s: %w", r.ID, err)
		}
	}
	return nil
}

// expire retires the new ideas whose time has passed, or whose story may no
// longer be spoken of: it was ranked before and is not now.
func (is *Ideas) expire(ctx context.Context, b veille.BranchID, ranked []veille.Idea, now time.Time) error {
	still := make(map[veille.IdeaID]bool, len(ranked))
	for _, i := range ranked {
		still[i.ID] = true
	}
	kept, err := is.ideas.Ideas(ctx, b, veille.IdeaNew)
	if err != nil {
		return fmt.Errorf("new ideas: %w", err)
	}
	for _, i := range kept {
		if still[i.ID] && now.Before(i.ExpiresAt) {
			continue
		}
		if err := is.ideas.SetIdeaState(ctx, i.ID, veille.IdeaExpired, ""); err != nil {
			return fmt.Errorf("expire idea %s: %w", i.ID, err)
		}
	}
	return nil
}

func (is *Ideas) input(ctx context.Context, b veille.Branch, now time.Time) (idea.Input, error) {
	in := idea.Input{Branch: b, Refused: map[veille.IdeaID]bool{}, Used: map[veille.IdeaID]bool{}, Liked: map[veille.Angle]int{}, Disliked: map[veille.Angle]int{},
		Told: map[veille.IdeaID]veille.Idea{}}
	scope, err := is.topics.Scope(ctx, b.ID)
	if err != nil {
		return in, fmt.Errorf("scope: %w", err)
	}
	all, err := is.topics.Topics(ctx, []veille.BranchID{b.ID})
	if err != nil {
		return in, fmt.Errorf("topics: %w", err)
	}
	in.Topics = all
	if in.Stories, err = is.stories(ctx, b, scope, all, now); err != nil {
		return in, err
	}
	if in.Incidents, err = is.news.Incidents(ctx, veille.IncidentFilter{Scope: scope, Live: true}); err != nil {
		return in, fmt.Errorf("incidents: %w", err)
	}
	if err := is.calendar(ctx, &in, now); err != nil {
		return in, err
	}
	return in, is.decided(ctx, &in, now)
}

// decided tells what the branch was told lately, which ideas were refused or
// used, and the stories of the refused ones, by the names they go by now too.
func (is *Ideas) decided(ctx context.Context, in *idea.Input, now time.Time) error {
	all, err := is.ideas.Ideas(ctx, in.Branch.ID)
	if err != nil {
		return fmt.Errorf("ideas told: %w", err)
	}
	for _, i := range all {
		if now.Sub(i.CreatedAt) < idea.Memory {
			in.Told[i.ID] = i
		}
		switch i.State {
		case veille.IdeaRefused:
			in.Refused[i.ID] = true
			if i.StoryID != "" {
				in.RefusedStories = append(in.RefusedStories, i.StoryID)
			}
			in.Disliked[i.Angle]++
		case veille.IdeaUsed:
			in.Used[i.ID] = true
			in.Liked[i.Angle]++
		}
	}
	stories, err := is.news.Stories(ctx, in.RefusedStories)
	if err != nil {
		return fmt.Errorf("stories of refused ideas: %w", err)
	}
	for _, s := range stories {
		in.RefusedStories = append(in.RefusedStories, s.ID)
	}
	return nil
}

// calendar tells what the branch has posted, and the slots free this week.
func (is *Ideas) calendar(ctx context.Context, in *idea.Input, now time.Time) error {
	posts, err := is.news.Posts(ctx, veille.PostFilter{Branch: in.Branch.ID})
	if err != nil {
		return fmt.Errorf("posts: %w", err)
	}
	begin, end := Week(now, zoneOf(in.Branch))
	for _, p := range posts {
		in.Posted = append(in.Posted, p.Title+"\n"+p.Text)
		if !p.At.Before(begin) && p.At.Before(end) {
			in.Planned = append(in.Planned, p.Title+"\n"+p.Text)
		}
	}
	channels, err := is.news.Channels(ctx, in.Branch.ID)
	if err != nil {
		return fmt.Errorf("channels: %w", err)
	}
	for _, c := range channels {
		free := publish.FreeSlots(c, posts, now, end)
		in.Free += len(free)
		if len(free) > 0 && (in.NextFree.IsZero() || free[0].Before(in.NextFree)) {
			in.NextFree = free[0]
		}
	}
	return nil
}

// stories gives the fresh stories of the topics with what ideas cite.
func (is *Ideas) stories(ctx context.Context, b veille.Branch, scope []veille.BranchID, topics []veille.Topic, now time.Time) ([]idea.Story, error) {
	ids := make([]veille.TopicID, len(topics))
	for i, t := range topics {
		ids[i] = t.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := is.news.StoriesOf(ctx, veille.StoryFilter{Scope: scope, Topics: ids, Since: now.Add(-fresh), Limit: 200})
	if err != nil {
		return nil, fmt.Errorf("stories: %w", err)
	}
	sources, err := sourcesIn(ctx, is.sources, scope)
	if err != nil {
		return nil, err
	}
	out := make([]idea.Story, 0, len(found))
	for _, s := range found {
		st, ok, err := is.story(ctx, b.Locale, s, sources)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, st)
		}
	}
	return out, nil
}

// story gives a story as the branch sees it; false when it sees nothing of it.
func (is *Ideas) story(ctx context.Context, locale string, s veille.Story, sources map[veille.SourceID]veille.Source) (idea.Story, bool, error) {
	entries, err := is.news.EntriesOfStory(ctx, s.ID)
	if err != nil {
		return idea.Story{}, false, fmt.Errorf("entries of story %s: %w", s.ID, err)
	}
	s, entries = seenFrom(s, entries, sources)
	if len(entries) == 0 {
		return idea.Story{}, false, nil
	}
	ids := make([]veille.EntryID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	s, lead := toldIn(locale, s, entries, sources)
	mentions, err := is.news.MentionsOfEntries(ctx, ids)
	if err != nil {
		return idea.Story{}, false, fmt.Errorf("mentions of story %s: %w", s.ID, err)
	}
	out := idea.Story{Story: s, Lead: lead, Source: sources[lead.SourceID].Name()}
	for _, e := range entries {
		out.Titles = append(out.Titles, e.Title)
	}
	for _, m := range mentions {
		if !slices.Contains(out.Topics, m.TopicID) {
			out.Topics = append(out.Topics, m.TopicID)
		}
	}
	return out, true, nil
}

// Refuse remembers that an idea, and its story, are not for this branch.
func (is *Ideas) Refuse(ctx context.Context, id veille.IdeaID, why string) error {
	if err := is.ideas.SetIdeaState(ctx, id, veille.IdeaRefused, strings.TrimSpace(why)); err != nil {
		return fmt.Errorf("engine: refuse idea: %w", err)
	}
	return nil
}

// Use marks that a post was drafted from an idea.
func (is *Ideas) Use(ctx context.Context, id veille.IdeaID) error {
	if err := is.ideas.SetIdeaState(ctx, id, veille.IdeaUsed, ""); err != nil {
		return fmt.Errorf("engine: use idea: %w", err)
	}
	return nil
}
