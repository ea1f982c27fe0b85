package engine

import (
	"veilleur/index/dedup"
	"veilleur/index/keyphrase"
	"veilleur/index/lang"
	"veilleur/index/story"
	"veilleur/index/tone"
	"veilleur/internal/veille"
)

// keyphrases is how many are kept for each entry.
const keyphrases = 8

// A Reader derives what entries say, one after the other: language, tone,
// keyphrases, the entry each reprints and the story each joins. It holds the
// last weeks in memory and nothing else. It is not safe for use by several
// goroutines.
type Reader struct {
	dups    *dedup.Window
	grouper *story.Grouper
}

// NewReader makes a Reader that has read nothing.
func NewReader() *Reader {
	return &Reader{dups: dedup.New(dedup.Config{}), grouper: story.New(story.Config{})}
}

// Read derives all that one entry says of itself, and its story; voice is its
// press group or medium. An entry that has a story keeps it.
func (r *Reader) Read(e veille.Entry, voice string) veille.Reading {
	var g veille.Reading
	g.Lang, _ = lang.Detect(e.Title + ". " + e.Text)
	g.Tone, g.ToneWords = tone.Score(g.Lang, e.Title, e.Text)
	g.Keyphrases = keyphrase.Extract(g.Lang, e.Title, e.Text, keyphrases)
	g.StoryID, g.DuplicateOf = e.Reading.StoryID, e.Reading.DuplicateOf
	e.Reading = g
	if g.StoryID != "" {
		r.Restore(e, voice)
		return g
	}
	return r.Place(e, voice)
}

// Place finds the entry that an entry reprints and the story it joins, and
// gives its reading with both. The language of its reading must be known.
func (r *Reader) Place(e veille.Entry, voice string) veille.Reading {
	e.Reading.DuplicateOf, _ = r.dups.Add(dupDoc(e))
	e.Reading.StoryID = r.grouper.Add(storyDoc(e, voice))
	return e.Reading
}

// Restore remembers an entry with the story it has, oldest entries first.
func (r *Reader) Restore(e veille.Entry, voice string) {
	r.dups.Restore(dupDoc(e), e.Reading.DuplicateOf)
	r.grouper.Restore(storyDoc(e, voice), e.Reading.StoryID)
}

// Forget drops stories from memory, so that Restore can put their entries back
// otherwise.
func (r *Reader) Forget(ids ...veille.StoryID) { r.grouper.Forget(ids...) }

// Why tells what each entry of one story shares with the others.
func (r *Reader) Why(entries []veille.Entry) map[veille.EntryID][]story.Shared {
	docs := make([]story.Doc, len(entries))
	for i, e := range entries {
		docs[i] = storyDoc(e, "")
	}
	return r.grouper.Why(docs)
}

func dupDoc(e veille.Entry) dedup.Doc {
	return dedup.Doc{ID: e.ID, Title: e.Title, Text: e.Text, At: e.Published}
}

func storyDoc(e veille.Entry, voice string) story.Doc {
	return story.Doc{ID: e.ID, Lang: e.Reading.Lang, Title: e.Title, Text: e.Text,
		Published: e.Published, Voice: voice, DuplicateOf: e.Reading.DuplicateOf}
}
