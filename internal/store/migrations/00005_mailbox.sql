-- Where the reading of a mailbox stands, and the password of one, sealed and
-- apart, so that no reading of a source ever carries it.

-- +goose Up
ALTER TABLE source ADD COLUMN read_cursor TEXT NOT NULL DEFAULT '';
CREATE TABLE source_secret (
    source_id TEXT PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
    secret    TEXT NOT NULL
);

-- +goose Down
DROP TABLE source_secret;
ALTER TABLE source DROP COLUMN read_cursor;
