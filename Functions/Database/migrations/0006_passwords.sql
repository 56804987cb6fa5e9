-- bcrypt is PostgreSQL's own to compute: a password's hash never leaves the database.
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- Who has none cannot sign in.
ALTER TABLE users ADD COLUMN password_hash text CHECK (length(password_hash) = 60);

-- The thousand users to try things with all have the password "swiftlet". A hash takes a twentieth of a second, so they
-- share one. Nobody else gets it: real users have real addresses.
WITH demo AS MATERIALIZED (SELECT crypt('swiftlet', gen_salt('bf', 10)) AS hash)
UPDATE users SET password_hash = demo.hash FROM demo
WHERE id <= 1000 AND email ~ '^[a-z]+\.[a-z]+\.[0-9]+@example\.com$' AND created_at < '2026-01-01Z';

ANALYZE users;
