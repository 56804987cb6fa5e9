"""Processes that the checks need: a private PostgreSQL and the served reference API, each ended by its id."""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
DATABASE = os.path.join(ROOT, "Functions", "Database")
LOG_LIMIT = 2000  # characters of a log that are shown when something does not start
# Loopback is never asked for through a proxy.
urlopen = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """One process with a folder of its own, both gone when the `with` ends, or the script does."""

    stop_signal = signal.SIGTERM

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="swiftlet-conformance-")
        os.chmod(self.folder, 0o755)
        self.log = os.path.join(self.folder, "log")
        self.process = None

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, command, environment=None):
        # The kernel ends it with this script, should the script be killed.
        death = ["setpriv", "--pdeathsig", self.stop_signal.name[3:]]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                death + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=self.folder, env={**os.environ, **(environment or {})})

    def wait_until(self, is_up, what):
        end = time.monotonic() + 60
        while not is_up():
            if self.process.poll() is not None or time.monotonic() > end:
                with open(self.log, errors="replace") as log:
                    raise SystemExit(f"conformance: {what} does not start:\n{log.read()[-LOG_LIMIT:]}")
            time.sleep(0.05)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Database(Process):
    """A PostgreSQL on a Unix socket alone, with the reference API's tables; nothing of it stays."""

    stop_signal = signal.SIGINT  # ends it without waiting for its clients

    def begin(self):
        bins = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        if not bins:
            raise SystemExit("conformance: PostgreSQL is missing: make build")
        self.psql = os.path.join(bins[-1], "psql")
        data = os.path.join(self.folder, "data")
        os.mkdir(data, 0o700)
        become = []
        if os.geteuid() == 0:
            # It refuses to run as root.
            entry = pwd.getpwnam("postgres")
            for path in (self.folder, data):
                os.chown(path, entry.pw_uid, entry.pw_gid)
            become = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
        made = subprocess.run(
            (["setpriv", *become] if become else []) + [
                os.path.join(bins[-1], "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync"], cwd=self.folder, capture_output=True, text=True)
        if made.returncode != 0:
            raise SystemExit(f"conformance: initdb: {made.stderr}")
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off", "max_connections": "100"}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.start([*become, os.path.join(bins[-1], "postgres"), "-D", data, *options])
        self.url = f"postgresql:///postgres?host={self.folder}&user=postgres"
        self.wait_until(lambda: self.sql("-c", "SELECT 1").returncode == 0, "PostgreSQL")
        environment = {**os.environ, "DATABASE_URL": self.url}
        for command in (["migrate"], ["generate", "1200", "2000", "400"]):
            subprocess.run(
                [os.path.join(DATABASE, command[0]), *command[1:]], env=environment, check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done = self.sql("-f", os.path.join(HERE, "final_orders.sql"))
        if done.returncode != 0:
            raise SystemExit(f"conformance: final_orders.sql: {done.stderr}")

    def sql(self, *arguments):
        return subprocess.run(
            [self.psql, "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url, *arguments],
            capture_output=True, text=True)


class Served(Process):
    """The reference API, as `swiftlet serve` serves it, on a free port and with state of its own."""

    def __init__(self, executables, manifest, environment):
        super().__init__()
        self.port = free_port()
        self.environment = environment
        self.swiftlet = os.path.join(executables, "swiftlet")
        # The manifest's paths are relative to it: the same ones lead to the same files here, and .swiftlet/ is new.
        shutil.copy(manifest, os.path.join(self.folder, "manifest.yaml"))
        beside = os.path.dirname(os.path.abspath(manifest))
        for name in os.listdir(beside):
            if not name.startswith(".") and name != "manifest.yaml":
                os.symlink(os.path.join(beside, name), os.path.join(self.folder, name))
        os.mkdir(os.path.join(self.folder, ".build"))
        os.symlink(executables, os.path.join(self.folder, ".build", "release"))

    def command(self, *arguments):
        """What `swiftlet` prints on standard output."""
        done = subprocess.run(
            [self.swiftlet, *arguments], cwd=self.folder, env={**os.environ, **self.environment}, capture_output=True,
            text=True, timeout=60)
        if done.returncode != 0:
            raise SystemExit(f"conformance: swiftlet {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def begin(self):
        self.start([self.swiftlet, "serve", "--port", str(self.port)], self.environment)
        self.wait_until(self.is_ready, "swiftlet serve")

    def is_ready(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def is_running(self):
        return self.process.poll() is None

    def settle(self, name):
        """Waits until the log has a request of ours, and with it all before it; not for ever."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/health/live", headers={"X-Request-Id": f"conformance.{name}"})
        try:
            urlopen(request, timeout=5).close()
        except (OSError, urllib.error.URLError):
            return
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with open(self.log, "rb") as log:
                if f"conformance.{name}".encode() in log.read():
                    return
            time.sleep(0.05)
