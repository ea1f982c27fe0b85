-- What was read of a feed the last time (crawler/feed.Memory), in base64, so
-- that only what is new or changed is parsed.

-- +goose Up
ALTER TABLE source ADD COLUMN seen TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE source DROP COLUMN seen;
