package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"veilleur/index/columns"
	"veilleur/internal/veille"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleveindex "github.com/blevesearch/bleve_index_api"
	bolterrors "go.etcd.io/bbolt/errors"
)

// version is what the words of an index were cut by; one cut otherwise cannot
// be searched and must be rebuilt. Raise it when index/text changes what a
// word or its folded form is, or document.go how it is kept.
const version = "1"

const versionKey = "veilleur"

// maxBatch is how many documents go to the engine at once.
const maxBatch = 1000

// bleve is the embedded index. Lock order: the table is locked within a
// search, never while the engine is written.
type bleve struct {
	lg     *slog.Logger
	now    func() time.Time
	engine *scorch.Scorch
	queue  *bleveindex.AnalysisQueue
	table  *columns.Table
	maps   rowMaps
}

// start makes the engine over a folder, without opening it.
func start(lg *slog.Logger, dir string) (*bleve, error) {
	queue := bleveindex.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	engine, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":               dir,
		"bolt_timeout":       "2s",
		"numSnapshotsToKeep": 1,
	}, queue)
	if err != nil {
		queue.Close()
		return nil, fmt.Errorf("index: make engine: %w", err)
	}
	return &bleve{lg: lg, now: time.Now, engine: engine.(*scorch.Scorch), queue: queue, table: columns.New()}, nil
}

func createBleve(lg *slog.Logger, dir string) (Index, error) {
	if list, err := os.ReadDir(dir); err == nil && len(list) > 0 {
		return nil, fmt.Errorf("index: create in %s: not empty: %w", dir, veille.ErrConflict)
	}
	b, err := start(lg, dir)
	if err != nil {
		return nil, err
	}
	if err := b.open(); err != nil {
		return nil, fmt.Errorf("index: create in %s: %w", dir, err)
	}
	if err := b.engine.SetInternal([]byte(versionKey), []byte(version)); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("index: create in %s: %w", dir, err)
	}
	return b, nil
}

func openBleve(ctx context.Context, lg *slog.Logger, dir string, rows iter.Seq2[Row, error]) (Index, error) {
	if _, err := os.Stat(filepath.Join(dir, "root.bolt")); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = veille.ErrNotFound
		}
		return nil, fmt.Errorf("index: open %s: %w: %w", dir, ErrRebuild, err)
	}
	b, err := start(lg, dir)
	if err != nil {
		return nil, err
	}
	if err := b.open(); err != nil {
		b.queue.Close()
		return nil, fmt.Errorf("index: open %s: %w", dir, unreadable(err))
	}
	if err := b.load(ctx, rows); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("index: open %s: %w", dir, err)
	}
	return b, nil
}

// open opens the engine, which panics on some broken files.
func (b *bleve) open() (err error) {
	defer rescue(&err)
	return b.engine.Open()
}

// rescue makes an error of a panic of the engine over broken files.
func rescue(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: the engine gave up: %v", ErrRebuild, p)
	}
}

// unreadable tells an index that cannot be read from one that may not be.
func unreadable(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("open in another process: %w: %w", veille.ErrBusy, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, ErrRebuild):
		return err
	}
	for _, want := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOSPC, syscall.EROFS, syscall.ENOMEM} {
		if errors.Is(err, want) {
			return err // the machine's trouble, not the index's
		}
	}
	return fmt.Errorf("%w: %w", ErrRebuild, err)
}

// load fills the table and brings to life the rows the engine holds.
func (b *bleve) load(ctx context.Context, rows iter.Seq2[Row, error]) (err error) {
	defer rescue(&err)
	page := make([]Row, 0, maxBatch)
	for r, err := range rows {
		if err != nil {
			return fmt.Errorf("read rows: %w", err)
		}
		if page = append(page, r); len(page) == maxBatch {
			b.table.Load(page)
			page = page[:0]
		}
	}
	b.table.Load(page)
	return b.snapshot(func(s *scorch.IndexSnapshot) error {
		if v, err := s.GetInternal([]byte(versionKey)); err != nil || string(v) != version {
			return fmt.Errorf("%w: words of version %q, want %q", ErrRebuild, v, version)
		}
		var living []int32
		for _, seg := range s.Segments() {
			if err := ctx.Err(); err != nil {
				return err
			}
			numbers, err := b.maps.of(b.table, seg)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrRebuild, err)
			}
			for it := seg.DocNumbersLive().Iterator(); it.HasNext(); {
				living = append(living, numbers[it.Next()])
			}
		}
		b.table.Revive(living)
		return nil
	})
}

// snapshot calls f with the engine as it is now.
func (b *bleve) snapshot(f func(s *scorch.IndexSnapshot) error) error {
	r, err := b.engine.Reader()
	if err != nil {
		return err
	}
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok || s == nil {
		return fmt.Errorf("index: closed: %w", veille.ErrBusy)
	}
	defer func() { _ = s.Close() }()
	return f(s)
}

func (b *bleve) Put(ctx context.Context, docs []Document) error {
	for len(docs) > 0 {
		n := min(len(docs), maxBatch)
		if err := b.put(ctx, docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// put writes one batch. Numbers are reserved first, so that a search never
// meets a document without one; rows live once their words are found.
func (b *bleve) put(ctx context.Context, docs []Document) (err error) {
	defer rescue(&err)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: put %d documents: %w", len(docs), err)
	}
	ids := make([]veille.EntryID, len(docs))
	rows := make([]Row, len(docs))
	batch, c := bleveindex.NewBatch(), cutter{}
	for i := range docs {
		ids[i], rows[i] = docs[i].ID, docs[i].Row
		batch.Update(c.document(&docs[i]))
	}
	b.table.Reserve(ids)
	if err := b.engine.Batch(batch); err != nil {
		return fmt.Errorf("index: put %d documents: %w", len(docs), err)
	}
	b.table.Set(rows)
	return nil
}

func (b *bleve) Mark(_ context.Context, rows []Row) error {
	b.table.Mark(rows)
	return nil
}

func (b *bleve) Delete(ctx context.Context, ids []veille.EntryID) (err error) {
	defer rescue(&err)
	if err := ctx.Err(); err != nil || len(ids) == 0 {
		return err
	}
	batch := bleveindex.NewBatch()
	for _, id := range ids {
		batch.Delete(string(id))
	}
	if err := b.engine.Batch(batch); err != nil {
		return fmt.Errorf("index: delete %d entries: %w", len(ids), err)
	}
	b.table.Delete(ids)
	return nil
}

func (b *bleve) Has(ids []veille.EntryID) []bool { return b.table.Has(ids) }

func (b *bleve) Len() int { return b.table.Len() }

func (b *bleve) Close() (err error) {
	defer rescue(&err)
	defer b.queue.Close()
	if err := b.engine.Close(); err != nil {
		return fmt.Errorf("index: close: %w", err)
	}
	return nil
}
