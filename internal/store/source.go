package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type sourceRow struct {
	bun.BaseModel `bun:"table:source,alias:source"`

	ID           veille.SourceID    `bun:"id,pk"`
	BranchID     veille.BranchID    `bun:"branch_id"`
	Kind         veille.SourceKind  `bun:"kind"`
	URL          string             `bun:"url"`
	Site         string             `bun:"site"`
	Title        string             `bun:"title"`
	Publisher    string             `bun:"publisher"`
	Group        string             `bun:"press_group"`
	Kin          string             `bun:"kin"`
	Tier         veille.Tier        `bun:"tier"`
	Folder       string             `bun:"folder"`
	ReadPages    bool               `bun:"read_pages"`
	Every        veille.Minutes     `bun:"every_minutes"`
	Watch        js[veille.Watch]   `bun:"watch,type:text"`
	Mailbox      js[veille.Mailbox] `bun:"mailbox,type:text"`
	State        veille.SourceState `bun:"state"`
	CreatedAt    int64              `bun:"created_at"`
	DueAt        int64              `bun:"due_at"`
	FetchedAt    int64              `bun:"fetched_at"`
	ETag         string             `bun:"etag"`
	LastModified string             `bun:"last_modified"`
	Seen         string             `bun:"seen"` // base64
	Cursor       string             `bun:"read_cursor"`
	Health       js[veille.Health]  `bun:"health,type:text"` // what has no column of its own
	LeaseOwner   string             `bun:"lease_owner"`
	LeaseUntil   int64              `bun:"lease_until"`
}

// theirs are the columns a person does not set.
var theirs = []string{"due_at", "fetched_at", "etag", "last_modified", "seen", "read_cursor", "health", "lease_owner", "lease_until"}

func sourceRowOf(s veille.Source) sourceRow {
	r := sourceRow{ID: s.ID, BranchID: s.BranchID, Kind: s.Kind, URL: s.URL, Site: s.Site, Title: s.Title,
		Publisher: s.Publisher, Group: s.Group, Kin: s.Kin, Tier: s.Tier, Folder: s.Folder, ReadPages: s.ReadPages,
		Every: s.Every, Watch: js[veille.Watch]{s.Watch}, Mailbox: js[veille.Mailbox]{s.Mailbox}, State: s.State,
		CreatedAt: stamp(s.CreatedAt)}
	r.setHealth(s.Health)
	return r
}

func (r *sourceRow) setHealth(h veille.Health) {
	r.DueAt, r.FetchedAt = stamp(h.DueAt), stamp(h.FetchedAt)
	r.ETag, r.LastModified, r.Seen, r.Cursor = h.ETag, h.LastModified, base64.StdEncoding.EncodeToString(h.Seen), h.Cursor
	r.Health = js[veille.Health]{h}
}

func (r sourceRow) noun() veille.Source {
	h := r.Health.V
	h.DueAt, h.FetchedAt = when(r.DueAt), when(r.FetchedAt)
	h.ETag, h.LastModified, h.Cursor = r.ETag, r.LastModified, r.Cursor
	h.Seen, _ = base64.StdEncoding.DecodeString(r.Seen) // what is not base64 is no memory
	return veille.Source{ID: r.ID, BranchID: r.BranchID, Kind: r.Kind, URL: r.URL, Site: r.Site, Title: r.Title,
		Publisher: r.Publisher, Group: r.Group, Kin: r.Kin, Tier: r.Tier, Folder: r.Folder, ReadPages: r.ReadPages,
		Every: r.Every, Watch: r.Watch.V, Mailbox: r.Mailbox.V, State: r.State, CreatedAt: when(r.CreatedAt), Health: h}
}

// PutSource stores what a person sets of a source. Its Health is stored only
// when the source is new; a new URL makes it due at once, drops what its old
// address answered, and ends the lease of a fetch under way. It returns
// ErrConflict if the branch has this URL under another id.
func (s *Store) PutSource(ctx context.Context, src veille.Source) error {
	rows := []sourceRow{sourceRowOf(src)}
	q := upsert(s.w, &rows, append(theirs, "kin", "created_at")...)
	for _, col := range []bun.Ident{"etag", "last_modified", "seen", "read_cursor", "lease_owner"} {
		q = q.Set("?0 = CASE WHEN source.url = EXCLUDED.url THEN source.?0 ELSE '' END", col)
	}
	for _, col := range []bun.Ident{"due_at", "lease_until"} {
		q = q.Set("?0 = CASE WHEN source.url = EXCLUDED.url THEN source.?0 ELSE 0 END", col)
	}
	_, err := q.Exec(ctx)
	return says(wrap(err, "put source %s", src.ID), veille.ErrConflict, "store.source_known")
}

// Source gives a source; ErrNotFound if there is none.
func (s *Store) Source(ctx context.Context, id veille.SourceID) (veille.Source, error) {
	var r sourceRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "source %s", id)
}

// SourcesByID gives sources in the order asked, without what was seen of their
// feeds (Health.Seen); those missing are left out.
func (s *Store) SourcesByID(ctx context.Context, ids []veille.SourceID) ([]veille.Source, error) {
	found := make(map[veille.SourceID]veille.Source, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []sourceRow
		err := s.r.NewSelect().Model(&rows).ExcludeColumn("seen").Where("id IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, wrap(err, "%d sources", len(ids))
		}
		for _, r := range rows {
			found[r.ID] = r.noun()
		}
	}
	return ordered(ids, found), nil
}

