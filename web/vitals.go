package web

import (
	"context"
	"net/http"
	"net/url"

	"veilleur/internal/veille"
)

// vitalsReader tells how the store and the stages that read its log go.
type vitalsReader interface {
	Ping(ctx context.Context) error
	CountEntries(ctx context.Context, scope []veille.BranchID) (int, error)
	LastSeq(ctx context.Context) (int64, error)
	Cursor(ctx context.Context, stage string) (int64, error)
	Parked(ctx context.Context) ([]veille.Parked, error)
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
}

// indexReader tells how many entries the index holds.
type indexReader interface{ Len() int }

func (s *Server) vitalsRoutes() {
	s.get("/reglages/etat", s.vitals)
}

// A vitalsModel is how the whole of Veilleur goes.
type vitalsModel struct {
	StoreOK bool
	Entries int // stored
	Indexed int
	Stages  []stageVital
	Parked  []parkedEntry
	Sources map[sourceState]int // of the branch
}

// A stageVital is how far behind the log a stage is, in entries.
type stageVital struct {
	Name   string
	Behind int64
}

// A parkedEntry is an entry a stage set aside, and its title where she may
// read it.
type parkedEntry struct {
	veille.Parked
	Title string
	URL   string
}

// parkedShown is how many entries set aside the page lists.
const parkedShown = 50

// stages are the readers of the log of entries, in their order.
func stages() []string { return []string{"group", "match", "search"} }

func (s *Server) vitals(v *visit) error {
	m, err := s.readVitals(v)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("vitals.title"), Nav: "settings"}, vitalsPage(v, m))
}

func (s *Server) readVitals(v *visit) (vitalsModel, error) {
	d := s.deps.Settings
	m := vitalsModel{StoreOK: d.Vitals.Ping(v.ctx()) == nil, Indexed: d.Index.Len(), Sources: map[sourceState]int{}}
	var err error
	if m.Entries, err = d.Vitals.CountEntries(v.ctx(), nil); err != nil {
		return m, err
	}
	last, err := d.Vitals.LastSeq(v.ctx())
	if err != nil {
		return m, err
	}
	for _, name := range stages() {
		at, err := d.Vitals.Cursor(v.ctx(), name)
		if err != nil {
			return m, err
		}
		m.Stages = append(m.Stages, stageVital{Name: name, Behind: max(0, last-at)})
	}
	lines, err := s.sourceLines(v)
	if err != nil {
		return m, err
	}
	hers := map[veille.SourceID]bool{}
	for _, l := range lines {
		m.Sources[l.State]++
		hers[l.Source.ID] = true
	}
	m.Parked, err = s.readParked(v, hers)
	return m, err
}

// readParked names the entries set aside that come from sources she sees.
func (s *Server) readParked(v *visit, hers map[veille.SourceID]bool) ([]parkedEntry, error) {
	parked, err := s.deps.Settings.Vitals.Parked(v.ctx())
	if err != nil {
		return nil, err
	}
	out := make([]parkedEntry, len(parked))
	ids := make([]veille.EntryID, min(parkedShown, len(parked)))
	for i, p := range parked {
		if out[i].Parked = p; i < len(ids) {
			ids[i] = p.EntryID
		}
	}
	entries, err := s.deps.Settings.Vitals.EntriesByID(v.ctx(), ids)
	if err != nil {
		return nil, err
	}
	known := map[veille.EntryID]veille.Entry{}
	for _, e := range entries {
		known[e.ID] = e
	}
	for i := range out {
		if e := known[out[i].EntryID]; hers[e.SourceID] {
			out[i].Title, out[i].URL = e.Title, e.URL
		}
	}
	return out, nil
}

// behind is how far the slowest stage is from the end of the log.
func (m vitalsModel) behind() int64 {
	var most int64
	for _, st := range m.Stages {
		most = max(most, st.Behind)
	}
	return most
}

// failing is how many sources of the branch ask for something.
func (m vitalsModel) failing() int { return m.Sources[sourceFailing] + m.Sources[sourceEnded] }

// A vitalLine is one thing that goes well or not, and what to do.
type vitalLine struct {
	OK         bool
	Says, Todo string
	Path, Open string // where it is mended, and the words of that link
}

// vitalLines say in order how the store, the index, the stages and the
// sources go.
func vitalLines(v *visit, m vitalsModel) []vitalLine {
	store := vitalLine{OK: m.StoreOK, Says: v.T("vitals.store_ok", "n", m.Entries)}
	if !m.StoreOK {
		store.Says, store.Todo = v.T("vitals.store_bad"), v.T("vitals.store_todo")
	}
	index := vitalLine{OK: m.Indexed == m.Entries || m.behind() > 0, Says: v.T("vitals.index", "n", m.Indexed)}
	if !index.OK {
		index.Todo = v.T("vitals.index_todo", "stored", m.Entries)
	}
	lines := []vitalLine{store, index}
	for _, st := range m.Stages {
		l := vitalLine{OK: st.Behind < 1000, Says: v.T("vitals.stage", "stage_key", "vitals.stage_"+st.Name, "n", st.Behind)}
		if st.Behind == 0 {
			l.Says = v.T("vitals.stage_done", "stage_key", "vitals.stage_"+st.Name)
		} else if !l.OK {
			l.Todo = v.T("vitals.stage_todo")
		}
		lines = append(lines, l)
	}
	parked := vitalLine{OK: len(m.Parked) == 0, Says: v.T("vitals.parked", "n", len(m.Parked))}
	if !parked.OK {
		parked.Todo = v.T("vitals.parked_todo")
	}
	sources := vitalLine{OK: m.failing() == 0, Says: v.T("vitals.sources", "n", m.failing())}
	if !sources.OK {
		sources.Todo, sources.Open = v.T("vitals.sources_todo"), v.T("vitals.sources_open")
		sources.Path = "/reglages/sources?" + url.Values{"voir": {string(sourceFailing)}}.Encode()
	}
	return append(lines, parked, sources)
}

// wrongVitals is how many lines ask for something.
func wrongVitals(lines []vitalLine) int {
	n := 0
	for _, l := range lines {
		if !l.OK {
			n++
		}
	}
	return n
}
