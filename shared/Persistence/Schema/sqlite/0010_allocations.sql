-- The jobs on a cluster that a run asked for, and the one that it is, each as it is now. An array's tasks are counted from 0; -1: no array.
CREATE TABLE allocations (
    run_id        BLOB NOT NULL,
    key           TEXT NOT NULL,
    array_index   INTEGER NOT NULL,
    cluster       TEXT NOT NULL,
    job_id        INTEGER,
    phase         TEXT NOT NULL,
    state         TEXT NOT NULL,
    message       TEXT,
    node          TEXT,
    expected_at   INTEGER,
    requested_at  INTEGER NOT NULL,
    started_at    INTEGER,
    ended_at      INTEGER,
    changed_at    INTEGER NOT NULL,
    PRIMARY KEY (run_id, key, array_index)
) STRICT;
