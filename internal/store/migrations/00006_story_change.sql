-- What people decided of stories, kept apart from what is derived: a rebuild
-- empties stories, never this. A change places entries, those it moved and
-- those it left, so that grouping again finds all of them where they were put.
-- carried is JSON: what else followed, to bring back when it is undone.

-- +goose Up
CREATE TABLE story_change (
    id         TEXT PRIMARY KEY,
    branch_id  TEXT NOT NULL,
    by_user    TEXT NOT NULL,
    from_id    TEXT NOT NULL,
    from_title TEXT NOT NULL,
    into_id    TEXT NOT NULL,
    into_title TEXT NOT NULL,
    whole      BOOLEAN NOT NULL,
    made_at    BIGINT NOT NULL,
    undone_at  BIGINT NOT NULL,
    undone_by  TEXT NOT NULL,
    carried    TEXT NOT NULL
);

CREATE TABLE story_change_entry (
    change_id    TEXT NOT NULL REFERENCES story_change (id) ON DELETE CASCADE,
    entry_id     TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    was_id       TEXT NOT NULL,
    now_id       TEXT NOT NULL,
    duplicate_of TEXT NOT NULL,
    PRIMARY KEY (change_id, entry_id)
);
CREATE INDEX story_change_entry_entry ON story_change_entry (entry_id);

-- The press agency an entry is copied from, for the few that are copies of one.
-- A column of entry would stand behind its body, which heads must not read.
CREATE TABLE entry_agency (
    entry_id TEXT PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    agency   TEXT NOT NULL
);

-- kin is the press group a source was found to be of.
ALTER TABLE source ADD COLUMN kin TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE source DROP COLUMN kin;
DROP TABLE entry_agency;
DROP TABLE story_change_entry;
DROP TABLE story_change;
