-- Who is told of what. Secrets stand in files: here is no more than a file's name.
CREATE TABLE notification_rules (
    id           BLOB    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    states       TEXT    NOT NULL,
    flows        TEXT    NOT NULL,
    tags         TEXT    NOT NULL,
    longer_than  INTEGER,
    target       TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    template     TEXT,
    secret       TEXT,
    active       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- Changes of state, stored with them while there are rules at all, until it was decided who is told.
CREATE TABLE notification_events (
    run_id   BLOB    NOT NULL,
    version  INTEGER NOT NULL,
    PRIMARY KEY (run_id, version)
) STRICT, WITHOUT ROWID;

-- What was, or is to be, told; the id is the receiver's, to know a repeat by. A trial is of no run.
CREATE TABLE notification_deliveries (
    id            BLOB    NOT NULL PRIMARY KEY,
    rule_id       BLOB    NOT NULL,
    run_id        BLOB,
    version       INTEGER,
    content       TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    next_at       INTEGER,
    delivered_at  INTEGER,
    last_error    TEXT
) STRICT;
CREATE UNIQUE INDEX ux_notification_deliveries_change ON notification_deliveries (rule_id, run_id, version);
CREATE INDEX ix_notification_deliveries_next ON notification_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ix_notification_deliveries_rule ON notification_deliveries (rule_id, created_at, id);
