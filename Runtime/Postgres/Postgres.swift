// Postgres: PostgreSQL for handlers, on libpq without ever blocking the worker's loop.
//
// What it knows: libpq, PostgreSQL's types and errors, how connections are shared (a pool). The pool's decisions
// are in `PoolMachine`, which holds no socket and reads no clock; `PostgresPool` carries them out. One connection
// serves one query at a time; between two queries nothing of the first remains. A connection about which anything
// is in doubt (its query was cancelled, timed out or broke off, it left a transaction open, it changed the session) is
// closed.
//
// Values reach the server only as parameters: `SQL` is made from a string literal whose interpolations are bound.
// Rows come as text and are read from libpq's memory straight into `Decodable` types. What the server plans is prepared
// once on each connection, by text (`StatementCache`). Several statements travel together through libpq's pipeline mode
// (`batch`), many rows go in by COPY (`copy`), and many come out one by one (`rows`); in none of the three does either
// side wait for the other for ever, or hold more than the buffers between them.
//
// What it must not know: FunctionKit, HTTP, the wire between gateway and worker. `FoundationEssentials` is imported
// only in the files of `Types/` that are named after its types.
