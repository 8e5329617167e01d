-- Slots are held by flow runs and by requests of their tasks, and go with the lease of the run.
ALTER TABLE concurrency_slots RENAME TO concurrency_slots_before;
CREATE TABLE concurrency_slots (
    limit_name  TEXT    NOT NULL REFERENCES concurrency_limits (name) ON DELETE CASCADE,
    holder      BLOB    NOT NULL,
    slots       INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    run_id      BLOB    NOT NULL,
    PRIMARY KEY (limit_name, holder)
) STRICT, WITHOUT ROWID;
INSERT INTO concurrency_slots SELECT limit_name, holder, slots, expires_at, holder FROM concurrency_slots_before;
DROP TABLE concurrency_slots_before;
CREATE INDEX ix_concurrency_slots_holder ON concurrency_slots (holder);
CREATE INDEX ix_concurrency_slots_run ON concurrency_slots (run_id);

-- True from a run's first slot or request for one: the end of every other run need not look for any.
ALTER TABLE flow_runs ADD COLUMN uses_slots INTEGER NOT NULL DEFAULT 0;
UPDATE flow_runs SET uses_slots = 1 WHERE id IN (SELECT holder FROM concurrency_slots);

-- A request of a running flow, from its asking until it gives its slots back.
CREATE TABLE slot_requests (
    id          BLOB    NOT NULL PRIMARY KEY,
    run_id      BLOB    NOT NULL,
    task_id     BLOB,
    names       TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    granted_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_slot_requests_run ON slot_requests (run_id);

-- One row for each limit that a request waits for: those of a limit in the order of their asking.
CREATE TABLE slot_waits (
    limit_name  TEXT    NOT NULL REFERENCES concurrency_limits (name) ON DELETE CASCADE,
    asked_at    INTEGER NOT NULL,
    request     BLOB    NOT NULL,
    PRIMARY KEY (limit_name, asked_at, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_slot_waits_request ON slot_waits (request);
