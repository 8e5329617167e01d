-- Of a token only the SHA-256 (64 hex digits) is kept. A revoked one stays, so that it is known what it was.
CREATE TABLE api_tokens (
    id          BLOB NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    hash        TEXT NOT NULL UNIQUE,
    scope       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX ux_api_tokens_name ON api_tokens (name) WHERE revoked_at IS NULL;
