// OutboundHTTP: HTTP requests to other services, on libcurl without ever blocking the worker's loop.
//
// What it knows: libcurl's multi interface, which tells which sockets and which time it waits for; the loop waits for
// them. Host names are looked up by the loop, so that libcurl starts no threads. Certificates are always checked,
// only http and https are spoken, redirects are not followed, the environment's proxies are ignored, and every
// answer has a largest size.
//
// What it must not know: FunctionKit, the wire between gateway and worker, what requests mean.
