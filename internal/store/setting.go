package store

import (
	"context"

	"github.com/uptrace/bun"
)

type settingRow struct {
	bun.BaseModel `bun:"table:setting,alias:setting"`

	Name  string `bun:"name,pk"`
	Value string `bun:"value"`
}

// Setting gives a setting; ErrNotFound if it was never put.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var r settingRow
	err := s.r.NewSelect().Model(&r).Where("name = ?", key).Scan(ctx)
	return r.Value, wrap(err, "setting %s", key)
}

// PutSetting stores a setting.
func (s *Store) PutSetting(ctx context.Context, key, value string) error {
	return wrap(put(ctx, s.w, []settingRow{{Name: key, Value: value}}), "put setting %s", key)
}
