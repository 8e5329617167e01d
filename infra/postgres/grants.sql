-- What each service's role may do; what is not granted here nobody but the owner may. Given anew after every upgrade.
SET client_min_messages = warning;

DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "state-store", "log-ingest", "scheduler", "api";

DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO "state-store", "log-ingest", "scheduler", "api"', current_database()); END $$;
GRANT USAGE ON SCHEMA public TO "state-store", "log-ingest", "scheduler", "api";
GRANT SELECT ON schema_version TO "state-store", "log-ingest", "scheduler", "api";

-- The state store owns the truth: every row but those of the log and of the schema itself.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "state-store";
REVOKE INSERT, UPDATE, DELETE ON schema_version FROM "state-store";
REVOKE INSERT, UPDATE ON log_lines FROM "state-store";

-- Log lines are stored under a lock on their run, which is a right to update a column that nothing updates.
GRANT SELECT, UPDATE (id) ON flow_runs TO "log-ingest";
GRANT SELECT, INSERT ON log_lines TO "log-ingest";
-- Copies lines to a staging table first; makes and drops the days of the log by functions of the owner's.
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO "log-ingest"', current_database()); END $$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "log-ingest";

-- These only read.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "scheduler", "api";
REVOKE SELECT ON api_tokens FROM "scheduler";

-- The scheduler's process tells of runs: it writes down what it told.
GRANT DELETE ON notification_events TO "scheduler";
GRANT INSERT, UPDATE, DELETE ON notification_deliveries TO "scheduler";
