-- Slots are held by flow runs and by requests of their tasks, and go with the lease of the run.
ALTER TABLE concurrency_slots ADD COLUMN run_id uuid;
UPDATE concurrency_slots SET run_id = holder;
ALTER TABLE concurrency_slots ALTER COLUMN run_id SET NOT NULL;
CREATE INDEX ix_concurrency_slots_run ON concurrency_slots (run_id);

-- True from a run's first slot or request for one: the end of every other run need not look for any.
ALTER TABLE flow_runs ADD COLUMN uses_slots boolean NOT NULL DEFAULT FALSE;
UPDATE flow_runs SET uses_slots = TRUE WHERE id IN (SELECT holder FROM concurrency_slots);

-- A request of a running flow, from its asking until it gives its slots back.
CREATE TABLE slot_requests (
    id          uuid     NOT NULL PRIMARY KEY,
    run_id      uuid     NOT NULL,
    task_id     uuid,
    names       text     NOT NULL,
    asked_at    bigint   NOT NULL,
    granted_at  bigint
);
CREATE INDEX ix_slot_requests_run ON slot_requests (run_id);

-- One row for each limit that a request waits for: those of a limit in the order of their asking.
CREATE TABLE slot_waits (
    limit_name  text     NOT NULL REFERENCES concurrency_limits (name) ON DELETE CASCADE,
    asked_at    bigint   NOT NULL,
    request     uuid     NOT NULL,
    PRIMARY KEY (limit_name, asked_at, request)
);
CREATE INDEX ix_slot_waits_request ON slot_waits (request);
