-- PostgreSQL drops a condition that an index's own WHERE implies before it looks where to begin in the index: with the state in front, each of
-- these was read from end to end. A planner without statistics prefers them all the same (WaitingRunsTests).
DROP INDEX ix_flow_runs_waiting, ix_flow_runs_due, ix_flow_runs_not_late, ix_flow_runs_expiring;
CREATE INDEX ix_flow_runs_waiting ON flow_runs (queue, priority, due_at, id) WHERE state_type = 'Scheduled';
CREATE INDEX ix_flow_runs_due ON flow_runs (due_at, id) WHERE state_type = 'Scheduled';
CREATE INDEX ix_flow_runs_not_late ON flow_runs (due_at, id) WHERE state_type = 'Scheduled' AND state_name <> 'Late';
CREATE INDEX ix_flow_runs_expiring ON flow_runs (expires_at, id) WHERE state_type = 'Scheduled' AND expires_at IS NOT NULL;
