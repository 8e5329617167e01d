-- What a job on a cluster waited for, where it is, and which task runs it has begun to execute.
ALTER TABLE allocations ADD COLUMN partition text;
ALTER TABLE allocations ADD COLUMN waited_for text;
CREATE TABLE allocation_tasks (
    run_id        uuid NOT NULL,
    key           text NOT NULL,
    array_index   integer NOT NULL,
    task_id       uuid NOT NULL,
    PRIMARY KEY (run_id, key, array_index, task_id)
);
