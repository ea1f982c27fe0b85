package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/engine"
	"veilleur/internal/i18n"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// An item is one entry of the file.
type item struct {
	ID        string    `json:"id"`
	Published time.Time `json:"published"`
	Source    string    `json:"source"`
	Group     string    `json:"publisher_group"`
	Tier      int       `json:"tier"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
}

func read(file string) (out []item, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var i item
		if err := json.Unmarshal(lines.Bytes(), &i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	slices.SortStableFunc(out, func(a, b item) int { return a.Published.Compare(b.Published) })
	return out, lines.Err()
}

// The movement, and the zone of its branches.
const (
	movement = veille.BranchID("mouvement")
	zone     = "America/Toronto"
)

// branches are those whose ideas are written: one in French, one in English.
func branches() []veille.Branch {
	return []veille.Branch{
		{ID: "bois-clairin", ParentID: movement, Name: "Caisse de Bois-Clairin", Locale: "fr"},
		{ID: "lakeland", ParentID: movement, Name: "Lakeland Caisse", Locale: "en"},
	}
}

// topics are what a small caisse would watch.
func topics(b veille.Branch) []veille.Topic {
	branch := b.ID
	all := []veille.Topic{
		{ID: "nous", BranchID: branch, Name: b.Name, Subject: veille.SubjectBranch, Query: `"` + b.Name + `"`},
		{ID: "mouvement", BranchID: branch, Name: "Mouvement Desrivières", Subject: veille.SubjectMovement, Query: `Desrivières OR caisse OR caisses`},
		{ID: "argent", BranchID: branch, Name: "L’argent de tous les jours", Subject: veille.SubjectTheme,
			Query: `"taux directeur" OR "policy rate" OR "key rate" OR hypothécaire* OR mortgage* OR hypothèque* OR épargne* OR budget OR "envelope method" OR impôt* OR loyer* OR fraude* OR fraud OR hameçonnage OR phishing OR textos OR texts`},
		{ID: "coop", BranchID: branch, Name: "Coopération et entraide", Subject: veille.SubjectTheme,
			Query: `coopérati* OR coop OR coops OR "co-op" OR co-operative* OR bénévole* OR volunteer* OR collecte OR paniers OR denrées OR conserves OR food`},
		{ID: "region", BranchID: branch, Name: "La vie de la région", Subject: veille.SubjectTheme,
			Query: `"Bois-Clairin" OR "Trois-Monts" OR "Grand-Val" OR "Port-Vaillant" OR "Mont-Lavoie" OR "Saint-Aubert" OR "Sainte-Élodie" OR "Beauvallon" OR "Val-Grise" OR "Lac-Mirand" OR "Pont-Rouvray" OR récolte* OR harvest* OR pommes OR érable OR sirop OR dictée OR chorale OR choir OR festival OR sentiers OR school OR école* OR tier:3 OR tier:4`},
	}
	for i := range all {
		all[i].ID += "-" + veille.TopicID(b.ID)
	}
	return all
}

// A house is the inward path over a store of its own.
type house struct {
	store *store.Store
	pipe  *engine.Pipeline
	judge *engine.Judge
	ideas *engine.Ideas
	known map[string]bool // sources
}

func open(ctx context.Context, dir string) (*house, error) {
	lg := slog.New(slog.DiscardHandler)
	st, err := store.Open(ctx, lg, "sqlite:"+filepath.Join(dir, "sample.db"), auth.NewSealer([32]byte{1}))
	if err != nil {
		return nil, err
	}
	h := &house{store: st, known: map[string]bool{}}
	start := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	err = st.PutBranch(ctx, veille.Branch{ID: movement, Name: "Mouvement Desrivières", Locale: "fr", Zone: zone, CreatedAt: start})
	for _, b := range branches() {
		err = errors.Join(err, furnish(ctx, st, b, start))
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	say := func(locale string) func(veille.Sentence) string { return i18n.For(locale).Say }
	notices := engine.NewNotices(lg, st, st, st, nil, "https://veilleur.example", say)
	h.pipe = engine.NewPipeline(lg, st, engine.NewGroup(st, st), engine.NewMatch(lg, st, st, st, st))
	h.judge = engine.NewJudge(lg, st, st, st, notices)
	h.ideas = engine.NewIdeas(lg, st, st, st, st, st)
	return h, nil
}

// furnish puts a branch, its topics and its channel: three posts a week are
// wanted, and none is written, so that the slots stay free.
func furnish(ctx context.Context, st *store.Store, b veille.Branch, start time.Time) error {
	b.Zone, b.CreatedAt = zone, start
	errs := []error{st.PutBranch(ctx, b)}
	for _, t := range topics(b) {
		t.CreatedAt, t.UpdatedAt = start, start
		errs = append(errs, st.PutTopic(ctx, t))
	}
	errs = append(errs, st.PutChannel(ctx, veille.Channel{ID: veille.ChannelID("page-" + b.ID), BranchID: b.ID, Network: veille.NetworkManual, Name: "Page", Cadence: 3, CreatedAt: start,
		Slots: []veille.Slot{{Weekday: 1, Hour: 12, Zone: zone}, {Weekday: 3, Hour: 12, Zone: zone}, {Weekday: 5, Hour: 12, Zone: zone}}}))
	return errors.Join(errs...)
}

// take stores entries and moves them all the way.
func (h *house) take(ctx context.Context, news []item) error {
	var entries []veille.Entry
	for _, n := range news {
		id := veille.SourceID(strings.ToLower(strings.ReplaceAll(n.Source, " ", "-")))
		if !h.known[n.Source] {
			h.known[n.Source] = true
			s := veille.Source{ID: id, BranchID: movement, Kind: veille.SourceFeed, URL: "https://" + n.ID + ".example/rss", Title: n.Source, Group: n.Group, Tier: veille.Tier(n.Tier),
				State: veille.SourceActive, CreatedAt: n.Published}
			if err := h.store.PutSource(ctx, s); err != nil {
				return err
			}
		}
		entries = append(entries, veille.Entry{ID: veille.NewEntryID(id, n.ID), SourceID: id, GUID: n.ID, URL: "https://media.example/" + n.ID,
			Title: n.Title, Text: n.Text, Published: n.Published, Seen: n.Published})
	}
	if _, err := h.store.PutEntries(ctx, entries); err != nil {
		return err
	}
	_, err := h.pipe.Drain(ctx, nil)
	return err
}

// A find is an idea with the article it cites.
type find struct {
	branch veille.Branch
	day    time.Time
	idea   veille.Idea
	entry  veille.Entry
	medium string
}

// aMorning is how many new ideas of one morning are kept.
const aMorning = 5

// after is how long mornings go on once the news has ended, at the most: days
// of the year still come.
const after = 45 * 24 * time.Hour

// replay gives the new ideas of each morning, best first, of one branch after
// the other, until the news has ended and there are most.
func (h *house) replay(ctx context.Context, news []item, most int) (found []find, err error) {
	local, err := time.LoadLocation(zone)
	if err != nil || len(news) == 0 {
		return nil, err
	}
	seen := map[veille.IdeaID]bool{}
	y, m, d := news[0].Published.In(local).Date()
	last := news[len(news)-1].Published
	byBranch := map[veille.BranchID][]find{}
	total := 0
	for n, day := 0, 1; ; day++ {
		now := time.Date(y, m, d+day, 6, 0, 0, 0, local)
		if now.After(last) && total >= most || now.After(last.Add(after)) {
			break
		}
		from := n
		for n < len(news) && news[n].Published.Before(now) {
			n++
		}
		if err := h.take(ctx, news[from:n]); err != nil {
			return nil, err
		}
		if _, err := h.judge.JudgeAll(ctx, now); err != nil {
			return nil, err
		}
		if err := h.ideas.SuggestAll(ctx, now); err != nil {
			return nil, err
		}
		for _, b := range branches() {
			fresh, err := h.morning(ctx, b, now, seen)
			if err != nil {
				return nil, err
			}
			byBranch[b.ID] = append(byBranch[b.ID], fresh...)
			total += len(fresh)
		}
	}
	for _, b := range branches() {
		found = append(found, byBranch[b.ID]...)
	}
	return found[:min(len(found), most)], nil
}

func (h *house) morning(ctx context.Context, b veille.Branch, now time.Time, seen map[veille.IdeaID]bool) (out []find, err error) {
	ideas, err := h.store.Ideas(ctx, b.ID, veille.IdeaNew)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ideas, func(a, b veille.Idea) int { return cmp.Compare(b.Rank, a.Rank) })
	for _, i := range ideas {
		if seen[i.ID] || len(out) == aMorning {
			continue
		}
		seen[i.ID] = true
		if i.EntryID == "" {
			out = append(out, find{branch: b, day: now, idea: i})
			continue
		}
		es, err := h.store.EntriesByID(ctx, []veille.EntryID{i.EntryID})
		if err != nil {
			return nil, err
		}
		if len(es) == 0 {
			return nil, fmt.Errorf("idea %s cites nothing", i.ID)
		}
		s, err := h.store.Source(ctx, es[0].SourceID)
		if err != nil {
			return nil, err
		}
		out = append(out, find{branch: b, day: now, idea: i, entry: es[0], medium: s.Name()})
	}
	return out, nil
}
