package store

import (
	"context"
	"time"

	"veilleur/internal/veille"
)

const week = 7 * 24 * time.Hour

// SourceWeeks counts what a source published in each of the n weeks from a
// time on, the oldest first, and how much of it became a mention of a topic of
// the branches of scope.
func (s *Store) SourceWeeks(ctx context.Context, id veille.SourceID, scope []veille.BranchID, from time.Time, n int) ([]veille.SourceWeek, error) {
	var rows []struct {
		Week     int   `bun:"week"`
		Entries  int64 `bun:"entries"`
		Mentions int64 `bun:"mentions"`
	}
	length := stamp(from.Add(week)) - stamp(from)
	mentioned := scoped(s.r.NewSelect().TableExpr("mention").ColumnExpr("1").Join("JOIN topic ON topic.id = mention.topic_id").
		Where("mention.entry_id = entry.id"), "topic.branch_id", scope)
	err := s.r.NewSelect().TableExpr("entry").
		ColumnExpr("(entry.published - ?) / ? AS week", stamp(from), length).
		ColumnExpr("COUNT(*) AS entries").
		ColumnExpr("SUM(CASE WHEN EXISTS (?) THEN 1 ELSE 0 END) AS mentions", mentioned).
		Where("entry.source_id = ? AND entry.published >= ? AND entry.published < ?", id, stamp(from), stamp(from)+int64(n)*length).
		Group("week").Scan(ctx, &rows)
	out := make([]veille.SourceWeek, n)
	for _, r := range rows {
		out[r.Week] = veille.SourceWeek{Entries: int(r.Entries), Mentions: int(r.Mentions)}
	}
	return out, wrap(err, "weeks of source %s", id)
}
