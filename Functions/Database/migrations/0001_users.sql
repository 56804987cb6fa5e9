CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    email text NOT NULL CHECK (length(email) <= 254),
    role text NOT NULL DEFAULT 'customer' CHECK (role IN ('admin', 'support', 'customer')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- One address is one user, however its letters are written.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
-- Newest first, all of them and of one role; the id decides between users of the same moment.
CREATE INDEX users_by_age ON users (created_at DESC, id DESC);
CREATE INDEX users_by_role_and_age ON users (role, created_at DESC, id DESC);
