CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    price_cents bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 100000000),
    stock integer NOT NULL CHECK (stock >= 0)
);

-- Imports find products by it.
CREATE UNIQUE INDEX products_sku_key ON products (sku);

-- Two hundred products to try things with, the same ones each time.
INSERT INTO products (sku, name, price_cents, stock)
SELECT
    'SKU-' || lpad(n::text, 6, '0'),
    (ARRAY['Plain', 'Fine', 'Large', 'Small', 'Folding', 'Spare', 'Blue', 'Red'])[1 + n % 8] || ' '
        || (ARRAY['Kettle', 'Lamp', 'Chair', 'Bowl', 'Clock', 'Brush', 'Basket', 'Ladder', 'Mirror'])[1 + n % 9],
    199 + (n * 7919) % 20000,
    100
FROM generate_series(1, 200) AS n
ORDER BY n;

ANALYZE products;
