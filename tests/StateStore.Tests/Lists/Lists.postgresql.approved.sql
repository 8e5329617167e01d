-- page of runs: all runs
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE TRUE ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: all runs
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE (r.created_at, r.id) < ($1, $2) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: all runs
SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) GROUP BY state_type HAVING SUM(runs) <> 0;

-- page of runs: in a state
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.state_type = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: in a state
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.state_type = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: in a state
SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ($1) GROUP BY state_type HAVING SUM(runs) <> 0;

-- page of runs: by the name of a state
SELECT r.created_at, r.id FROM flow_runs r WHERE r.state_type = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.state_type = $1 AND ((r.state_type = $2 AND r.state_name = $3)) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: by the name of a state
SELECT r.created_at, r.id FROM flow_runs r WHERE r.state_type = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.state_type = $1 AND (r.created_at, r.id) < ($2, $3) AND ((r.state_type = $4 AND r.state_name = $5)) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: by the name of a state
SELECT r.state_type, count(*) FROM flow_runs r WHERE r.state_type = $1 AND ((r.state_type = $2 AND r.state_name = $3)) GROUP BY r.state_type;

-- page of runs: of a flow in two states
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.state_type = $2 ORDER BY r.created_at DESC, r.id DESC LIMIT 51;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.state_type = $2 ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: of a flow in two states
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.state_type = $2 AND (r.created_at, r.id) < ($3, $4) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.state_type = $2 AND (r.created_at, r.id) < ($3, $4) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: of a flow in two states
SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ($1, $2) AND flow_name IN ($3) GROUP BY state_type HAVING SUM(runs) <> 0;

-- page of runs: of a flow in a time, oldest first
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.created_at >= $2 AND r.created_at < $3 ORDER BY r.created_at ASC, r.id ASC LIMIT 51;

-- next page of runs: of a flow in a time, oldest first
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.flow_name = $1 AND r.created_at >= $2 AND r.created_at < $3 AND (r.created_at, r.id) > ($4, $5) ORDER BY r.created_at ASC, r.id ASC LIMIT 51;

-- counts of runs: of a flow in a time, oldest first
SELECT r.state_type, count(*) FROM flow_runs r WHERE r.flow_name = $1 AND r.created_at >= $2 AND r.created_at < $3 GROUP BY r.state_type;

-- page of runs: of a deployment
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.deployment_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: of a deployment
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.deployment_id = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: of a deployment
SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) AND deployment_id IN ($10) GROUP BY state_type HAVING SUM(runs) <> 0;

-- page of runs: of a queue with a tag
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.queue = $1 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT r.created_at, r.id FROM flow_runs r WHERE r.queue = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.queue = $1 AND r.queue IN ($2) AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $3 AND t.created_at = r.created_at AND t.run_id = r.id OFFSET 0) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: of a queue with a tag
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.queue = $1 AND (r.created_at, r.id) < ($2, $3) LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 AND (s.created_at, s.run_id) < ($2, $3) LIMIT 4000) AS c;
SELECT r.created_at, r.id FROM flow_runs r WHERE r.queue = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.queue = $1 AND (r.created_at, r.id) < ($2, $3) AND r.queue IN ($4) AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $5 AND t.created_at = r.created_at AND t.run_id = r.id OFFSET 0) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: of a queue with a tag
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.queue = $1 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT r.state_type, count(*) FROM flow_runs r WHERE r.queue = $1 AND r.queue IN ($2) AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $3 AND t.created_at = r.created_at AND t.run_id = r.id) GROUP BY r.state_type;

-- page of runs: with two tags
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT s.created_at, s.run_id FROM flow_run_tags s WHERE s.tag = $1 ORDER BY s.created_at DESC, s.run_id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_tags s CROSS JOIN flow_runs r WHERE s.tag = $1 AND r.id = s.run_id AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $2 AND t.created_at = s.created_at AND t.run_id = s.run_id OFFSET 0) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- next page of runs: with two tags
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 AND (s.created_at, s.run_id) < ($2, $3) LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 AND (s.created_at, s.run_id) < ($2, $3) LIMIT 4000) AS c;
SELECT s.created_at, s.run_id FROM flow_run_tags s WHERE s.tag = $1 AND (s.created_at, s.run_id) < ($2, $3) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_tags s CROSS JOIN flow_runs r WHERE s.tag = $1 AND (s.created_at, s.run_id) < ($2, $3) AND r.id = s.run_id AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $4 AND t.created_at = s.created_at AND t.run_id = s.run_id OFFSET 0) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- counts of runs: with two tags
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_tags s WHERE s.tag = $1 LIMIT 4000) AS c;
SELECT r.state_type, count(*) FROM flow_run_tags s CROSS JOIN flow_runs r WHERE s.tag = $1 AND r.id = s.run_id AND EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = $2 AND t.created_at = s.created_at AND t.run_id = s.run_id) GROUP BY r.state_type;

-- page of runs: with a parameter
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND r.id = s.run_id ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- next page of runs: with a parameter
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND (s.created_at, s.run_id) < ($3, $4) AND r.id = s.run_id ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- counts of runs: with a parameter
SELECT r.state_type, count(*) FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND r.id = s.run_id GROUP BY r.state_type;

