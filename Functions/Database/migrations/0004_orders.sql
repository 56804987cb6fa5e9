CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    status text NOT NULL DEFAULT 'placed'
        CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
    total_cents bigint NOT NULL CHECK (total_cents >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Newest first: all of them, those of one status, of one user, and of one user in one status.
CREATE INDEX orders_by_age ON orders (created_at DESC, id DESC);
CREATE INDEX orders_by_status_and_age ON orders (status, created_at DESC, id DESC);
CREATE INDEX orders_by_user_and_age ON orders (user_id, created_at DESC, id DESC);
CREATE INDEX orders_by_user_status_and_age ON orders (user_id, status, created_at DESC, id DESC);

-- The price is what the product cost when it was ordered.
CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id),
    quantity integer NOT NULL CHECK (quantity > 0),
    price_cents bigint NOT NULL CHECK (price_cents >= 0),
    PRIMARY KEY (order_id, product_id)
);

-- What became of an order. One order's events are committed in the order of their ids: whoever adds one has just made
-- or changed the order, and so holds its row.
CREATE TABLE order_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    status text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_events_by_order ON order_events (order_id, id);

-- The events write themselves, however an order is made or changed: once a statement, not once a row.
CREATE FUNCTION note_placed_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_events (order_id, status) SELECT id, status FROM added ORDER BY id;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_placed AFTER INSERT ON orders
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_placed_orders();

CREATE FUNCTION note_changed_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_events (order_id, status)
    SELECT after.id, after.status FROM after JOIN before USING (id)
    WHERE after.status <> before.status ORDER BY after.id;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_changed AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_changed_orders();
