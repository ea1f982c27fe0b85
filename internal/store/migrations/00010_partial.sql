-- Whether an article's text is its beginning only, the rest being for those
-- who pay.

-- +goose Up
ALTER TABLE entry ADD COLUMN partial BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE entry DROP COLUMN partial;
