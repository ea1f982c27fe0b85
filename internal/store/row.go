package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

// stamp turns a time into what is stored: nanoseconds since 1970, 0 for none.
// Times out of range are moved to its ends.
func stamp(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() < 1678:
		return math.MinInt64
	case t.Year() > 2261:
		return math.MaxInt64
	}
	if n := t.UnixNano(); n != 0 {
		return n
	}
	return 1 // 1970 itself is a time too
}

// when turns what is stored into a time.
func when(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// js is a column of JSON in TEXT.
type js[T any] struct{ V T }

// Value gives the JSON.
func (j js[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads the JSON.
func (j *js[T]) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	case []byte:
		return json.Unmarshal(v, &j.V)
	}
	return fmt.Errorf("JSON column holds a %T", src)
}

// batch is how many rows one statement writes or asks for.
const batch = 200

// put inserts rows in batches. A row whose primary key is known is replaced,
// but for the columns in keep.
func put[R any](ctx context.Context, db bun.IDB, rows []R, keep ...string) error {
	for part := range slices.Chunk(rows, batch) {
		if _, err := upsert(db, &part, keep...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// upsert starts a statement that inserts rows, or replaces every column of
// those known but keep. Callers may add their own Set for a column kept.
func upsert[R any](db bun.IDB, rows *[]R, keep ...string) *bun.InsertQuery {
	q := db.NewInsert().Model(rows)
	t := db.Dialect().Tables().Get(reflect.TypeFor[R]())
	var keys []bun.Ident
	for _, f := range t.PKs {
		keys = append(keys, bun.Ident(f.Name))
	}
	for _, f := range t.DataFields {
		if !slices.Contains(keep, f.Name) {
			q = q.Set("? = EXCLUDED.?", bun.Ident(f.Name), bun.Ident(f.Name))
		}
	}
	return q.On("CONFLICT (?) DO UPDATE", bun.List(keys))
}

// all turns rows into nouns.
func all[R, N any](rows []R, noun func(R) N) []N {
	out := make([]N, len(rows))
	for i, r := range rows {
		out[i] = noun(r)
	}
	return out
}

// scoped keeps the rows of branches whose id stands in col; a nil scope keeps
// all, an empty one none.
func scoped(q *bun.SelectQuery, col string, scope []veille.BranchID) *bun.SelectQuery {
	if scope == nil {
		return q
	}
	return q.Where("? IN (?)", bun.Ident(col), bun.List(scope))
}

// limited bounds a query; 0 means no bound.
func limited(q *bun.SelectQuery, n int) *bun.SelectQuery {
	if n > 0 {
		return q.Limit(int64(n))
	}
	return q
}

// oneRow tells ErrNotFound when a statement changed no row.
func oneRow(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return veille.ErrNotFound
	}
	return err
}
