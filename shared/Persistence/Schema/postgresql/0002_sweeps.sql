-- One row: when the runs were swept last, and until when no lease expires because agents could not renew.
CREATE TABLE sweeps (
    id                 integer  NOT NULL PRIMARY KEY,
    swept_at           bigint   NOT NULL,
    leases_kept_until  bigint   NOT NULL
);
