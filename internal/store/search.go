package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type searchRow struct {
	bun.BaseModel `bun:"table:saved_search,alias:saved_search"`

	ID        veille.SearchID `bun:"id,pk"`
	BranchID  veille.BranchID `bun:"branch_id"`
	Name      string          `bun:"name"`
	Query     string          `bun:"query"`
	SeenAt    int64           `bun:"seen_at"`
	CreatedAt int64           `bun:"created_at"`
}

func (r searchRow) noun() veille.SavedSearch {
	return veille.SavedSearch{ID: r.ID, BranchID: r.BranchID, Name: r.Name, Query: r.Query,
		SeenAt: when(r.SeenAt), CreatedAt: when(r.CreatedAt)}
}

// PutSearch stores a saved search, new or changed.
func (s *Store) PutSearch(ctx context.Context, q veille.SavedSearch) error {
	r := searchRow{ID: q.ID, BranchID: q.BranchID, Name: q.Name, Query: q.Query,
		SeenAt: stamp(q.SeenAt), CreatedAt: stamp(q.CreatedAt)}
	return wrap(put(ctx, s.w, []searchRow{r}, "created_at"), "put search %s", q.ID)
}

// Search gives a saved search; ErrNotFound if there is none.
func (s *Store) Search(ctx context.Context, id veille.SearchID) (veille.SavedSearch, error) {
	var r searchRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "search %s", id)
}

// Searches gives the saved searches of branches, the oldest first.
func (s *Store) Searches(ctx context.Context, scope []veille.BranchID) ([]veille.SavedSearch, error) {
	var rows []searchRow
	err := scoped(s.r.NewSelect().Model(&rows), "branch_id", scope).Order("created_at", "id").Scan(ctx)
	return all(rows, searchRow.noun), wrap(err, "searches")
}

// DeleteSearch removes a saved search; ErrNotFound if there is none.
func (s *Store) DeleteSearch(ctx context.Context, id veille.SearchID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*searchRow)(nil)).Where("id = ?", id).Exec(ctx)), "delete search %s", id)
}
