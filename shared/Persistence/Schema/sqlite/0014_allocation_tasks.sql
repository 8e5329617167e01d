-- What a job on a cluster waited for, where it is, and which task runs it has begun to execute.
ALTER TABLE allocations ADD COLUMN partition TEXT;
ALTER TABLE allocations ADD COLUMN waited_for TEXT;
CREATE TABLE allocation_tasks (
    run_id        BLOB NOT NULL,
    key           TEXT NOT NULL,
    array_index   INTEGER NOT NULL,
    task_id       BLOB NOT NULL,
    PRIMARY KEY (run_id, key, array_index, task_id)
) STRICT;
