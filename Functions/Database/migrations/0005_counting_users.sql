-- For the totals of lists: equal entries are stored once, so counting all users, or those of a role, reads a tenth of
-- what the table takes.
CREATE INDEX users_by_role ON users (role);
