package store

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type agencyRow struct {
	bun.BaseModel `bun:"table:entry_agency,alias:entry_agency"`

	EntryID veille.EntryID `bun:"entry_id,pk"`
	Agency  string         `bun:"agency"`
}

// withAgency also reads the agency of each entry.
func withAgency(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("COALESCE((SELECT agency FROM entry_agency WHERE entry_agency.entry_id = entry.id), '') AS agency")
}

// whole reads entries with all that is kept of them.
func whole(q *bun.SelectQuery) *bun.SelectQuery { return withAgency(q.ColumnExpr("?TableColumns")) }

// putAgencies makes agencies those of entries, and of no others among ids.
// Entries that are gone are left out.
func putAgencies(ctx context.Context, tx bun.Tx, ids []veille.EntryID, readings map[veille.EntryID]veille.Reading) error {
	if _, err := tx.NewDelete().Model((*agencyRow)(nil)).Where("entry_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return err
	}
	for _, id := range ids {
		if a := readings[id].Agency; a != "" {
			_, err := tx.NewRaw(`INSERT INTO entry_agency (entry_id, agency) SELECT id, ? FROM entry WHERE id = ?`, a, id).Exec(ctx)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Repeats counts the articles that sources repeat of each other, but for those
// an agency wrote, by source.
func (s *Store) Repeats(ctx context.Context) ([]veille.Repeat, error) {
	var rows []struct {
		By veille.SourceID `bun:"by_source"`
		Of veille.SourceID `bun:"of_source"`
		N  int             `bun:"n"`
	}
	err := s.r.NewRaw(`SELECT e.source_id AS by_source, o.source_id AS of_source, COUNT(*) AS n
		FROM entry e JOIN entry o ON o.id = e.duplicate_of AND o.source_id <> e.source_id
		WHERE e.duplicate_of <> '' AND NOT EXISTS (SELECT 1 FROM entry_agency a WHERE a.entry_id IN (e.id, o.id))
		GROUP BY e.source_id, o.source_id ORDER BY e.source_id, o.source_id`).Scan(ctx, &rows)
	out := make([]veille.Repeat, len(rows))
	for i, r := range rows {
		out[i] = veille.Repeat{By: r.By, Of: r.Of, N: r.N}
	}
	return out, wrap(err, "what sources repeat of each other")
}

// PutKin says of which press group sources were found to be; "" says of none.
func (s *Store) PutKin(ctx context.Context, kin map[veille.SourceID]string) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, id := range slices.Sorted(maps.Keys(kin)) {
			if _, err := tx.NewUpdate().Model((*sourceRow)(nil)).Set("kin = ?", kin[id]).Where("id = ?", id).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "put kin of %d sources", len(kin))
}
