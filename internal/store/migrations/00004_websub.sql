-- What hubs have promised to push, one subscription a source at most.

-- +goose Up
CREATE TABLE websub (
    id          TEXT PRIMARY KEY,
    source_id   TEXT NOT NULL UNIQUE REFERENCES source (id) ON DELETE CASCADE,
    hub         TEXT NOT NULL,
    topic       TEXT NOT NULL,
    secret      TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    renew_at    BIGINT NOT NULL,
    pushed_at   BIGINT NOT NULL
);
CREATE INDEX websub_renew ON websub (renew_at);

-- +goose Down
DROP TABLE websub;
