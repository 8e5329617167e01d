-- Instants are unix microseconds (UTC), as in the SQLite schema: one text of SQL, one arithmetic of cursors.
-- Tags, parameters, programs, schemas and results are JSON texts.

CREATE TABLE schema_version (
    version     integer  NOT NULL PRIMARY KEY,
    name        text     NOT NULL,
    applied_at  bigint   NOT NULL
);

CREATE TABLE flows (
    id          uuid     NOT NULL PRIMARY KEY,
    name        text     NOT NULL UNIQUE,
    created_at  bigint   NOT NULL
);

CREATE TABLE work_queues (
    name               text     NOT NULL PRIMARY KEY,
    description        text,
    paused             boolean  NOT NULL DEFAULT FALSE,
    concurrency_limit  integer,
    priority           integer  NOT NULL DEFAULT 0,
    revision           bigint   NOT NULL DEFAULT 1,
    created_at         bigint   NOT NULL,
    updated_at         bigint   NOT NULL
);

CREATE TABLE deployments (
    id                uuid     NOT NULL PRIMARY KEY,
    flow_name         text     NOT NULL REFERENCES flows (name),
    name              text     NOT NULL,
    description       text,
    program           text     NOT NULL,
    parameter_schema  text     NOT NULL,
    parameters        text     NOT NULL,
    queue             text     NOT NULL REFERENCES work_queues (name),
    tags              text     NOT NULL,
    priority          integer  NOT NULL,
    infrastructure    text     NOT NULL,
    revision          bigint   NOT NULL,
    created_at        bigint   NOT NULL,
    updated_at        bigint   NOT NULL,
    UNIQUE (flow_name, name)
);
CREATE INDEX ix_deployments_queue ON deployments (queue);

CREATE TABLE schedules (
    id                uuid     NOT NULL PRIMARY KEY,
    deployment_id     uuid     NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    cron              text,
    interval_seconds  double precision,
    anchor_date       bigint,
    rrule             text,
    time_zone         text,
    active            boolean  NOT NULL,
    catch_up          text     NOT NULL,
    expiry_seconds    double precision,
    parameters        text,
    advanced_through  bigint   NOT NULL,
    created_at        bigint   NOT NULL
);
CREATE INDEX ix_schedules_deployment ON schedules (deployment_id);

-- What changes with every state is kept apart from what is large (flow_run_contents): a transition rewrites a short row.
CREATE TABLE flow_runs (
    id                 uuid     NOT NULL PRIMARY KEY,
    name               text     NOT NULL,
    flow_name          text     NOT NULL REFERENCES flows (name),
    deployment_id      uuid,
    deployment_name    text,
    schedule_id        uuid,
    fire_time          bigint,
    idempotency_key    text,
    queue              text     NOT NULL,
    priority           integer  NOT NULL,
    tags               text     NOT NULL,
    parent_run_id      uuid,
    parent_task_id     uuid,
    state_type         text     NOT NULL,
    state_name         text     NOT NULL,
    state_message      text,
    state_at           bigint   NOT NULL,
    version            bigint   NOT NULL,
    created_at         bigint   NOT NULL,
    scheduled_for      bigint   NOT NULL,
    due_at             bigint   NOT NULL,
    expires_at         bigint,
    started_at         bigint,
    ended_at           bigint,
    epoch              bigint   NOT NULL,
    lease_agent        text,
    lease_offer        uuid,
    lease_expires_at   bigint,
    run_count          integer  NOT NULL,
    retries_used       integer  NOT NULL,
    crashes_used       integer  NOT NULL,
    max_retries        integer  NOT NULL,
    retry_delay        bigint   NOT NULL,
    crash_reschedules  integer  NOT NULL,
    events_through     bigint   NOT NULL
);
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
    run_id      uuid     NOT NULL PRIMARY KEY,
    parameters  text     NOT NULL,
    program     text,
    result      text
);

CREATE TABLE flow_run_parameters (
    name        text     NOT NULL,
    value       text     NOT NULL,
    created_at  bigint   NOT NULL,
    run_id      uuid     NOT NULL,
    PRIMARY KEY (name, value, created_at, run_id)
);
CREATE INDEX ix_flow_run_parameters_run ON flow_run_parameters (run_id);

CREATE TABLE flow_run_tags (
    tag         text     NOT NULL,
    created_at  bigint   NOT NULL,
    run_id      uuid     NOT NULL,
    PRIMARY KEY (tag, created_at, run_id)
);
CREATE INDEX ix_flow_run_tags_run ON flow_run_tags (run_id);

CREATE TABLE flow_run_states (
    run_id      uuid     NOT NULL,
    version     bigint   NOT NULL,
    state_type  text     NOT NULL,
    state_name  text     NOT NULL,
    message     text,
    at          bigint   NOT NULL,
    epoch       bigint   NOT NULL,
    agent       text,
    PRIMARY KEY (run_id, version)
);

