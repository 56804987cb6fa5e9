"""What an idle process costs."""
import os
import socket

from swiftlet import Swiftlet, function

MB = 1024 * 1024


def rollup(pid):
    """The process's memory in bytes by kind, of /proc/PID/smaps_rollup."""
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.rstrip().endswith("kB")}


def run(options, targets):
    """Private memory of an idle worker, proportional memory of each further one, and the gateway's with 10 functions."""
    proportional, private = {}, None
    for count in (1, 9):
        entry = function("GET /hello", "Hello", f"scale: {{min: {count}, max: {count}}}")
        with Swiftlet(f"memory{count}", {"Hello": entry}, "/hello") as server:
            pids = server.settled("Hello", count)
            # Pages of a program just linked that are not on the disk yet would count as private.
            os.sync()
            rollups = [rollup(pid) for pid in pids]
            proportional[count] = sum(each["Pss"] for each in rollups)
            if count == 1:
                private = rollups[0]["Private_Dirty"]
    functions = {f"Hello{number}": function(f"GET /hello{number}", "Hello") for number in range(10)}
    with Swiftlet("gateway", functions, "/hello0") as server:
        for number in range(10):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
                client.sendall(f"GET /hello{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                client.recv(65536)
        os.sync()
        gateway = rollup(server.gateway)
    figures = {
        "worker_private_mb": private / MB,
        "worker_further_mb": (proportional[9] - proportional[1]) / 8 / MB,
        "gateway_anonymous_mb": gateway["Anonymous"] / MB,
        "gateway_resident_mb": gateway["Rss"] / MB}
    print(
        "\nMemory: idle Hello worker {worker_private_mb:.2f} MB private, each further one {worker_further_mb:.2f} MB "
        "proportional; gateway with 10 functions {gateway_anonymous_mb:.1f} MB anonymous, "
        "{gateway_resident_mb:.1f} MB resident".format(**figures))
    return {"memory": figures}
