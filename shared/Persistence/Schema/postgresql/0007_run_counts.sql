-- How many runs there are in each state, changed with the runs in their transactions. Each process counts in a shard of its own, so that
-- none waits for another's commit; what holds is the sum over the shards, and one of them alone may be negative.
-- A run without a deployment is counted under an id of zeros; an hour is in hours since 1970, that of the run's creation.
CREATE TABLE run_counts (
    state_type     text     NOT NULL,
    flow_name      text     NOT NULL,
    deployment_id  uuid     NOT NULL,
    queue          text     NOT NULL,
    shard          integer  NOT NULL,
    runs           bigint   NOT NULL,
    PRIMARY KEY (state_type, flow_name, deployment_id, queue, shard)
) WITH (fillfactor = 50);

CREATE TABLE run_hours (
    hour        bigint   NOT NULL,
    state_type  text     NOT NULL,
    shard       integer  NOT NULL,
    runs        bigint   NOT NULL,
    PRIMARY KEY (hour, state_type, shard)
) WITH (fillfactor = 50);

-- No run changes between its count and the end of this script.
LOCK TABLE flow_runs IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs)
SELECT state_type, flow_name, COALESCE(deployment_id, '00000000-0000-0000-0000-000000000000'), queue, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2, 3, 4;

INSERT INTO run_hours (hour, state_type, shard, runs)
SELECT created_at / 3600000000, state_type, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2;
