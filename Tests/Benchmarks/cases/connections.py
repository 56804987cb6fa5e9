"""A thousand and ten thousand connections: under load, and idle."""
import contextlib
import resource
import socket

import load
import peers
from cases.memory import MB, rollup
from swiftlet import Swiftlet, function

# Ten thousand, wrk's or our own, and what the process has open besides.
NEEDED = 10_200
# As many requests as connections may wait for the worker.
SCALE = "scale: {min: 1, max: 1, concurrency: 128, queue: 10000, wait: 20s}"


def swiftlet():
    return Swiftlet(
        "Swiftlet, one worker", {"Hello": function("GET /hello", "Hello", SCALE)}, "/hello",
        server=["maxConnections: 11000"])


def run(options, targets):
    results = {}
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < NEEDED:
        print(f"\nbench: left out: 10,000 connections need `ulimit -n {NEEDED}`")
        counts = (1000,)
    else:
        counts = (1000, 10_000)
    # A run begins with connecting, so it is longer, and there are fewer.
    rounds, seconds = min(options.rounds, 3), max(options.seconds, 3)
    with contextlib.ExitStack() as stack:
        servers = [swiftlet(), *peers.those(peers.nginx, peers.node, peers.nginx_node)]
        for server in servers:
            stack.enter_context(server)
        for count in counts:
            if count > 4096:
                # No more can wait at a Unix socket, and nginx answers 502 to the rest.
                servers = [server for server in servers if server.name != peers.NGINX_NODE]
            result = results[f"connections{count}"] = load.measure(servers, count, rounds, seconds)
            load.table(f"Hello, {count:,} connections, from connecting on", result)
    if 10_000 in counts:
        results["idle"] = figures = idle(10_000)
        print(
            "\n10,000 idle connections: gateway {resident_mb:.1f} MB resident, {before_mb:.1f} MB before; "
            "{bytes_each:,.0f} bytes each".format(**figures))
        targets.at_most("10,000 idle connections, gateway's resident MB", figures["resident_mb"], 70)
    else:
        targets.at_most("10,000 idle connections, gateway's resident MB", None, 70)
    return results


def idle(count):
    """The gateway's memory with so many connections, each of which has had one answer and waits."""
    request = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with swiftlet() as server, contextlib.ExitStack() as stack:
        def connect():
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            client.sendall(request)
            if not client.recv(4096).startswith(b"HTTP/1.1 200"):
                raise SystemExit("bench: an idle connection was refused")
            return client
        connect()
        before = rollup(server.gateway)["Rss"]
        clients = [connect() for _ in range(count - 1)]
        resident = rollup(server.gateway)["Rss"]
        # That they are all still open is part of the claim.
        for client in clients[::100]:
            client.sendall(request)
            if not client.recv(4096).startswith(b"HTTP/1.1 200"):
                raise SystemExit("bench: an idle connection was closed")
    return {"resident_mb": resident / MB, "before_mb": before / MB, "bytes_each": (resident - before) / count}