// Sources gives the sources of branches, the oldest first, without what was
// seen of their feeds (Health.Seen).
func (s *Store) Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error) {
	var rows []sourceRow
	err := scoped(s.r.NewSelect().Model(&rows).ExcludeColumn("seen"), "branch_id", scope).Order("created_at", "id").Scan(ctx)
	return all(rows, sourceRow.noun), wrap(err, "sources")
}

// DeleteSource removes a source, its entries and their mentions, and the
// stories left without an entry; ErrNotFound if there is none.
func (s *Store) DeleteSource(ctx context.Context, id veille.SourceID) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var stories []veille.StoryID
		err := tx.NewSelect().Model((*entryRow)(nil)).Distinct().Column("story_id").
			Where("source_id = ? AND story_id <> ''", id).Scan(ctx, &stories)
		if err != nil {
			return err
		}
		if err := oneRow(tx.NewDelete().Model((*sourceRow)(nil)).Where("id = ?", id).Exec(ctx)); err != nil {
			return err
		}
		for part := range slices.Chunk(stories, batch) {
			_, err := tx.NewDelete().Model((*storyRow)(nil)).Where("id IN (?)", bun.List(part)).
				Where("NOT EXISTS (SELECT 1 FROM entry WHERE entry.story_id = story.id)").Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "delete source %s", id)
}

// ClaimSources gives at most n active sources that are due and that nobody
// reads, and leases them to owner until now+lease. Two owners never hold one
// source. With force it also gives sources not yet due, but none fetched at
// now or later: a caller that keeps one now over a whole round reads each
// source once. It gives none whose URL begins by one of not.
func (s *Store) ClaimSources(ctx context.Context, now time.Time, n int, lease time.Duration, owner string, force bool, not []string) ([]veille.Source, error) {
	if n <= 0 {
		return nil, nil
	}
	at := stamp(now)
	due := s.w.NewSelect().Model((*sourceRow)(nil)).Column("id").
		Where("state = ? AND lease_until <= ?", veille.SourceActive, at)
	if force {
		due = due.Where("fetched_at < ?", at)
	} else {
		due = due.Where("due_at <= ?", at)
	}
	for _, host := range not {
		due = due.Where("substr(url, 1, ?) <> ?", utf8.RuneCountInString(host), host)
	}
	due = due.Order("due_at", "id").Limit(int64(n))
	var rows []sourceRow
	err := s.w.NewRaw(`UPDATE source SET lease_owner = ?, lease_until = ? WHERE id IN (? ?) RETURNING *`,
		owner, stamp(now.Add(lease)), due, s.skipLocked()).Scan(ctx, &rows)
	slices.SortFunc(rows, func(a, b sourceRow) int {
		if a.DueAt != b.DueAt {
			return int(max(-1, min(1, a.DueAt-b.DueAt)))
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return all(rows, sourceRow.noun), wrap(err, "claim sources")
}

// PutFetch stores what one fetch brought, in one transaction: the entries, the
// source's Health, and the end of its lease. Entries already stored with the
// same content cost one look and no write. A URL the branch has already is
// left out. It returns ErrConflict and stores nothing if another owner has
// claimed the source since, ErrNotFound if the source is gone. Fetches that end
// at the same time share a transaction.
func (s *Store) PutFetch(ctx context.Context, f veille.Fetched) (veille.PutCount, error) {
	n, err := s.fetches.put(ctx, s, f)
	return n, wrap(err, "put fetch of source %s", f.SourceID)
}

// endFetch writes what a fetch taught of its source, and ends its lease.
func endFetch(ctx context.Context, tx bun.Tx, f veille.Fetched) error {
	r := sourceRow{ID: f.SourceID, State: f.State, URL: f.URL}
	r.setHealth(f.Health)
	q := tx.NewUpdate().Model(&r).Column(theirs...).WherePK()
	if f.Owner != "" {
		q = q.Where("lease_owner = ?", f.Owner)
	}
	if f.State != "" {
		q = q.Set("state = ?", f.State)
	}
	if f.URL != "" {
		q = q.Set(`url = CASE WHEN EXISTS (SELECT 1 FROM source AS other WHERE other.url = ?0
			AND other.branch_id = source.branch_id AND other.id <> source.id) THEN source.url ELSE ?0 END`, f.URL)
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return err
	}
	if changed, err := res.RowsAffected(); err != nil || changed > 0 {
		return err
	}
	return missing(ctx, tx, (*sourceRow)(nil), f.SourceID)
}

// missing tells why a guarded update changed nothing: ErrNotFound when there
// is no row of that id, else ErrConflict.
func missing[ID ~string](ctx context.Context, db bun.IDB, model any, id ID) error {
	known, err := db.NewSelect().Model(model).Where("id = ?", id).Exists(ctx)
	switch {
	case err != nil:
		return err
	case known:
		return veille.ErrConflict
	}
	return sql.ErrNoRows
}

// MakeSourceDue has a source read at the next look, as a person asked.
// ErrNotFound if there is none.
func (s *Store) MakeSourceDue(ctx context.Context, id veille.SourceID, at time.Time) error {
	res, err := s.w.NewUpdate().Model((*sourceRow)(nil)).Set("due_at = ?", stamp(at)).Where("id = ?", id).Exec(ctx)
	if err != nil {
		return wrap(err, "make source %s due", id)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return wrap(err, "make source %s due", id)
	}
	return wrap(veille.ErrNotFound, "make source %s due", id)
}
