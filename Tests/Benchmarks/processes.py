"""Processes that are measured: each pinned to a core, on a free port, and ended by its id whatever happens."""
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
PEERS = os.path.join(HERE, "Peers")
SERVER_CORE, LOAD_CORE = "0", "1"
# Where the release executables are; `run --executables` says otherwise.
release = os.path.join(ROOT, ".build", "release")

started = []


def executable(name):
    path = os.path.join(release, name)
    if not os.access(path, os.X_OK):
        raise SystemExit(f"bench: {path} is missing: swift build -c release")
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop_all():
    """Ends whatever still runs, last first; what fails for one does not keep the others."""
    for server in reversed(started[:]):
        try:
            server.stop()
        except Exception as error:
            print(f"bench: {server.name} was not ended cleanly: {error}", file=sys.stderr)


atexit.register(stop_all)


def descendants(pid):
    """The process and all that it started, as far as they live."""
    found, todo = [], [pid]
    while todo:
        pid = todo.pop()
        found.append(pid)
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children") as children:
                    todo += [int(child) for child in children.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class Server:
    """One or several processes that answer together, such as nginx and what is behind it; `path` is what is asked."""

    core = SERVER_CORE
    stop_signal = signal.SIGTERM

    def __init__(self, name, path="/", script=None):
        self.name, self.path, self.script = name, path, script
        self.port = free_port()
        self.processes = []
        self.folder = tempfile.mkdtemp(prefix="swiftlet-bench-")
        os.chmod(self.folder, 0o755)
        self.log_path = os.path.join(self.folder, "log")
        started.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, command, listens=None, environment=None, user=None):
        """Starts one process, and waits until it listens: on a port, or on a Unix socket of this path."""
        # The kernel ends it with this script, should the script be killed.
        prefix = ["taskset", "-c", self.core, "setpriv", "--pdeathsig", self.stop_signal.name[3:]]
        if user:
            prefix += ["--reuid", user, "--regid", user, "--init-groups"]
        with open(self.log_path, "ab") as log:
            process = subprocess.Popen(
                prefix + ["--"] + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=self.folder, env={**os.environ, **(environment or {})})
        self.processes.append(process)
        end = time.monotonic() + 20
        while not self._listens(listens or self.port):
            if process.poll() is not None or time.monotonic() > end:
                with open(self.log_path, errors="replace") as log:
                    said = log.read()[-2000:]
                raise SystemExit(f"bench: {self.name} does not listen ({command[0]}, {process.returncode}):\n{said}")
            time.sleep(0.02)
        return process

    def _listens(self, where):
        kind = socket.AF_INET if isinstance(where, int) else socket.AF_UNIX
        with socket.socket(kind) as probe:
            try:
                probe.connect(("127.0.0.1", where) if isinstance(where, int) else where)
            except OSError:
                return False
        if kind == socket.AF_UNIX:
            # nginx may run as another user than what is behind it.
            os.chmod(where, 0o666)
        return True

    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"

    def pids(self):
        return [pid for process in self.processes for pid in descendants(process.pid)]

    def cpu_microseconds(self):
        """Time on a processor of all its processes and threads so far."""
        return self.microseconds(self.pids())

    @staticmethod
    def microseconds(pids):
        total = 0
        for pid in pids:
            try:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/schedstat") as schedstat:
                        total += int(schedstat.read().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / 1000

    def stop(self):
        """Ends its processes, the front one first, and removes its folder."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(self.stop_signal)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self in started:
            started.remove(self)
