"""Hello: what the front, the way to a worker and back, and each peer cost when the handler does nothing."""
import contextlib

import load
import peers
from swiftlet import ONE_WORKER, Swiftlet, function


def run(options, targets):
    results = {}
    with contextlib.ExitStack() as stack:
        ours = [
            Swiftlet("Swiftlet, one worker", {"Hello": function("GET /hello", "Hello", ONE_WORKER)}, "/hello"),
            Swiftlet("Swiftlet, default scale", {"Hello": function("GET /hello", "Hello")}, "/hello")]
        bare = peers.those(peers.nginx, peers.nio, peers.node)
        others = peers.those(peers.express, peers.uvicorn, peers.nginx_node, peers.nginx_php)
        for server in ours + bare + others:
            stack.enter_context(server)
        for connections, servers in ((64, ours + bare + others), (1, ours + bare)):
            result = results[f"hello{connections}"] = load.measure(
                servers, connections, options.rounds, options.seconds)
            plural = "s" if connections > 1 else ""
            load.table(
                f"Hello, {connections} connection{plural}, server on one core, wrk on the other", result)
    result = results["hello64"]
    targets.passes(result, peers.NGINX_NODE, "Hello", 1.3)
    targets.passes(result, peers.NGINX_PHP, "Hello")
    targets.passes(result, peers.NODE, "Hello")
    targets.passes(result, peers.EXPRESS, "Hello")
    return results
