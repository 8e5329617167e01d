-- Instants are unix microseconds (UTC). Ids are the 16 bytes of a UUID, most significant first, so that version 7 ids sort by time.
-- Tags, parameters, programs, schemas and results are JSON texts.

CREATE TABLE schema_version (
    version     INTEGER NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    applied_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE flows (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE work_queues (
    name               TEXT    NOT NULL PRIMARY KEY,
    description        TEXT,
    paused             INTEGER NOT NULL DEFAULT 0,
    concurrency_limit  INTEGER,
    priority           INTEGER NOT NULL DEFAULT 0,
    revision           INTEGER NOT NULL DEFAULT 1,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE deployments (
    id                BLOB    NOT NULL PRIMARY KEY,
    flow_name         TEXT    NOT NULL REFERENCES flows (name),
    name              TEXT    NOT NULL,
    description       TEXT,
    program           TEXT    NOT NULL,
    parameter_schema  TEXT    NOT NULL,
    parameters        TEXT    NOT NULL,
    queue             TEXT    NOT NULL REFERENCES work_queues (name),
    tags              TEXT    NOT NULL,
    priority          INTEGER NOT NULL,
    infrastructure    TEXT    NOT NULL,
    revision          INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    UNIQUE (flow_name, name)
) STRICT;
CREATE INDEX ix_deployments_queue ON deployments (queue);

CREATE TABLE schedules (
    id                BLOB    NOT NULL PRIMARY KEY,
    deployment_id     BLOB    NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    cron              TEXT,
    interval_seconds  REAL,
    anchor_date       INTEGER,
    rrule             TEXT,
    time_zone         TEXT,
    active            INTEGER NOT NULL,
    catch_up          TEXT    NOT NULL,
    expiry_seconds    REAL,
    parameters        TEXT,
    advanced_through  INTEGER NOT NULL,
    created_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_schedules_deployment ON schedules (deployment_id);

-- What changes with every state is kept apart from what is large (flow_run_contents): a transition rewrites a short row.
CREATE TABLE flow_runs (
    id                 BLOB    NOT NULL PRIMARY KEY,
    name               TEXT    NOT NULL,
    flow_name          TEXT    NOT NULL REFERENCES flows (name),
    deployment_id      BLOB,
    deployment_name    TEXT,
    schedule_id        BLOB,
    fire_time          INTEGER,
    idempotency_key    TEXT,
    queue              TEXT    NOT NULL,
    priority           INTEGER NOT NULL,
    tags               TEXT    NOT NULL,
    parent_run_id      BLOB,
    parent_task_id     BLOB,
    state_type         TEXT    NOT NULL,
    state_name         TEXT    NOT NULL,
    state_message      TEXT,
    state_at           INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    scheduled_for      INTEGER NOT NULL,
    due_at             INTEGER NOT NULL,
    expires_at         INTEGER,
    started_at         INTEGER,
    ended_at           INTEGER,
    epoch              INTEGER NOT NULL,
    lease_agent        TEXT,
    lease_offer        BLOB,
    lease_expires_at   INTEGER,
    run_count          INTEGER NOT NULL,
    retries_used       INTEGER NOT NULL,
    crashes_used       INTEGER NOT NULL,
    max_retries        INTEGER NOT NULL,
    retry_delay        INTEGER NOT NULL,
    crash_reschedules  INTEGER NOT NULL,
    events_through     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_flow_runs_idempotency ON flow_runs (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX ux_flow_runs_fire_time ON flow_runs (schedule_id, fire_time) WHERE schedule_id IS NOT NULL;
-- Pages of lists, newest first, for each filter alone and with a state.
CREATE INDEX ix_flow_runs_created ON flow_runs (created_at, id);
CREATE INDEX ix_flow_runs_state ON flow_runs (state_type, created_at, id);
CREATE INDEX ix_flow_runs_flow ON flow_runs (flow_name, created_at, id);
CREATE INDEX ix_flow_runs_flow_state ON flow_runs (flow_name, state_type, created_at, id);
CREATE INDEX ix_flow_runs_deployment ON flow_runs (deployment_id, created_at, id) WHERE deployment_id IS NOT NULL;
CREATE INDEX ix_flow_runs_deployment_state ON flow_runs (deployment_id, state_type, created_at, id) WHERE deployment_id IS NOT NULL;
CREATE INDEX ix_flow_runs_queue ON flow_runs (queue, created_at, id);
CREATE INDEX ix_flow_runs_queue_state ON flow_runs (queue, state_type, created_at, id);
CREATE INDEX ix_flow_runs_name ON flow_runs (name, created_at, id);
CREATE INDEX ix_flow_runs_parent ON flow_runs (parent_run_id, created_at, id) WHERE parent_run_id IS NOT NULL;
-- The scheduler's questions: only the rows that wait or are held are in these. They begin with the state so that a planner
-- without statistics prefers them to the lists' indexes.
CREATE INDEX ix_flow_runs_waiting ON flow_runs (state_type, queue, priority, due_at, id) WHERE state_type = 'Scheduled';
CREATE INDEX ix_flow_runs_due ON flow_runs (state_type, due_at, id) WHERE state_type = 'Scheduled';
CREATE INDEX ix_flow_runs_not_late ON flow_runs (state_type, due_at, id) WHERE state_type = 'Scheduled' AND state_name <> 'Late';
CREATE INDEX ix_flow_runs_expiring ON flow_runs (state_type, expires_at, id) WHERE state_type = 'Scheduled' AND expires_at IS NOT NULL;
CREATE INDEX ix_flow_runs_leased ON flow_runs (lease_expires_at, id) WHERE lease_agent IS NOT NULL;
CREATE INDEX ix_flow_runs_held ON flow_runs (queue, lease_agent) WHERE lease_agent IS NOT NULL;

CREATE TABLE flow_run_contents (
    run_id      BLOB NOT NULL PRIMARY KEY,
    parameters  TEXT NOT NULL,
    program     TEXT,
    result      TEXT
) STRICT;

CREATE TABLE flow_run_parameters (
    name        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    run_id      BLOB    NOT NULL,
    PRIMARY KEY (name, value, created_at, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_flow_run_parameters_run ON flow_run_parameters (run_id);

CREATE TABLE flow_run_tags (
    tag         TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    run_id      BLOB    NOT NULL,
    PRIMARY KEY (tag, created_at, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_flow_run_tags_run ON flow_run_tags (run_id);

CREATE TABLE flow_run_states (
    run_id      BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    state_type  TEXT    NOT NULL,
    state_name  TEXT    NOT NULL,
    message     TEXT,
    at          INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    agent       TEXT,
    PRIMARY KEY (run_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_runs (
    id                BLOB    NOT NULL PRIMARY KEY,
    run_id            BLOB    NOT NULL,
    created_sequence  INTEGER NOT NULL,
    key               TEXT    NOT NULL,
    task_name         TEXT    NOT NULL,
    run_name          TEXT    NOT NULL,
    map_index         INTEGER,
    tags              TEXT    NOT NULL,
    state_type        TEXT    NOT NULL,
    state_name        TEXT    NOT NULL,
    state_message     TEXT,
    state_at          INTEGER NOT NULL,
    sequence          INTEGER NOT NULL,
    run_count         INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    started_at        INTEGER,
    ended_at          INTEGER
) STRICT;
CREATE INDEX ix_task_runs_run ON task_runs (run_id, created_sequence);
CREATE INDEX ix_task_runs_not_completed ON task_runs (state_type, id) WHERE state_type <> 'Completed';

CREATE TABLE task_run_states (
    task_id     BLOB    NOT NULL,
    sequence    INTEGER NOT NULL,
    state_type  TEXT    NOT NULL,
    state_name  TEXT    NOT NULL,
    message     TEXT,
    at          INTEGER NOT NULL,
    PRIMARY KEY (task_id, sequence, state_type)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_edges (
    run_id     BLOB NOT NULL,
    to_task    BLOB NOT NULL,
    from_task  BLOB NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (run_id, to_task, from_task, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
    run_id        BLOB    NOT NULL,
    subject_id    BLOB    NOT NULL,
    fraction      REAL,
    count         INTEGER,
    total         INTEGER,
    message       TEXT,
    seconds_left  REAL,
    sequence      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (run_id, subject_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
    id          BLOB    NOT NULL PRIMARY KEY,
    run_id      BLOB    NOT NULL,
    task_id     BLOB,
    sequence    INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    title       TEXT,
    data        TEXT,
    file        TEXT,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_artifacts_run ON artifacts (run_id, sequence);
CREATE INDEX ix_artifacts_key ON artifacts (key, created_at, id);

-- A line is known by where it was written (run, source, number); its position is the order in which it was stored.
CREATE TABLE log_lines (
    run_id         BLOB    NOT NULL,
    source         INTEGER NOT NULL,
    number         INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    nested_run_id  BLOB,
    task_id        BLOB,
    at             INTEGER NOT NULL,
    level          INTEGER NOT NULL,
    logger         TEXT,
    text           TEXT    NOT NULL,
    fields         TEXT,
    PRIMARY KEY (run_id, source, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ux_log_lines_position ON log_lines (run_id, position);
CREATE INDEX ix_log_lines_task ON log_lines (task_id, position) WHERE task_id IS NOT NULL;
CREATE INDEX ix_log_lines_nested ON log_lines (nested_run_id, position) WHERE nested_run_id IS NOT NULL;

CREATE TABLE agents (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    host        TEXT    NOT NULL,
    queues      TEXT    NOT NULL,
    tags        TEXT    NOT NULL,
    slots       INTEGER NOT NULL,
    free_slots  INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    version     TEXT    NOT NULL,
    online      INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_agents_last_seen ON agents (last_seen);

CREATE TABLE outbox (
    position    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE concurrency_limits (
    name        TEXT    NOT NULL PRIMARY KEY,
    slots       INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE concurrency_slots (
    limit_name  TEXT    NOT NULL REFERENCES concurrency_limits (name) ON DELETE CASCADE,
    holder      BLOB    NOT NULL,
    slots       INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (limit_name, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_concurrency_slots_holder ON concurrency_slots (holder);

INSERT INTO work_queues (name, description, created_at, updated_at)
VALUES ('default', 'Runs whose deployment names no other queue', CAST(unixepoch('subsec') * 1000000 AS INTEGER), CAST(unixepoch('subsec') * 1000000 AS INTEGER));
