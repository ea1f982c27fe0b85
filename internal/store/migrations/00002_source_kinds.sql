-- What a watched page and a mailbox need, as JSON.

-- +goose Up
ALTER TABLE source ADD COLUMN watch TEXT NOT NULL DEFAULT '{}';
ALTER TABLE source ADD COLUMN mailbox TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE source DROP COLUMN mailbox;
ALTER TABLE source DROP COLUMN watch;
