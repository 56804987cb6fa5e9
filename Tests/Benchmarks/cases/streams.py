"""A gigabyte up and a gigabyte down, beside nginx in front of Node."""
import contextlib
import json
import os
import socket
import statistics
import sys
import time

import peers
import processes
from cases.memory import MB
from swiftlet import Swiftlet, function

SIZE = 1_000_000_000
SCALE = "scale: {min: 1, max: 1}"
PART = memoryview(bytes(256 * 1024))


def swiftlet():
    functions = {
        "StreamBytes": function("GET /bytes", "StreamBytes", SCALE),
        "TakeUpload": function(
            "POST /upload", "TakeUpload", SCALE, "body: 2GiB", "timeout: 120s", "stream: {request: true}")}
    server = Swiftlet("Swiftlet", functions, "/bytes")
    for name in functions:
        server.settled(name, 1)
    return server


def run(options, targets):
    runs = {}
    rounds = min(options.rounds, 3)
    cores = os.sched_getaffinity(0)
    with contextlib.ExitStack() as stack:
        servers = [swiftlet(), *peers.those(lambda: peers.nginx_node(program="streams.js"))]
        for server in servers:
            stack.enter_context(server)
        try:
            os.sched_setaffinity(0, {int(processes.LOAD_CORE)})
            for number in range(rounds):
                print(f"round {number + 1} of {rounds}, 1 GB", file=sys.stderr)
                for direction, transfer in (("upload", upload), ("response", download)):
                    for server in servers:
                        cpu, start = server.cpu_microseconds(), time.perf_counter()
                        transfer(server)
                        took = time.perf_counter() - start
                        runs.setdefault((direction, server.name), []).append(
                            {"rate": SIZE / 1e6 / took, "cpu": server.cpu_microseconds() - cpu})
        finally:
            os.sched_setaffinity(0, cores)
        peaks = {server.name: peak_resident(server) for server in servers}
    return {"streams": report(runs, peaks, targets)}


def report(runs, peaks, targets):
    results = {}
    print("\nA gigabyte by one client, server on one core, client on the other\n")
    print("| server | direction | MB/s | Swiftlet to it | CPU µs a request | peak resident MB, front / behind |")
    print("|---|---|---|---|---|---|")
    for (direction, name), own in runs.items():
        ours = runs[direction, "Swiftlet"]
        row = {key: statistics.median(run[key] for run in own) for key in ("rate", "cpu")}
        row["ratio"] = statistics.median(mine["rate"] / its["rate"] for mine, its in zip(ours, own))
        row["peak_mb"] = peaks[name]
        results[f"{direction}, {name}"] = row
        held = " / ".join(f"{each:.1f}" for each in peaks[name])
        print(f"| {name} | {direction} | {row['rate']:,.0f} | {row['ratio']:.2f} | {row['cpu']:,.0f} | {held} |")
    for direction in ("upload", "response"):
        peer = results.get(f"{direction}, {peers.NGINX_NODE}")
        targets.at_least(f"1 GB {direction}, to {peers.NGINX_NODE}", peer and peer["ratio"], 0.5)
    targets.at_most("1 GB each way, gateway's peak resident MB", peaks["Swiftlet"][0], 40)
    targets.at_most("1 GB each way, workers' peak resident MB", max(peaks["Swiftlet"][1:]), 40)
    return results


def peak_resident(server):
    """The most that each process has ever held, in MB: of the front first, then of those behind it."""
    def peak(pid):
        with open(f"/proc/{pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / MB
    if isinstance(server, Swiftlet):
        return [peak(server.gateway)] + [peak(worker["pid"]) for worker in server.workers()]
    behind, front = server.processes
    return [max(peak(pid) for pid in processes.descendants(front.pid)), peak(behind.pid)]


def connect(server, head):
    client = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    client.sendall((head + "\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").encode())
    return client


def upload(server):
    with connect(server, f"POST /upload HTTP/1.1\r\nContent-Length: {SIZE}") as client:
        left = SIZE
        while left:
            left -= client.send(PART[:left])
        answer = b""
        while part := client.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200") or json.loads(body) != {"bytes": SIZE}:
        raise SystemExit(f"bench: {server.name}: an upload was answered {answer[:300]!r}")


def download(server):
    buffer = bytearray(256 * 1024)
    with connect(server, f"GET /bytes?count={SIZE} HTTP/1.1") as client:
        # The head comes first, and says how long the body is.
        begin = b""
        while b"\r\n\r\n" not in begin:
            part = client.recv(65536)
            if not part:
                break
            begin += part
        head, _, body = begin.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200") or f"content-length: {SIZE}".encode() not in head.lower():
            raise SystemExit(f"bench: {server.name}: a stream was answered {begin[:300]!r}")
        got = len(body)
        while count := client.recv_into(buffer):
            got += count
    if got != SIZE:
        raise SystemExit(f"bench: {server.name}: {got} bytes of {SIZE} came")
