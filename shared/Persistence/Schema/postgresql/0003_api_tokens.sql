-- Of a token only the SHA-256 (64 hex digits) is kept. A revoked one stays, so that it is known what it was.
CREATE TABLE api_tokens (
    id          uuid NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    hash        text NOT NULL UNIQUE,
    scope       text NOT NULL,
    created_at  bigint NOT NULL,
    expires_at  bigint,
    revoked_at  bigint
);
CREATE UNIQUE INDEX ux_api_tokens_name ON api_tokens (name) WHERE revoked_at IS NULL;
