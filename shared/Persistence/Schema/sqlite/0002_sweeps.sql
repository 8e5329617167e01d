-- One row: when the runs were swept last, and until when no lease expires because agents could not renew.
CREATE TABLE sweeps (
    id                 INTEGER NOT NULL PRIMARY KEY,
    swept_at           INTEGER NOT NULL,
    leases_kept_until  INTEGER NOT NULL
) STRICT;
