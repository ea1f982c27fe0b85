package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type branchRow struct {
	bun.BaseModel `bun:"table:branch,alias:branch"`

	ID        veille.BranchID `bun:"id,pk"`
	ParentID  veille.BranchID `bun:"parent_id"`
	Name      string          `bun:"name"`
	Locale    string          `bun:"locale"`
	Zone      string          `bun:"zone"`
	Address   string          `bun:"address"`
	CreatedAt int64           `bun:"created_at"`
}

func branchRowOf(b veille.Branch) branchRow {
	return branchRow{ID: b.ID, ParentID: b.ParentID, Name: b.Name, Locale: b.Locale, Zone: b.Zone,
		Address: b.Address, CreatedAt: stamp(b.CreatedAt)}
}

func (r branchRow) noun() veille.Branch {
	return veille.Branch{ID: r.ID, ParentID: r.ParentID, Name: r.Name, Locale: r.Locale, Zone: r.Zone,
		Address: r.Address, CreatedAt: when(r.CreatedAt)}
}

// PutBranch stores a branch, new or changed.
func (s *Store) PutBranch(ctx context.Context, b veille.Branch) error {
	return wrap(put(ctx, s.w, []branchRow{branchRowOf(b)}), "put branch %s", b.ID)
}

// Branch gives a branch; ErrNotFound if there is none.
func (s *Store) Branch(ctx context.Context, id veille.BranchID) (veille.Branch, error) {
	var r branchRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "branch %s", id)
}

// Branches gives every branch, the oldest first.
func (s *Store) Branches(ctx context.Context) ([]veille.Branch, error) {
	var rows []branchRow
	err := s.r.NewSelect().Model(&rows).Order("created_at", "id").Scan(ctx)
	return all(rows, branchRow.noun), wrap(err, "branches")
}

// Scope gives the branches whose sources a branch sees: itself, then its
// ancestors. It returns ErrNotFound if the branch does not exist. A circle of
// parents ends where it closes.
func (s *Store) Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	all, err := s.Branches(ctx)
	if err != nil {
		return nil, err
	}
	parent := make(map[veille.BranchID]veille.BranchID, len(all))
	for _, b := range all {
		parent[b.ID] = b.ParentID
	}
	var scope []veille.BranchID
	for id != "" {
		up, ok := parent[id]
		if !ok {
			break
		}
		scope = append(scope, id)
		delete(parent, id)
		id = up
	}
	if len(scope) == 0 {
		return nil, wrap(veille.ErrNotFound, "scope of branch %s", id)
	}
	return scope, nil
}
