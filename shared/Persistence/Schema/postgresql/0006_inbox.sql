-- Commands that were carried out and that nothing but their id tells from new ones; forgotten after a day.
CREATE TABLE inbox (
    id           uuid    NOT NULL PRIMARY KEY,
    answered_id  uuid,
    version      bigint  NOT NULL,
    at           bigint  NOT NULL
);
CREATE INDEX ix_inbox_at ON inbox (at);
