-- How far a mention is of its topic's subject, by what, and the tone toward
-- it, as JSON; and what people say of mentions, which outlives what is derived.
-- entry_id of a correction has no reference: what it taught stays when its
-- source is forgotten.

-- +goose Up
ALTER TABLE mention ADD COLUMN standing TEXT NOT NULL DEFAULT '';
ALTER TABLE mention ADD COLUMN clues TEXT NOT NULL DEFAULT 'null';
ALTER TABLE mention ADD COLUMN tone TEXT NOT NULL DEFAULT '{}';
DROP INDEX mention_published;
CREATE INDEX mention_published ON mention (topic_id, published, standing);
DROP INDEX mention_entry;
CREATE INDEX mention_entry ON mention (entry_id, topic_id, standing);

CREATE TABLE correction (
    topic_id  TEXT NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    entry_id  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    original  TEXT NOT NULL,
    title     TEXT NOT NULL,
    passages  TEXT NOT NULL,
    by_user   TEXT NOT NULL,
    said_at   BIGINT NOT NULL,
    PRIMARY KEY (topic_id, entry_id, kind)
);

-- +goose Down
DROP TABLE correction;
DROP INDEX mention_entry;
CREATE INDEX mention_entry ON mention (entry_id, topic_id);
DROP INDEX mention_published;
CREATE INDEX mention_published ON mention (topic_id, published);
ALTER TABLE mention DROP COLUMN tone;
ALTER TABLE mention DROP COLUMN clues;
ALTER TABLE mention DROP COLUMN standing;
