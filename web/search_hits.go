package web

import (
	"net/url"
	"strings"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// whyPassages is how many passages "Pourquoi ce résultat" opens.
const whyPassages = 8

// A hit is one result as shown: a story with the entry that stands for it, or
// an entry.
type hit struct {
	Entry  veille.Entry
	Story  veille.Story // zero when the entry is in none
	Medium string
	Tier   veille.Tier
	Folded bool           // shown as its story
	Title  veille.Passage // with what was asked for marked
	Quote  veille.Passage // the best passage of the text, or how it begins
	Begins bool           // Quote is only how the text begins
	All    []veille.Passage
	More   int // other entries of the story that match
	Topics []topicMention
	Tone   string // class
	Words  []veille.ToneWord
	Mended bool // Tone is that a person gave the mention of the one topic ticked
}

// path opens the hit.
func (h hit) path() string {
	if h.Folded {
		return storyPath(h.Story.ID)
	}
	return articlePath(h.Entry.ID)
}

func articlePath(id veille.EntryID) string { return "/articles/" + url.PathEscape(string(id)) }

// ideaOf is the composer filled in from a story.
func ideaOf(id veille.StoryID) string {
	return "/calendrier/nouvelle?histoire=" + url.QueryEscape(string(id))
}

func newHits(v *visit, a inquiry, res engine.Results, by map[veille.EntryID][]topicMention, sc scene) []hit {
	lit := lights(a, res.Query, sc)
	out := make([]hit, len(res.Found))
	for i, f := range res.Found {
		h := hit{Entry: f.Entry, Story: f.Story, Tier: f.Source.Tier, More: f.More, Topics: by[f.Entry.ID],
			Medium: mediumOf(f.Entry, sc.Sources), Folded: !a.ByEntry && f.Story.ID != "",
			Tone: f.Entry.Reading.ToneClass(), Words: f.Entry.Reading.ToneWords}
		if h.Folded {
			h.takeStory()
		} else {
			h.takeCorrection(a)
		}
		h.light(lit)
		out[i] = h
	}
	return out
}

// takeStory shows the tone of the story, with the words of the entry only when
// they agree.
func (h *hit) takeStory() {
	class := veille.Reading{Tone: h.Story.Tone}.ToneClass()
	if class != h.Tone {
		h.Tone, h.Words = class, nil
	}
}

// takeCorrection shows the tone a person gave the mention of the one topic
// ticked.
func (h *hit) takeCorrection(a inquiry) {
	for _, t := range h.Topics {
		if len(a.Topics) == 1 && a.Topics[0] == string(t.Topic.ID) && t.Mention.Tone.From == veille.TonePerson {
			h.Tone, h.Words, h.Mended = veille.Reading{Tone: t.Mention.Tone.Tone}.ToneClass(), nil, true
		}
	}
}

// light finds the passages to show.
func (h *hit) light(lit query.Query) {
	title, lang := h.Entry.Title, h.Entry.Reading.Lang
	if h.Folded {
		title = h.Story.Title
	}
	h.Title = veille.Passage{Field: "title", Text: title}
	for _, p := range query.Passages(lit, lang, title, "", 1) {
		if p.Text == title {
			h.Title = p
		}
	}
	h.All = query.Passages(lit, lang, h.Entry.Title, h.Entry.Text, whyPassages)
	for _, p := range h.All {
		if p.Field == "text" {
			h.Quote = p
			return
		}
	}
	h.Quote, h.Begins = veille.Passage{Field: "text", Text: begins(h.Entry.Text)}, true
}

// lights is the query whose words are marked: the one asked or, when it asks
// for no word, those of the topics ticked.
func lights(a inquiry, q query.Query, sc scene) query.Query {
	if query.Positive(q) || len(a.Topics) == 0 {
		return q
	}
	var any query.Or
	for _, id := range a.Topics {
		t, ok := sc.topic(veille.TopicID(id))
		if !ok {
			continue
		}
		if of, err := query.Parse(t.Query); err == nil && of.Root != nil {
			any = append(any, of.Root)
		}
	}
	switch len(any) {
	case 0:
		return q
	case 1:
		return query.Query{Root: any[0]}
	}
	return query.Query{Root: any}
}

// begins is the beginning of a text, cut between words.
func begins(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + "…"
}

// ownTopics gives the topics of her branch that found the hit.
func (h hit) ownTopics(v *visit) []veille.Topic {
	var out []veille.Topic
	for _, m := range h.Topics {
		if m.Topic.BranchID == v.Branch.ID {
			out = append(out, m.Topic)
		}
	}
	return out
}
