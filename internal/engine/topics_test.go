package engine

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"veilleur/index/query"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

func TestATopicThatCannotBeWatchedIsRefused(t *testing.T) {
	h := build(t)
	for name, c := range map[string]struct{ name, query, says string }{
		"without a name":           {" \n ", "caisse", "topic.name_needed"},
		"without a query":          {"Caisse", "  ", "topic.query_needed"},
		"with only what it is not": {"Caisse", "-caisse SAUF (banque)", "topic.query_needed"},
		"or what it may not be":    {"Caisse", "caisse OR -banque", "topic.query_needed"},
	} {
		_, err := h.watch.Save(t.Context(), veille.Topic{BranchID: river, Name: c.name, Query: c.query})
		if s, _ := veille.SaysOf(err); s.Key != c.says || !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
	_, err := h.watch.Save(t.Context(), veille.Topic{BranchID: river, Name: "Caisse", Query: `caisse (banque`})
	var mistake *query.Error
	if !errors.As(err, &mistake) || mistake.At == 0 || mistake.Mend == "" {
		t.Errorf("a mistake gives %v", err)
	}
	h.same("nothing is kept", len(must(h.Topics(t.Context(), nil))(h)), 0)
	h.same("nor done", len(h.jobs(job.KindBackfill)), 0)
	_, err = h.watch.Save(t.Context(), veille.Topic{BranchID: "none", Name: "Caisse", Query: "caisse"})
	h.is(err, veille.ErrInvalid)
}

func TestASavedTopicFindsTheArchiveInAJob(t *testing.T) {
	h := build(t)
	h.read(corpus()...)
	id := h.topic(river, "", "  Fraudes \n et vols ", `fraude OR vol*`)
	saved := must(h.Topic(t.Context(), id))(h)
	h.same("kept", []any{saved.Name, saved.Subject, saved.Query}, []any{"Fraudes et vols", veille.SubjectTheme, "fraude OR vol*"})
	h.same("nothing yet", len(h.mentioned(id)), 0)
	run := func() {
		keys := h.jobs(job.KindBackfill)
		h.ok(h.watch.Backfill(t.Context(), h.attempt(job.KindBackfill, keys[len(keys)-1])))
	}
	run()
	thefts := []string{"Vol de données à la Caisse de la Rivière", "Des données de 1 200 membres volées à la Caisse de la Rivière",
		"Vol de données : la Caisse de la Rivière confirme"}
	h.same("found", h.mentioned(id), thefts)
	h.same("and marked in the index", len(h.found(river, "", id)), 3)
	byJob := must(h.MentionsOf(t.Context(), id, time.Time{}))(h)

	saved.Query = "patinoire ET parc"
	must(h.watch.Save(t.Context(), saved))(h)
	h.now = h.now.Add(time.Second)
	run()
	h.same("another query, other mentions", h.mentioned(id), []string{"La patinoire du parc des Érables ouvre samedi"})
	h.same("the index forgets the old ones", h.found(river, "", id), h.mentioned(id))

	saved.Query = "fraude OR vol*"
	must(h.watch.Save(t.Context(), saved))(h)
	h.ok(h.SetCursor(t.Context(), "match", 0))
	h.ok(h.SetCursor(t.Context(), "search", 0))
	h.drain()
	h.same("the stage finds what the job finds", must(h.MentionsOf(t.Context(), id, time.Time{}))(h), byJob)

	h.ok(h.watch.Delete(t.Context(), id))
	h.same("deleted, it is gone from the index", len(h.found(river, "", id)), 0)
	h.is(h.watch.Delete(t.Context(), id), veille.ErrNotFound)
	err := h.watch.Backfill(t.Context(), h.attempt(job.KindBackfill, h.jobs(job.KindBackfill)[0]))
	h.is(err, veille.ErrNotFound) // and is not tried again
	h.same("permanently", isPermanent(err), true)
}

// isPermanent tells whether the runner would end a job for good by err: the
// errors of job.Permanent share a type.
func isPermanent(err error) bool {
	return reflect.TypeOf(err) == reflect.TypeOf(job.Permanent(errors.New("any")))
}

// A topic saved while entries are on their way misses none of them, whether
// match saw them before or after, and whether the index has them or not.
func TestATopicSavedWhileEntriesFlowMissesNone(t *testing.T) {
	for name, reached := range map[string]int{"before they are grouped": 0, "before they are matched": 1, "before they are indexed": 2} {
		t.Run(name, func(t *testing.T) {
			h := build(t)
			h.topic(river, veille.SubjectTheme, "Autre", "patinoire")
			must(h.PutEntries(t.Context(), corpus()))(h)
			for _, s := range h.pipe.stages[:reached] {
				must(NewPipeline(quiet(), h, s).Drain(t.Context(), nil))(h)
			}
			id := h.topic(river, veille.SubjectBranch, "Caisse", `"Caisse de la Rivière"`)
			h.ok(h.watch.BackfillNow(t.Context(), id))
			h.drain()
			h.same("mentions", len(h.mentioned(id)), 4)
			h.same("found", len(h.found(river, "", id)), 4)
		})
	}
}

// The job and the stage replace the mentions of one entry, each by the topics
// it knows: one that began before a topic changed must not write after it.
func TestTheJobAndTheStageReplaceMentionsInTurn(t *testing.T) {
	h := build(t)
	turns := &turns{TopicStore: h, Mentions: h, match: h.match}
	h.match.mentions, h.watch.store = turns, turns
	id := h.topic(river, veille.SubjectTheme, "Sujet", "patinoire")
	h.read(corpus()...)
	h.ok(h.watch.BackfillNow(t.Context(), id))
	h.same("both wrote, in turn", [2]int{turns.stage, turns.job}, [2]int{1, 1})
}

// turns counts the writes made while nobody else could write.
type turns struct {
	TopicStore
	Mentions
	match      *Match
	stage, job int
}

func (s *turns) held() int {
	if s.match.mu.TryLock() {
		s.match.mu.Unlock()
		return 0
	}
	return 1
}

func (s *turns) ReplaceEntryMentions(ctx context.Context, ids []veille.EntryID, m []veille.Mention) error {
	s.stage += s.held()
	return s.Mentions.ReplaceEntryMentions(ctx, ids, m)
}

func (s *turns) ReplaceMentions(ctx context.Context, id veille.TopicID, m []veille.Mention) error {
	s.job += s.held()
	return s.TopicStore.ReplaceMentions(ctx, id, m)
}

func TestAJobWhoseArgumentCannotBeReadIsNotTriedAgain(t *testing.T) {
	h := build(t)
	if err := h.watch.Backfill(t.Context(), job.Attempt{Kind: job.KindBackfill, Key: "k", Args: json.RawMessage("[")}); !isPermanent(err) {
		t.Errorf("got %v", err)
	}
}
