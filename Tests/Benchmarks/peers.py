"""The servers that are measured: each is started on a free port, pinned to the server's core, and ended by its id."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
HERE = os.path.dirname(os.path.abspath(__file__))
RELEASE = os.path.join(ROOT, ".build", "release")
SERVER_CORE, LOAD_CORE = "0", "1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"bench: {process.args} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"bench: {process.args} does not listen on {port} after {seconds} s")


class Server:
    """A running server; `path` is what is asked of it."""

    def __init__(self, name, command, port, path="/", folder=None):
        self.name, self.port, self.path, self.folder = name, port, path, folder
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE] + command, stdout=self.log, stderr=self.log, start_new_session=True,
            cwd=folder or ROOT)
        wait_for_port(port, self.process)

    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"

    def pids(self):
        """The process and all its descendants."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            try:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/children") as children:
                        todo += [int(child) for child in children.read().split()]
            except FileNotFoundError:
                pass
        return found

    def cpu_microseconds(self):
        """Time on a processor of all its processes and threads so far."""
        total = 0
        for pid in self.pids():
            try:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/schedstat") as schedstat:
                        total += int(schedstat.read().split()[0])
            except FileNotFoundError:
                pass
        return total / 1000

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.unix = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.unix)


class Swiftlet(Server):
    """The gateway with a manifest of its own in a folder of its own."""

    def __init__(self, name, functions, path="/hello"):
        folder = tempfile.mkdtemp(prefix="swiftlet-bench-")
        port = free_port()
        lines = [
            "swiftlet: 1", "name: bench", f"executables: {RELEASE}", "server:", f"  listen: 127.0.0.1:{port}",
            "log: {requests: none}", "defaults: {auth: none}", "functions:"]
        lines += [f"  {function}: {entry}" for function, entry in functions.items()]
        with open(os.path.join(folder, "manifest.yaml"), "w") as manifest:
            manifest.write("\n".join(lines) + "\n")
        super().__init__(name, [os.path.join(RELEASE, "swiftlet"), "serve"], port, path, folder)

    def ask(self, path):
        connection = UnixConnection(os.path.join(self.folder, ".swiftlet", "admin.sock"))
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def function(self, name="Hello"):
        return next(each for each in self.ask("/status")["functions"] if each["name"] == name)

    def workers(self, name="Hello"):
        return [worker for worker in self.ask("/workers")["workers"] if worker["function"] == name]

    def handled(self, name="Hello"):
        """What the workers themselves have counted."""
        return sum(worker["handled"] for worker in self.workers(name))


def nginx():
    port = free_port()
    folder = tempfile.mkdtemp(prefix="swiftlet-bench-nginx-")
    with open(os.path.join(folder, "nginx.conf"), "w") as conf:
        conf.write(f"""
            worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{
                access_log off; keepalive_requests 1000000000;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
                uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                server {{
                    listen 127.0.0.1:{port};
                    location / {{ default_type application/json; return 200 '{{"message":"hello"}}'; }}
                }}
            }}""")
    os.chmod(folder, 0o755)
    return Server("nginx return 200", ["nginx", "-p", folder, "-c", os.path.join(folder, "nginx.conf")], port, "/", folder)


def nio():
    port = free_port()
    return Server("NIO HTTP pipeline, in process", [os.path.join(RELEASE, "NIOServer"), str(port)], port)


def node():
    port = free_port()
    program = shutil.which("node") or shutil.which("nodejs")
    return Server("Node http, in process", [program, os.path.join(HERE, "node.js"), str(port)], port)
