-- The jobs on a cluster that a run asked for, and the one that it is, each as it is now. An array's tasks are counted from 0; -1: no array.
CREATE TABLE allocations (
    run_id        uuid NOT NULL,
    key           text NOT NULL,
    array_index   integer NOT NULL,
    cluster       text NOT NULL,
    job_id        bigint,
    phase         text NOT NULL,
    state         text NOT NULL,
    message       text,
    node          text,
    expected_at   bigint,
    requested_at  bigint NOT NULL,
    started_at    bigint,
    ended_at      bigint,
    changed_at    bigint NOT NULL,
    PRIMARY KEY (run_id, key, array_index)
);
