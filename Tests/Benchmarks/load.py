"""Load by wrk, alternating over servers, and the table of it."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import processes
from swiftlet import Swiftlet

UNITS = {"us": 1.0, "ms": 1000.0, "s": 1_000_000.0, "m": 60_000_000.0}


@contextmanager
def script(text):
    """A file for wrk's --script."""
    with tempfile.NamedTemporaryFile("w", prefix="swiftlet-bench-", suffix=".lua") as out:
        out.write(text)
        out.flush()
        yield out.name


def in_turn(paths, headers=()):
    """A script that asks for these in turn, with these pairs of header name and value."""
    listed = ", ".join(f'"{path}"' for path in paths)
    fields = ", ".join(f'["{name}"] = "{value}"' for name, value in headers)
    return (
        f"local paths = {{{listed}}}\nlocal headers = {{{fields}}}\nlocal requests, at = {{}}, 0\n"
        'function init() for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path, headers) end end\n'
        "function request() at = at % #requests + 1 return requests[at] end\n")


def wrk(server, connections, seconds):
    """One run of wrk: requests, requests/s, latency percentiles in microseconds; any error ends the benchmark."""
    command = ["taskset", "-c", processes.LOAD_CORE, "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s",
               "--timeout", "20s", "--latency"]
    if server.script:
        command += ["-s", server.script]
    out = subprocess.run(command + [server.url()], capture_output=True, text=True, check=True).stdout
    if "Socket errors" in out or "Non-2xx" in out:
        raise SystemExit(f"bench: errors from {server.name}, {server.url()}:\n{out}")
    percentile = {
        name: float(value) * UNITS[unit]
        for name, value, unit in re.findall(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", out, re.M)}
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    if requests == 0 or len(percentile) != 2:
        raise SystemExit(f"bench: {server.name} did not answer as it should in {seconds} s:\n{out}")
    return {
        "requests": requests, "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
        "p50": percentile["50"], "p99": percentile["99"]}


def at_rest(server):
    """What the workers have counted when what the last run left behind is done."""
    before, now = None, server.handled()
    while now != before:
        time.sleep(0.05)
        before, now = now, server.handled()
    return now


def one_run(server, connections, seconds):
    ours = isinstance(server, Swiftlet)
    counted = at_rest(server) if ours and server.reaches_workers else None
    cpu, gateway = server.cpu_microseconds(), server.gateway_microseconds() if ours else 0
    run = wrk(server, connections, seconds)
    run["cpu"] = (server.cpu_microseconds() - cpu) / run["requests"]
    if ours:
        run["gateway"] = (server.gateway_microseconds() - gateway) / run["requests"]
    if counted is not None:
        run["counted"] = server.handled() - counted
        # What was under way when wrk hung up was handled, and is not in its total.
        if not 0 <= run["counted"] - run["requests"] <= connections:
            raise SystemExit(f"bench: {server.name}: the workers counted {run['counted']}, wrk {run['requests']}")
    return run


def measure(servers, connections, rounds, seconds):
    """Alternates over the servers; for each: medians, and the median of its ratio to each other one, round by round."""
    runs = {server.name: [] for server in servers}
    for server in servers:
        wrk(server, connections, 1)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}, {connections} connections", file=sys.stderr)
        for server in servers:
            runs[server.name].append(one_run(server, connections, seconds))
    result = {}
    for name, own in runs.items():
        row = {key: statistics.median(run[key] for run in own) for key in ("rate", "p50", "p99", "cpu")}
        if "gateway" in own[0]:
            row["gateway"] = statistics.median(run["gateway"] for run in own)
        row["requests"] = sum(run["requests"] for run in own)
        row["counted"] = sum(run["counted"] for run in own) if "counted" in own[0] else None
        row["ratio"] = {
            other: statistics.median(mine["rate"] / its["rate"] for mine, its in zip(own, theirs))
            for other, theirs in runs.items()}
        result[name] = row
    return result


def table(title, result):
    """Prints the rows; the ratio is that of the first one to each."""
    ours = result[next(iter(result))]
    print(f"\n{title}\n")
    print("| server | requests/s | Swiftlet to it | median µs | p99 µs | CPU µs a request | requests by wrk / by workers |")
    print("|---|---|---|---|---|---|---|")
    for name, row in result.items():
        counted = f"{row['requests']} / {row['counted']}" if row["counted"] is not None else f"{row['requests']}"
        print(
            f"| {name} | {row['rate']:,.0f} | {ours['ratio'][name]:.2f} | {row['p50']:.0f} | {row['p99']:.0f} "
            f"| {row['cpu']:.2f} | {counted} |", flush=True)
