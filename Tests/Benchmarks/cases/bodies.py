"""Bodies: JSON of 2 KB and of 64 KB encoded anew for each request, and 64 KiB of bytes each way."""
import contextlib
import http.client
import json

import load
import peers
from swiftlet import ONE_WORKER, Swiftlet, function

KIB64 = 64 * 1024


def users(count):
    """The document; `UserList` makes the same."""
    return [
        {"id": 1000 + n, "name": f"Anna Lovelace {n}", "email": f"anna.{n}@example.com",
         "role": "admin" if n % 3 == 0 else "member", "createdAt": "2025-11-21T04:48:00.123Z"} for n in range(count)]


def users_of(size):
    """As many users as make a document of about so many bytes."""
    count = 1
    while len(json.dumps({"users": users(count + 1)}, separators=(",", ":"))) <= size:
        count += 1
    return count


def fetch(server, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST" if body else "GET", server.path, body)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"bench: {server.name} answered {response.status}: {answer[:200]!r}")
    return answer


def json_case(size, options, targets):
    count = users_of(size)
    document = users(count)
    makers = [lambda maker=maker: maker("/users", document) for maker in (
        peers.node, peers.express, peers.uvicorn, peers.nginx_node, peers.nginx_php)]
    with contextlib.ExitStack() as stack:
        more = f'env: {{USERS: "{count}"}}'
        servers = [
            Swiftlet("Swiftlet, one worker", {"UserList": function("GET /users", "UserList", ONE_WORKER, more)}, "/users"),
            Swiftlet("Swiftlet, default scale", {"UserList": function("GET /users", "UserList", more)}, "/users"),
            *peers.those(*makers)]
        for server in servers:
            stack.enter_context(server)
            if json.loads(fetch(server)) != {"users": document}:
                raise SystemExit(f"bench: {server.name} answers another document")
        length = len(fetch(servers[0]))
        result = load.measure(servers, 64, options.rounds, options.seconds)
    load.table(f"JSON of {length:,} bytes ({count} users), encoded for each request, 64 connections", result)
    return result


def small(options, targets):
    result = json_case(2048, options, targets)
    targets.passes(result, peers.NGINX_NODE, "2 KB JSON", 1.3)
    targets.passes(result, peers.NGINX_PHP, "2 KB JSON")
    return {"body2k": result}


def large(options, targets):
    return {"body64k": json_case(KIB64, options, targets)}


def copied(options, targets):
    """64 KiB through a worker, beside the same front that has or takes it in process."""
    results = {}
    post = (
        'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/octet-stream"\n'
        f'wrk.body = string.rep("x", {KIB64})\n')
    entry = "{routes: [GET /bytes, POST /bytes], run: {swift: FixedBody}, %s, env: {BYTES: \"%d\"}}" % (ONE_WORKER, KIB64)
    with contextlib.ExitStack() as stack:
        ours = Swiftlet("Swiftlet, one worker", {"FixedBody": entry}, "/bytes")
        servers = [stack.enter_context(ours), stack.enter_context(peers.front(KIB64))]
        for server in servers:
            if len(fetch(server)) != KIB64 or fetch(server, b"x" * KIB64) != str(KIB64).encode():
                raise SystemExit(f"bench: {server.name} does not pass 64 KiB")
        script = stack.enter_context(load.script(post))
        for direction, used in (("response", None), ("request body", script)):
            for server in servers:
                server.script = used
            result = load.measure(servers, 64, options.rounds, options.seconds)
            results["response64k" if used is None else "request64k"] = result
            load.table(f"A 64 KiB {direction}, 64 connections", result)
            targets.at_least(
                f"64 KiB {direction} through a worker, to the same front in process",
                result[ours.name]["ratio"][servers[1].name], 0.45)
    return results
