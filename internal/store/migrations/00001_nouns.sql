-- One schema for SQLite and PostgreSQL: only TEXT, BIGINT, BOOLEAN and DOUBLE
-- PRECISION. Times are nanoseconds since 1970 in UTC, 0 for none. Lists and
-- sentences are JSON in TEXT. Booleans and numbers have no default: the store
-- always writes every column.

-- +goose Up
CREATE TABLE branch (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    locale     TEXT NOT NULL,
    zone       TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE user_account (
    id            TEXT PRIMARY KEY,
    branch_id     TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL UNIQUE,
    locale        TEXT NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    digest        TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX user_account_branch ON user_account (branch_id);

CREATE TABLE link (
    hash       TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,
    user_id    TEXT REFERENCES user_account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX link_user ON link (user_id);

CREATE TABLE token (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX token_user ON token (user_id);

-- body is base64: what scs encodes is not text.
CREATE TABLE session (
    token      TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE source (
    id            TEXT PRIMARY KEY,
    branch_id     TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,
    url           TEXT NOT NULL,
    site          TEXT NOT NULL,
    title         TEXT NOT NULL,
    publisher     TEXT NOT NULL,
    press_group   TEXT NOT NULL,
    tier          BIGINT NOT NULL,
    folder        TEXT NOT NULL,
    read_pages    BOOLEAN NOT NULL,
    every_minutes BIGINT NOT NULL,
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    fetched_at    BIGINT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    health        TEXT NOT NULL,
    lease_owner   TEXT NOT NULL,
    lease_until   BIGINT NOT NULL,
    UNIQUE (branch_id, url)
);
CREATE INDEX source_due ON source (state, due_at);

-- The position of the newest entry in the log. Whoever appends updates this
-- row first, and so holds its lock until commit: that is what makes seq follow
-- the order of commits on both databases.
CREATE TABLE entry_log (
    id   BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO entry_log (id, last) VALUES (1, 0);

-- body stands last, so that SQLite need not read it to reach the small columns.
CREATE TABLE entry (
    id           TEXT PRIMARY KEY,
    seq          BIGINT NOT NULL UNIQUE,
    source_id    TEXT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    story_id     TEXT NOT NULL,
    duplicate_of TEXT NOT NULL,
    published    BIGINT NOT NULL,
    seen         BIGINT NOT NULL,
    lang         TEXT NOT NULL,
    tone         DOUBLE PRECISION NOT NULL,
    content_hash TEXT NOT NULL,
    guid         TEXT NOT NULL,
    url          TEXT NOT NULL,
    title        TEXT NOT NULL,
    author       TEXT NOT NULL,
    publisher    TEXT NOT NULL,
    image        TEXT NOT NULL,
    tone_words   TEXT NOT NULL,
    keyphrases   TEXT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX entry_source ON entry (source_id, seen, seq);
CREATE INDEX entry_published ON entry (source_id, published);
CREATE INDEX entry_story ON entry (story_id);
CREATE INDEX entry_seen ON entry (seen, seq);

CREATE TABLE story (
    id          TEXT PRIMARY KEY,
    lead_id     TEXT NOT NULL,
    title       TEXT NOT NULL,
    lang        TEXT NOT NULL,
    entries     BIGINT NOT NULL,
    sources     BIGINT NOT NULL,
    independent BIGINT NOT NULL,
    tone        DOUBLE PRECISION NOT NULL,
    first_at    BIGINT NOT NULL,
    last_at     BIGINT NOT NULL
);
CREATE INDEX story_last ON story (last_at);

CREATE TABLE story_alias (
    old_id TEXT PRIMARY KEY,
    new_id TEXT NOT NULL
);
CREATE INDEX story_alias_new ON story_alias (new_id);

CREATE TABLE topic (
    id          TEXT PRIMARY KEY,
    branch_id   TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    query       TEXT NOT NULL,
    subject     TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX topic_branch ON topic (branch_id);

-- seen repeats the entry's, so that judging a topic reads one range of one index.
CREATE TABLE mention (
    topic_id     TEXT NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    entry_id     TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    in_title     BOOLEAN NOT NULL,
    passages     TEXT NOT NULL,
    published    BIGINT NOT NULL,
    seen         BIGINT NOT NULL,
    PRIMARY KEY (topic_id, entry_id)
);
CREATE INDEX mention_entry ON mention (entry_id, topic_id);
CREATE INDEX mention_published ON mention (topic_id, published);
CREATE INDEX mention_seen ON mention (topic_id, seen);

CREATE TABLE cursor_position (
    name TEXT PRIMARY KEY,
    seq  BIGINT NOT NULL
);

CREATE TABLE parked (
    stage     TEXT NOT NULL,
    entry_id  TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    reason    TEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    PRIMARY KEY (stage, entry_id)
);
CREATE INDEX parked_entry ON parked (entry_id);

CREATE TABLE saved_search (
    id         TEXT PRIMARY KEY,
    branch_id  TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    seen_at    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_search_branch ON saved_search (branch_id);

CREATE TABLE incident (
    id             TEXT PRIMARY KEY,
    branch_id      TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    topic_id       TEXT NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    story_id       TEXT NOT NULL,
    title          TEXT NOT NULL,
    state          TEXT NOT NULL,
    level          TEXT NOT NULL,
    level_at       BIGINT NOT NULL,
    score          DOUBLE PRECISION NOT NULL,
    peak           DOUBLE PRECISION NOT NULL,
    peak_level     TEXT NOT NULL,
    signals        TEXT NOT NULL,
    weeks          BIGINT NOT NULL,
    short_of_data  BOOLEAN NOT NULL,
    entries        BIGINT NOT NULL,
    independent    BIGINT NOT NULL,
    inherited      BOOLEAN NOT NULL,
    owner_id       TEXT NOT NULL,
    opened_at      BIGINT NOT NULL,
    judged_at      BIGINT NOT NULL,
    acked_at       BIGINT NOT NULL,
    closed_at      BIGINT NOT NULL,
    silenced_until BIGINT NOT NULL,
    silence_reason TEXT NOT NULL,
    close_reason   TEXT NOT NULL,
    notified_at    BIGINT NOT NULL,
    notified_level TEXT NOT NULL,
    version        BIGINT NOT NULL
);
CREATE INDEX incident_branch ON incident (branch_id, opened_at);
CREATE INDEX incident_topic ON incident (topic_id);
CREATE UNIQUE INDEX incident_live ON incident (topic_id) WHERE state IN ('open', 'acknowledged');

CREATE TABLE incident_event (
    incident_id TEXT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    number      BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    by_user     TEXT NOT NULL,
    level       TEXT NOT NULL,
    score       DOUBLE PRECISION NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (incident_id, number)
);

CREATE TABLE idea (
    id         TEXT PRIMARY KEY,
    branch_id  TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    topic_id   TEXT NOT NULL,
    story_id   TEXT NOT NULL,
    entry_id   TEXT NOT NULL,
    angle      TEXT NOT NULL,
    title      TEXT NOT NULL,
    question   TEXT NOT NULL,
    photo      TEXT NOT NULL,
    effort     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    rank       DOUBLE PRECISION NOT NULL,
    reasons    TEXT NOT NULL,
    state      TEXT NOT NULL,
    refusal    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idea_branch ON idea (branch_id, state);

CREATE TABLE channel (
    id         TEXT PRIMARY KEY,
    branch_id  TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    network    TEXT NOT NULL,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    user_name  TEXT NOT NULL,
    secret     TEXT NOT NULL,
    slots      TEXT NOT NULL,
    cadence    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX channel_branch ON channel (branch_id);

-- A channel with posts cannot go: its posts are the history of what was said.
CREATE TABLE post (
    id           TEXT PRIMARY KEY,
    branch_id    TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    channel_id   TEXT NOT NULL REFERENCES channel (id),
    batch        TEXT NOT NULL,
    idea_id      TEXT NOT NULL,
    story_id     TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    media        TEXT NOT NULL,
    state        TEXT NOT NULL,
    due_at       BIGINT NOT NULL,
    wall         TEXT NOT NULL,
    zone         TEXT NOT NULL,
    problem      TEXT NOT NULL,
    remote_id    TEXT NOT NULL,
    remote_url   TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    author_id    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    published_at BIGINT NOT NULL
);
CREATE INDEX post_due ON post (state, due_at);
CREATE INDEX post_branch ON post (branch_id, due_at);
CREATE INDEX post_channel ON post (channel_id);

CREATE TABLE goal (
    id          TEXT PRIMARY KEY,
    branch_id   TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    unit        TEXT NOT NULL,
    start_value DOUBLE PRECISION NOT NULL,
    start_at    BIGINT NOT NULL,
    target      DOUBLE PRECISION NOT NULL,
    due_at      BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX goal_branch ON goal (branch_id);

CREATE TABLE measure (
    goal_id     TEXT NOT NULL REFERENCES goal (id) ON DELETE CASCADE,
    measured_at BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (goal_id, measured_at)
);

CREATE TABLE webhook (
    id         TEXT PRIMARY KEY,
    branch_id  TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    secret     TEXT NOT NULL,
    disabled   BOOLEAN NOT NULL,
    ok_at      BIGINT NOT NULL,
    problem    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_branch ON webhook (branch_id);

CREATE TABLE delivery (
    id           TEXT PRIMARY KEY,
    webhook_id   TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    incident_id  TEXT NOT NULL,
    event        TEXT NOT NULL,
    body         TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    status       BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    delivered_at BIGINT NOT NULL
);
CREATE INDEX delivery_webhook ON delivery (webhook_id, created_at);

CREATE TABLE digest (
    user_id    TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);

-- +goose Down
DROP TABLE digest;
DROP TABLE delivery;
DROP TABLE webhook;
DROP TABLE measure;
DROP TABLE goal;
DROP TABLE post;
DROP TABLE channel;
DROP TABLE idea;
DROP TABLE incident_event;
DROP TABLE incident;
DROP TABLE saved_search;
DROP TABLE parked;
DROP TABLE cursor_position;
DROP TABLE mention;
DROP TABLE topic;
DROP TABLE story_alias;
DROP TABLE story;
DROP TABLE entry;
DROP TABLE entry_log;
DROP TABLE source;
DROP TABLE setting;
DROP TABLE session;
DROP TABLE token;
DROP TABLE link;
DROP TABLE user_account;
DROP TABLE branch;
