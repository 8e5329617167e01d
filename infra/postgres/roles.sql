-- One role a service, with the password of its secret file. Agents have none.
SET client_min_messages = warning;
SET password_encryption = 'scram-sha-256';

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT', role)
FROM unnest(ARRAY['state-store', 'log-ingest', 'scheduler', 'api']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

\set password `cat "$SECRETS/state-store/database-password"`
ALTER ROLE "state-store" PASSWORD :'password';
\set password `cat "$SECRETS/log-ingest/database-password"`
ALTER ROLE "log-ingest" PASSWORD :'password';
\set password `cat "$SECRETS/scheduler/database-password"`
ALTER ROLE "scheduler" PASSWORD :'password';
\set password `cat "$SECRETS/api/database-password"`
ALTER ROLE "api" PASSWORD :'password';
