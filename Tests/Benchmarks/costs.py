"""What a cold start and an idle process cost."""
import os
import socket
import subprocess
import time

import peers

HELLO = "{route: GET /hello, run: {swift: Hello}%s}"


def cold_start(count=200):
    """First byte of a request to a function with no worker, `count` times; each is checked to have had none."""
    server = peers.Swiftlet("cold", {"Hello": HELLO % ", scale: {idle: 20ms}"})
    try:
        os.sched_setaffinity(0, {int(peers.LOAD_CORE)})
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = f"GET {server.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
            took = []
            for _ in range(count):
                limit = time.monotonic() + 10
                while server.workers():
                    if time.monotonic() > limit:
                        raise SystemExit("bench: the idle worker does not stop")
                    time.sleep(0.01)
                before = server.function()
                start = time.perf_counter_ns()
                client.sendall(request)
                answer = client.recv(65536)
                took.append((time.perf_counter_ns() - start) / 1e6)
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(f"bench: a cold request was answered {answer[:80]!r}")
                after = server.function()
                if after["coldStarts"] != before["coldStarts"] + 1:
                    raise SystemExit("bench: a request that should have been cold found a worker")
    finally:
        os.sched_setaffinity(0, {0, 1})
        server.stop()
    took.sort()
    return {"count": count, "median": took[count // 2], "p99": took[int(count * 0.99) - 1], "min": took[0], "max": took[-1]}


def rollup(pid):
    """The process's memory in bytes by kind, of /proc/PID/smaps_rollup."""
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.rstrip().endswith("kB")}


def settled_workers(server, count):
    """The workers' ids when there are so many and each is ready."""
    limit = time.monotonic() + 20
    while True:
        workers = server.workers()
        if len(workers) == count and all(worker["state"] == "ready" for worker in workers):
            return [worker["pid"] for worker in workers]
        if time.monotonic() > limit:
            raise SystemExit(f"bench: there are not {count} workers")
        time.sleep(0.02)


def memory():
    """Private memory of an idle worker, proportional memory of each further one, and the gateway's with 10 functions."""
    proportional = {}
    private = None
    for count in (1, 9):
        scale = ", scale: {min: %d, max: %d}" % (count, count)
        server = peers.Swiftlet(f"memory{count}", {"Hello": HELLO % scale})
        try:
            pids = settled_workers(server, count)
            subprocess.run(["sync"], check=True)
            rollups = [rollup(pid) for pid in pids]
            proportional[count] = sum(each["Pss"] for each in rollups)
            if count == 1:
                private = rollups[0]["Private_Dirty"]
        finally:
            server.stop()
    functions = {
        f"Hello{number}": "{route: GET /hello%d, run: {swift: Hello}}" % number for number in range(10)}
    server = peers.Swiftlet("gateway", functions, path="/hello0")
    try:
        for number in range(10):
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(f"GET /hello{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                client.recv(65536)
        subprocess.run(["sync"], check=True)
        gateway = rollup(server.process.pid)
    finally:
        server.stop()
    mb = 1024 * 1024
    return {
        "worker_private_mb": private / mb,
        "worker_further_mb": (proportional[9] - proportional[1]) / 8 / mb,
        "gateway_anonymous_mb": gateway["Anonymous"] / mb,
        "gateway_resident_mb": gateway["Rss"] / mb}
