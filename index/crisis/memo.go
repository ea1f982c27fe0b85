package crisis

import (
	"sync"

	"veilleur/internal/veille"
)

// A Memo keeps what was read in each mention, so that judging a topic every
// 30 s reads only what is new. It holds at most memoSize readings a topic and
// is safe for use by several goroutines.
type Memo struct {
	mu      sync.Mutex
	shelves map[veille.TopicID]*shelf
}

// memoSize bounds the memory of one topic's readings, some 60 MB: three times
// the half-year of a large movement. A full shelf starts again from nothing.
const memoSize = 200_000

// A shelf holds the readings of one topic.
type shelf struct {
	sync.Mutex
	readings map[veille.EntryID]kept
}

// A kept reading is good while the entry's text and tone and the mention's
// passages are those it was made of.
type kept struct {
	*reading
	size, passages int
	tone           float64
}

// NewMemo makes an empty Memo.
func NewMemo() *Memo { return &Memo{shelves: make(map[veille.TopicID]*shelf)} }

// of gives the shelf of a topic; a nil Memo gives one nobody keeps.
func (m *Memo) of(t veille.TopicID) *shelf {
	if m == nil {
		return &shelf{readings: make(map[veille.EntryID]kept)}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.shelves[t]
	if s == nil {
		s = &shelf{readings: make(map[veille.EntryID]kept)}
		m.shelves[t] = s
	}
	return s
}

// read gives the reading of a mention. The shelf must be locked.
func (s *shelf) read(m *veille.JudgedMention) *reading {
	size := len(m.Entry.Title) + len(m.Entry.Text)
	k, ok := s.readings[m.Entry.ID]
	if ok && k.size == size && k.passages == len(m.Mention.Passages) && k.tone == m.Entry.Reading.Tone {
		return k.reading
	}
	if len(s.readings) >= memoSize {
		clear(s.readings)
	}
	k = kept{reading: read(*m), size: size, passages: len(m.Mention.Passages), tone: m.Entry.Reading.Tone}
	s.readings[m.Entry.ID] = k
	return k.reading
}