CREATE TABLE task_runs (
    id                uuid     NOT NULL PRIMARY KEY,
    run_id            uuid     NOT NULL,
    created_sequence  bigint   NOT NULL,
    key               text     NOT NULL,
    task_name         text     NOT NULL,
    run_name          text     NOT NULL,
    map_index         integer,
    tags              text     NOT NULL,
    state_type        text     NOT NULL,
    state_name        text     NOT NULL,
    state_message     text,
    state_at          bigint   NOT NULL,
    sequence          bigint   NOT NULL,
    run_count         integer  NOT NULL,
    created_at        bigint   NOT NULL,
    started_at        bigint,
    ended_at          bigint
);
CREATE INDEX ix_task_runs_run ON task_runs (run_id, created_sequence);
CREATE INDEX ix_task_runs_not_completed ON task_runs (state_type, id) WHERE state_type <> 'Completed';

CREATE TABLE task_run_states (
    task_id     uuid     NOT NULL,
    sequence    bigint   NOT NULL,
    state_type  text     NOT NULL,
    state_name  text     NOT NULL,
    message     text,
    at          bigint   NOT NULL,
    PRIMARY KEY (task_id, sequence, state_type)
);

CREATE TABLE task_edges (
    run_id     uuid     NOT NULL,
    to_task    uuid     NOT NULL,
    from_task  uuid     NOT NULL,
    name       text     NOT NULL,
    PRIMARY KEY (run_id, to_task, from_task, name)
);

CREATE TABLE progress (
    run_id        uuid     NOT NULL,
    subject_id    uuid     NOT NULL,
    fraction      double precision,
    count         bigint,
    total         bigint,
    message       text,
    seconds_left  double precision,
    sequence      bigint   NOT NULL,
    at            bigint   NOT NULL,
    PRIMARY KEY (run_id, subject_id)
);

CREATE TABLE artifacts (
    id          uuid     NOT NULL PRIMARY KEY,
    run_id      uuid     NOT NULL,
    task_id     uuid,
    sequence    bigint   NOT NULL,
    key         text     NOT NULL,
    type        text     NOT NULL,
    title       text,
    data        text,
    file        text,
    created_at  bigint   NOT NULL
);
CREATE INDEX ix_artifacts_run ON artifacts (run_id, sequence);
CREATE INDEX ix_artifacts_key ON artifacts (key, created_at, id);

-- Version 7 ids sort by time: a range of run ids is the runs of a day, and retention drops it whole.
-- A line is known by where it was written (run, source, number); its position is the order in which it was stored.
CREATE TABLE log_lines (
    run_id         uuid     NOT NULL,
    source         integer  NOT NULL,
    number         bigint   NOT NULL,
    position       bigint   NOT NULL,
    nested_run_id  uuid,
    task_id        uuid,
    at             bigint   NOT NULL,
    level          integer  NOT NULL,
    logger         text,
    text           text     NOT NULL,
    fields         text,
    PRIMARY KEY (run_id, source, number)
) PARTITION BY RANGE (run_id);
CREATE TABLE log_lines_other PARTITION OF log_lines DEFAULT;
CREATE UNIQUE INDEX ux_log_lines_position ON log_lines (run_id, position);
CREATE INDEX ix_log_lines_task ON log_lines (task_id, position) WHERE task_id IS NOT NULL;
CREATE INDEX ix_log_lines_nested ON log_lines (nested_run_id, position) WHERE nested_run_id IS NOT NULL;

CREATE TABLE agents (
    id          text     NOT NULL PRIMARY KEY,
    name        text     NOT NULL,
    host        text     NOT NULL,
    queues      text     NOT NULL,
    tags        text     NOT NULL,
    slots       integer  NOT NULL,
    free_slots  integer  NOT NULL,
    sequence    bigint   NOT NULL,
    version     text     NOT NULL,
    online      boolean  NOT NULL,
    first_seen  bigint   NOT NULL,
    last_seen   bigint   NOT NULL
);
CREATE INDEX ix_agents_last_seen ON agents (last_seen);

CREATE TABLE outbox (
    position    bigint  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text     NOT NULL,
    body        text     NOT NULL,
    created_at  bigint   NOT NULL
);

CREATE TABLE concurrency_limits (
    name        text     NOT NULL PRIMARY KEY,
    slots       integer  NOT NULL,
    revision    bigint   NOT NULL,
    created_at  bigint   NOT NULL,
    updated_at  bigint   NOT NULL
);

CREATE TABLE concurrency_slots (
    limit_name  text     NOT NULL REFERENCES concurrency_limits (name) ON DELETE CASCADE,
    holder      uuid     NOT NULL,
    slots       integer  NOT NULL,
    expires_at  bigint   NOT NULL,
    PRIMARY KEY (limit_name, holder)
);
CREATE INDEX ix_concurrency_slots_holder ON concurrency_slots (holder);

INSERT INTO work_queues (name, description, created_at, updated_at)
VALUES ('default', 'Runs whose deployment names no other queue', (extract(epoch FROM now()) * 1000000)::bigint, (extract(epoch FROM now()) * 1000000)::bigint);
