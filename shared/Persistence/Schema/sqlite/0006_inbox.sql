-- Commands that were carried out and that nothing but their id tells from new ones; forgotten after a day.
CREATE TABLE inbox (
    id           BLOB    NOT NULL PRIMARY KEY,
    answered_id  BLOB,
    version      INTEGER NOT NULL,
    at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_inbox_at ON inbox (at);
