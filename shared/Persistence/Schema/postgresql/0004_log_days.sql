-- Log lines lie in one partition a day, the day on which their run was made: all lines of a run are in one place, and retention drops
-- a day whole. Version 7 ids begin with their time, so that a day is a range of them. The functions run with the rights of the
-- schema's owner: the role that stores lines owns nothing.
CREATE FUNCTION log_day_start(day integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(day::bigint * 86400000), 12, '0') || repeat('0', 20))::uuid $$;

CREATE FUNCTION log_day_table(day integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT 'log_lines_' || to_char(date '1970-01-01' + day, 'YYYYMMDD') $$;

-- False where it is there already, or where lines of that day are in the default partition: they stay there.
CREATE FUNCTION add_log_day(day integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7161125218443191661);
    IF to_regclass(log_day_table(day)) IS NOT NULL
       OR EXISTS (SELECT 1 FROM log_lines_other WHERE run_id >= log_day_start(day) AND run_id < log_day_start(day + 1)) THEN
        RETURN FALSE;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF log_lines FOR VALUES FROM (%L) TO (%L)', log_day_table(day), log_day_start(day), log_day_start(day + 1));
    RETURN TRUE;
END $$;

-- False where there is none, or where a run of that day has not ended.
CREATE FUNCTION drop_log_day(day integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7161125218443191661);
    IF to_regclass(log_day_table(day)) IS NULL
       OR EXISTS (SELECT 1 FROM flow_runs WHERE id >= log_day_start(day) AND id < log_day_start(day + 1) AND ended_at IS NULL) THEN
        RETURN FALSE;
    END IF;
    EXECUTE format('DROP TABLE %I', log_day_table(day));
    RETURN TRUE;
END $$;
