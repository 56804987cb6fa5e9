-- A thousand users to try things with, the same ones each time. Two share each moment of creation.
INSERT INTO users (name, email, role, created_at)
SELECT
    first || ' ' || last,
    lower(first) || '.' || lower(last) || '.' || n || '@example.com',
    CASE WHEN n % 100 = 1 THEN 'admin' WHEN n % 20 = 2 THEN 'support' ELSE 'customer' END,
    timestamptz '2024-01-01 08:00:00Z' + ((n - 1) / 2) * interval '17 hours 23 minutes 41.25 seconds'
FROM generate_series(1, 1000) AS n
CROSS JOIN LATERAL (
    SELECT
        (ARRAY['Ada', 'Alan', 'Barbara', 'Carla', 'Donald', 'Dorothy', 'Edsger', 'Frances', 'Grace', 'Hedy', 'Jean',
            'John', 'Katherine', 'Ken', 'Leslie', 'Margaret', 'Niklaus', 'Radia', 'Robin', 'Tony'])[1 + n % 20] AS first,
        (ARRAY['Allen', 'Bartik', 'Dijkstra', 'Hamilton', 'Hoare', 'Hopper', 'Johnson', 'Knuth', 'Lamarr', 'Lamport',
            'Liskov', 'Lovelace', 'Milner', 'Perlman', 'Shannon', 'Thompson', 'Turing', 'Vaughan', 'Wirth', 'Backus',
            'Goldberg', 'Keller', 'Ritchie'])[1 + n % 23] AS last
) AS names
ORDER BY n;

ANALYZE users;
