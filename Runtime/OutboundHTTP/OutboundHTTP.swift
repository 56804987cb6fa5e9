// OutboundHTTP: HTTP requests to other services, on libcurl without ever blocking the worker's loop.
//
// What it knows: libcurl's multi interface, which tells which sockets and which time it waits for; the loop waits for
// them. Host names are looked up by the loop, so that libcurl starts no threads. Certificates are always checked,
// only http and https are spoken, the environment's proxies are ignored, and every answer has a largest size.
// Redirects and retries are decided here and not by libcurl, which knows neither which headers are credentials nor
// which requests may be sent twice.
//
// Exchanges: from a request to an answer, over redirects and retries (pure decisions, and the loop that follows them).
// Transfers: one request to one server, by libcurl. Messages: what callers see.
//
// What it must not know: FunctionKit, the wire between gateway and worker, what requests mean.
