-- What each false alarm taught about its topic, so that one can see it and
-- take it back. Those said before this table existed teach as they did.

-- +goose Up
CREATE TABLE tuning (
    incident_id TEXT PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    topic_id    TEXT NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    said_at     BIGINT NOT NULL,
    by_user     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    undone_at   BIGINT NOT NULL,
    undone_by   TEXT NOT NULL
);
CREATE INDEX tuning_topic ON tuning (topic_id, said_at);
INSERT INTO tuning (incident_id, topic_id, said_at, by_user, reason, undone_at, undone_by)
SELECT id, topic_id, closed_at, owner_id, close_reason, 0, '' FROM incident WHERE state = 'false_alarm';

-- +goose Down
DROP TABLE tuning;
