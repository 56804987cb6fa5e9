"""The gateway with a manifest of its own in a folder of its own."""
import http.client
import json
import os
import socket
import time

import processes

# One worker takes all; what a function has without a `scale` of its own.
ONE_WORKER = "scale: {min: 1, max: 1, concurrency: 128}"


def function(route, program, *more):
    """A function's entry in the manifest."""
    return "{" + ", ".join([f'route: "{route}"', f"run: {{swift: {program}}}", *more]) + "}"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.unix = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.unix)


class Swiftlet(processes.Server):
    """`functions` maps names to entries; `sections` are lines of the manifest's top level."""

    def __init__(self, name, functions, path, script=None, sections=(), server=()):
        super().__init__(name, path, script)
        # What the cache answers, no worker counts.
        self.reaches_workers = not any("cache: {" in each for each in functions.values())
        for each in functions.values():
            processes.executable(each.split("run: {swift: ")[1].split("}")[0])
        lines = [
            "swiftlet: 1", "name: bench", f"executables: {processes.release}", "server:",
            f"  listen: 127.0.0.1:{self.port}", *(f"  {line}" for line in server), "log: {requests: none}",
            "defaults: {auth: none}", *sections, "functions:", *(f"  {key}: {each}" for key, each in functions.items())]
        with open(os.path.join(self.folder, "manifest.yaml"), "w") as manifest:
            manifest.write("\n".join(lines) + "\n")
        self.start([processes.executable("swiftlet"), "serve"])

    @property
    def gateway(self):
        return self.processes[0].pid

    def gateway_microseconds(self):
        """The gateway's own part of `cpu_microseconds`."""
        return self.microseconds([self.gateway])

    def ask(self, path):
        connection = UnixConnection(os.path.join(self.folder, ".swiftlet", "admin.sock"))
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def function(self, name):
        return next(each for each in self.ask("/status")["functions"] if each["name"] == name)

    def workers(self, name=None):
        return [worker for worker in self.ask("/workers")["workers"] if name in (None, worker["function"])]

    def settled(self, name, count):
        """The workers' ids when there are so many and each is ready."""
        limit = time.monotonic() + 20
        while True:
            workers = self.workers(name)
            if len(workers) == count and all(worker["state"] == "ready" for worker in workers):
                return [worker["pid"] for worker in workers]
            if time.monotonic() > limit:
                raise SystemExit(f"bench: there are not {count} workers of {name}")
            time.sleep(0.02)

    def handled(self):
        """What the workers themselves have counted."""
        return sum(worker["handled"] for worker in self.workers())
