package index

import (
	"sync"

	"veilleur/index/columns"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// rowMaps remembers, for each segment of the engine, the row numbers of its
// documents. A segment never changes, so its map is made once.
type rowMaps struct {
	mu   sync.Mutex
	byID map[uint64][]int32
}

// of gives the row numbers of a segment's documents, -1 for one the table does
// not know.
func (m *rowMaps) of(t *columns.Table, seg *scorch.SegmentSnapshot) ([]int32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if out, ok := m.byID[seg.Id()]; ok {
		return out, nil
	}
	out := make([]int32, seg.FullSize())
	err := t.View(func(v columns.View) error {
		for i := range out {
			id, err := seg.DocID(uint64(i))
			if err != nil {
				return err
			}
			out[i] = v.Number(id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if m.byID == nil {
		m.byID = map[uint64][]int32{}
	}
	m.byID[seg.Id()] = out
	return out, nil
}

// keep forgets the segments that a snapshot no longer has, once they are many.
func (m *rowMaps) keep(segs []*scorch.SegmentSnapshot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byID) < 2*len(segs)+16 {
		return
	}
	kept := make(map[uint64][]int32, len(segs))
	for _, seg := range segs {
		if rows, ok := m.byID[seg.Id()]; ok {
			kept[seg.Id()] = rows
		}
	}
	m.byID = kept
}
