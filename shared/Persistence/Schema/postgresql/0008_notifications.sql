-- Who is told of what. Secrets stand in files: here is no more than a file's name.
CREATE TABLE notification_rules (
    id           uuid    NOT NULL PRIMARY KEY,
    name         text    NOT NULL UNIQUE,
    states       text    NOT NULL,
    flows        text    NOT NULL,
    tags         text    NOT NULL,
    longer_than  bigint,
    target       text    NOT NULL,
    address      text    NOT NULL,
    template     text,
    secret       text,
    active       boolean NOT NULL,
    revision     bigint NOT NULL,
    created_at   bigint NOT NULL,
    updated_at   bigint NOT NULL
);

-- Changes of state, stored with them while there are rules at all, until it was decided who is told.
CREATE TABLE notification_events (
    run_id   uuid    NOT NULL,
    version  bigint NOT NULL,
    PRIMARY KEY (run_id, version)
);

-- What was, or is to be, told; the id is the receiver's, to know a repeat by. A trial is of no run.
CREATE TABLE notification_deliveries (
    id            uuid    NOT NULL PRIMARY KEY,
    rule_id       uuid    NOT NULL,
    run_id        uuid,
    version       bigint,
    content       text    NOT NULL,
    created_at    bigint NOT NULL,
    attempts      integer NOT NULL,
    next_at       bigint,
    delivered_at  bigint,
    last_error    text
);
CREATE UNIQUE INDEX ux_notification_deliveries_change ON notification_deliveries (rule_id, run_id, version);
CREATE INDEX ix_notification_deliveries_next ON notification_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ix_notification_deliveries_rule ON notification_deliveries (rule_id, created_at, id);
