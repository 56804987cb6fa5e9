"""What a cold start costs: of Hello, and of a function that opens libpq, connects and asks."""
import os
import socket
import time

import processes
from cases import database
from swiftlet import Swiftlet, function

IDLE = "scale: {idle: 20ms}"


def run(options, targets):
    with Swiftlet("cold", {"Hello": function("GET /hello", "Hello", IDLE)}, "/hello") as server:
        hello = starts(server, "Hello", 200)
    say("Hello", hello)
    with database.Database() as postgres, database.swiftlet(postgres, IDLE, name="cold") as server:
        user = starts(server, "GetUser", 100, database.HEADERS)
    say("GET /users/{id}", user)
    targets.at_most("cold GET /users/{id}, median ms", user["median"], 12)
    return {"cold": hello, "coldUser": user}


def say(what, figures):
    print(
        "\nCold start of {what}, {count} times, each with no worker before: median {median:.2f} ms, p99 {p99:.2f} ms, "
        "CPU {cpu:,.0f} µs".format(what=what, **figures), flush=True)


def starts(server, name, count, headers=()):
    """First byte of a request to a function with no worker, `count` times; each is checked to have had none."""
    cores = os.sched_getaffinity(0)
    fields = "".join(f"{key}: {value}\r\n" for key, value in headers)
    request = f"GET {server.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n".encode()
    took, spent = [], []
    try:
        os.sched_setaffinity(0, {int(processes.LOAD_CORE)})
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(count):
                limit = time.monotonic() + 10
                while server.workers():
                    if time.monotonic() > limit:
                        raise SystemExit("bench: the idle worker does not stop")
                    time.sleep(0.01)
                before = server.function(name)
                cpu = server.cpu_microseconds()
                start = time.perf_counter_ns()
                client.sendall(request)
                answer = client.recv(65536)
                took.append((time.perf_counter_ns() - start) / 1e6)
                spent.append(server.cpu_microseconds() - cpu)
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(f"bench: a cold request was answered {answer[:80]!r}")
                if server.function(name)["coldStarts"] != before["coldStarts"] + 1:
                    raise SystemExit("bench: a request that should have been cold found a worker")
    finally:
        os.sched_setaffinity(0, cores)
    took.sort()
    return {"count": count, "median": took[count // 2], "p99": took[int(count * 0.99) - 1], "min": took[0],
            "max": took[-1], "cpu": sorted(spent)[count // 2]}