-- page of runs: with two parameters in a state
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.state_type = $1 LIMIT 4000) AS c;
SELECT s.created_at, s.run_id FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 ORDER BY s.created_at DESC, s.run_id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND r.id = s.run_id AND (r.state_type = $3) AND EXISTS (SELECT 1 FROM flow_run_parameters p WHERE p.name = $4 AND p.value = $5 AND p.created_at = s.created_at AND p.run_id = s.run_id OFFSET 0) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- next page of runs: with two parameters in a state
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 AND (s.created_at, s.run_id) < ($3, $4) LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 AND (s.created_at, s.run_id) < ($3, $4) LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.state_type = $1 AND (r.created_at, r.id) < ($2, $3) LIMIT 4000) AS c;
SELECT s.created_at, s.run_id FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 AND (s.created_at, s.run_id) < ($3, $4) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND (s.created_at, s.run_id) < ($3, $4) AND r.id = s.run_id AND (r.state_type = $5) AND EXISTS (SELECT 1 FROM flow_run_parameters p WHERE p.name = $6 AND p.value = $7 AND p.created_at = s.created_at AND p.run_id = s.run_id OFFSET 0) ORDER BY s.created_at DESC, s.run_id DESC LIMIT 51;

-- counts of runs: with two parameters in a state
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_run_parameters s WHERE s.name = $1 AND s.value = $2 LIMIT 4000) AS c;
SELECT count(*) FROM (SELECT 1 FROM flow_runs r WHERE r.state_type = $1 LIMIT 4000) AS c;
SELECT r.state_type, count(*) FROM flow_run_parameters s CROSS JOIN flow_runs r WHERE s.name = $1 AND s.value = $2 AND r.id = s.run_id AND (r.state_type = $3) AND EXISTS (SELECT 1 FROM flow_run_parameters p WHERE p.name = $4 AND p.value = $5 AND p.created_at = s.created_at AND p.run_id = s.run_id) GROUP BY r.state_type;

-- page of runs: nested in a run
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.parent_run_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: nested in a run
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE r.parent_run_id = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: nested in a run
SELECT r.state_type, count(*) FROM flow_runs r WHERE r.parent_run_id = $1 GROUP BY r.state_type;

-- page of runs: with a text
SELECT r.created_at, r.id FROM flow_runs r WHERE TRUE ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE (r.name ILIKE $1 ESCAPE '\' OR r.flow_name ILIKE $1 ESCAPE '\') ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- next page of runs: with a text
SELECT r.created_at, r.id FROM flow_runs r WHERE (r.created_at, r.id) < ($1, $2) ORDER BY r.created_at DESC, r.id DESC LIMIT 1 OFFSET 1999;
SELECT r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through FROM flow_runs r WHERE (r.created_at, r.id) < ($1, $2) AND (r.name ILIKE $3 ESCAPE '\' OR r.flow_name ILIKE $3 ESCAPE '\') ORDER BY r.created_at DESC, r.id DESC LIMIT 51;

-- counts of runs: with a text
SELECT r.state_type, count(*) FROM flow_runs r WHERE (r.name ILIKE $1 ESCAPE '\' OR r.flow_name ILIKE $1 ESCAPE '\') GROUP BY r.state_type;

-- page of task runs of a run
SELECT t.id, t.run_id, t.created_sequence, t.key, t.task_name, t.run_name, t.map_index, t.tags, t.state_type, t.state_name, t.state_message, t.state_at,
t.sequence, t.run_count, t.created_at, t.started_at, t.ended_at, t.description,
p.run_id, p.subject_id, p.fraction, p.count, p.total, p.message, p.seconds_left, p.sequence, p.at FROM task_runs t LEFT JOIN progress p ON p.run_id = t.run_id AND p.subject_id = t.id WHERE t.run_id = $1 AND (t.state_type = $2) AND t.task_name IN ($3) AND (t.created_sequence, t.id) > ($4, $5) ORDER BY t.created_sequence, t.id LIMIT 51;

-- page of all task runs with a tag
SELECT t.id, t.run_id, t.created_sequence, t.key, t.task_name, t.run_name, t.map_index, t.tags, t.state_type, t.state_name, t.state_message, t.state_at,
t.sequence, t.run_count, t.created_at, t.started_at, t.ended_at, t.description,
p.run_id, p.subject_id, p.fraction, p.count, p.total, p.message, p.seconds_left, p.sequence, p.at FROM task_runs t LEFT JOIN progress p ON p.run_id = t.run_id AND p.subject_id = t.id WHERE jsonb_exists(t.tags::jsonb, $1) AND t.run_name ILIKE $2 ESCAPE '\' ORDER BY t.id DESC LIMIT 51;

-- first lines of a log
SELECT run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields FROM log_lines WHERE run_id = $1 AND position > $2 ORDER BY position LIMIT 1000;

-- last lines of a log
SELECT run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields FROM log_lines WHERE run_id = $1 AND position > $2 AND position < $3 ORDER BY position DESC LIMIT 1000;

-- search in a task's lines
SELECT run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields FROM log_lines WHERE run_id = $1 AND position > $2 AND level >= $3 AND task_id = $4 AND text ILIKE $5 ESCAPE '\' ORDER BY position LIMIT 1000;

-- overview: activity
SELECT hour, state_type, CAST(SUM(runs) AS bigint) FROM run_hours WHERE hour >= $1 GROUP BY hour, state_type HAVING SUM(runs) <> 0 ORDER BY hour, state_type;

-- overview: unfinished
SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ('Scheduled', 'Pending', 'Running', 'Paused', 'Cancelling')
GROUP BY state_type HAVING SUM(runs) <> 0;
SELECT count(*) FROM flow_runs WHERE state_type = 'Scheduled' AND due_at <= $1;
SELECT count(*) FROM flow_runs WHERE state_type = 'Scheduled' AND state_name <> 'Late' AND due_at <= $1;

