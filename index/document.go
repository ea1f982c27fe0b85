package index

import (
	"veilleur/index/text"

	bleveindex "github.com/blevesearch/bleve_index_api"
)

// The fields of the engine. Each holds the folded words of an entry, one term
// a word, with a letter before it for the language of the entry: stems are
// worked out when a query is asked, by looking up the forms a stem may have.
const (
	fieldWords  = "w" // the text, then the title
	fieldTitle  = "t"
	fieldAuthor = "a"
)

// titleGap stands between the last word of the text and the first of the title
// in fieldWords, so that no phrase and no nearness crosses.
const titleGap = 1200

// langMark is the letter before the terms of an entry in lang.
func langMark(lang string) byte {
	switch lang {
	case "fr":
		return 'f'
	case "en":
		return 'e'
	}
	return 'u'
}

// document is an entry as the engine takes it.
type document struct {
	id     string
	fields []*termField
	size   int
}

// A cutter makes documents of entries one after the other. It lends itself the
// room their words take, for a document keeps none of it.
type cutter struct {
	title, body, author []text.Token
}

func (c *cutter) document(d *Document) *document {
	lang := langMark(d.Lang)
	title, body := d.TitleTokens, d.TextTokens
	if title == nil {
		c.title = text.AppendTokens(c.title[:0], "", d.Title)
		title = c.title
	}
	if body == nil {
		c.body = text.AppendTokens(c.body[:0], "", d.Text)
		body = c.body
	}
	c.author = text.AppendTokens(c.author[:0], "", d.Author)
	doc := &document{id: string(d.ID), size: len(d.Title) + len(d.Text)}
	doc.add(newTerms(fieldWords, lang, body, title))
	doc.add(newTerms(fieldTitle, lang, title, nil))
	doc.add(newTerms(fieldAuthor, lang, c.author, nil))
	return doc
}

func (d *document) add(f *termField) {
	if f.length > 0 {
		d.fields = append(d.fields, f)
	}
}

func (d *document) ID() string                                      { return d.id }
func (d *document) Size() int                                       { return d.size }
func (d *document) HasComposite() bool                              { return false }
func (d *document) VisitComposite(bleveindex.CompositeFieldVisitor) {}
func (d *document) NumPlainTextBytes() uint64                       { return uint64(d.size) }
func (d *document) StoredFieldsBytes() uint64                       { return uint64(len(d.id)) }
func (d *document) Indexed() bool                                   { return true }

func (d *document) VisitFields(visit bleveindex.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

// AddIDField adds the one field that is stored.
func (d *document) AddIDField() {
	d.fields = append(d.fields, &termField{
		name: "_id", value: []byte(d.id), length: 1,
		options: bleveindex.IndexField | bleveindex.StoreField,
		freqs:   bleveindex.TokenFrequencies{d.id: once(d.id)},
	})
}

func once(term string) *bleveindex.TokenFreq {
	f := &bleveindex.TokenFreq{Term: []byte(term)}
	f.SetFrequency(1)
	return f
}

// termField is one field of a document, cut into terms already.
type termField struct {
	name    string
	value   []byte // stored; only for _id
	length  int    // in words
	options bleveindex.FieldIndexingOptions
	freqs   bleveindex.TokenFrequencies
}

func (f *termField) Name() string                             { return f.name }
func (f *termField) Value() []byte                            { return f.value }
func (f *termField) ArrayPositions() []uint64                 { return nil }
func (f *termField) EncodedFieldType() byte                   { return 't' }
func (f *termField) Analyze()                                 {}
func (f *termField) Options() bleveindex.FieldIndexingOptions { return f.options }

// AnalyzedLength is 1 for every field: the engine writes it beside each term,
// and no score of ours reads it.
func (f *termField) AnalyzedLength() int                                   { return 1 }
func (f *termField) AnalyzedTokenFrequencies() bleveindex.TokenFrequencies { return f.freqs }
func (f *termField) NumPlainTextBytes() uint64                             { return 0 }

// newTerms makes a field of words, those of second after a gap. Everything is
// carved out of a few blocks: a document has hundreds of words.
func newTerms(name string, lang byte, first, second []text.Token) *termField {
	n := len(first) + len(second)
	f := &termField{
		name: name, length: n, freqs: make(bleveindex.TokenFrequencies, n*2/3),
		options: bleveindex.IndexField | bleveindex.IncludeTermVectors,
	}
	c := carver{f: f, lang: lang, locs: make([]bleveindex.TokenLocation, n), terms: make([]byte, 0, 8*n)}
	c.add(first, 1)
	c.add(second, 1+len(first)+titleGap)
	return f
}

// carver fills a field.
type carver struct {
	f     *termField
	lang  byte
	locs  []bleveindex.TokenLocation
	freqs []bleveindex.TokenFreq
	terms []byte
}

func (c *carver) add(toks []text.Token, from int) {
	for i := range toks {
		loc := &c.locs[0]
		c.locs = c.locs[1:]
		loc.Position = from + i
		c.note(toks[i].Exact, loc)
	}
}

func (c *carver) note(word string, loc *bleveindex.TokenLocation) {
	start := len(c.terms)
	c.terms = append(append(c.terms, c.lang), word...)
	term := c.terms[start:len(c.terms):len(c.terms)]
	if f := c.f.freqs[string(term)]; f != nil {
		c.terms = c.terms[:start]
		f.Locations = append(f.Locations, loc)
		f.SetFrequency(len(f.Locations))
		return
	}
	if len(c.freqs) == 0 {
		c.freqs = make([]bleveindex.TokenFreq, 64)
	}
	f := &c.freqs[0]
	c.freqs = c.freqs[1:]
	f.Term, f.Locations = term, append(f.Locations, loc)
	f.SetFrequency(1)
	c.f.freqs[string(term)] = f
}
