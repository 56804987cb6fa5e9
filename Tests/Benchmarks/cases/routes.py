"""A thousand routes beside one."""
import contextlib

import load
from swiftlet import ONE_WORKER, Swiftlet

COUNT = 1000


def routes():
    """Patterns of several shapes, and a path that each one takes."""
    for number in range(COUNT):
        yield [
            (f"GET /things{number}", f"/things{number}"),
            (f"GET /shops/{number}/stock", f"/shops/{number}/stock"),
            (f"GET /users{number}/{{id}}", f"/users{number}/42"),
            (f"GET /users/{{id}}/kind{number}/{{item}}", f"/users/42/kind{number}/7"),
        ][number % 4]


def entry(patterns):
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    return f"{{routes: [{listed}], run: {{swift: Hello}}, {ONE_WORKER}}}"


def run(options, targets):
    patterns, paths = zip(*routes())
    with contextlib.ExitStack() as stack:
        # Both are asked by a script of a thousand requests, so that wrk does the same work.
        many = stack.enter_context(load.script(load.in_turn(paths)))
        one = stack.enter_context(load.script(load.in_turn(["/users42/42"] * COUNT)))
        servers = [
            stack.enter_context(Swiftlet(
                f"Swiftlet, {COUNT} routes in turn", {"Hello": entry(patterns)}, paths[0], many)),
            stack.enter_context(Swiftlet(
                "Swiftlet, one route", {"Hello": entry(["GET /users42/{id}"])}, "/users42/42", one))]
        result = load.measure(servers, 64, options.rounds, options.seconds)
    load.table(f"{COUNT} routes, each asked in turn, beside one, 64 connections", result)
    many, one = (result[server.name] for server in servers)
    targets.at_least(f"{COUNT} routes, throughput to one route's", many["ratio"][servers[1].name], 0.95)
    # wrk's script may be what ends the throughput; the processor's time tells the same of the server alone.
    targets.at_least(f"{COUNT} routes, CPU a request of one route to theirs", one["cpu"] / many["cpu"], 0.95)
    return {"routes": result}
