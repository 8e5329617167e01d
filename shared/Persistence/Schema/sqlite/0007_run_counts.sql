-- How many runs there are in each state, changed with the runs in their transactions. A file has one writer at a time: its shard is 0.
-- A run without a deployment is counted under an id of zeros; an hour is in hours since 1970, that of the run's creation.
CREATE TABLE run_counts (
    state_type     TEXT    NOT NULL,
    flow_name      TEXT    NOT NULL,
    deployment_id  BLOB    NOT NULL,
    queue          TEXT    NOT NULL,
    shard          INTEGER NOT NULL,
    runs           INTEGER NOT NULL,
    PRIMARY KEY (state_type, flow_name, deployment_id, queue, shard)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_hours (
    hour        INTEGER NOT NULL,
    state_type  TEXT    NOT NULL,
    shard       INTEGER NOT NULL,
    runs        INTEGER NOT NULL,
    PRIMARY KEY (hour, state_type, shard)
) STRICT, WITHOUT ROWID;

INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs)
SELECT state_type, flow_name, COALESCE(deployment_id, zeroblob(16)), queue, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2, 3, 4;

INSERT INTO run_hours (hour, state_type, shard, runs)
SELECT created_at / 3600000000, state_type, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2;
