"""`GET /users/{id}` on PostgreSQL, which shares the load generator's core; and what starting cold costs there."""
import contextlib
import functools
import glob
import os
import pwd
import signal
import subprocess

import load
import packages
import peers
import processes
import tokens
from swiftlet import ONE_WORKER, Swiftlet, function

POOL = 10
# Only the support and administrators see other users. The peers do not ask.
HEADERS = [("Authorization", tokens.bearer("2", "support"))]
SHARED = "Swiftlet, default scale"
EXPRESS, NODE = "Express, node-postgres", "Node http, node-postgres"


class Database(processes.Server):
    """A PostgreSQL of its own, on a Unix socket alone, with the reference API's tables and their thousand users."""

    core = processes.LOAD_CORE
    stop_signal = signal.SIGINT  # ends it without waiting for its clients

    def __init__(self):
        super().__init__("PostgreSQL")
        bins = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        if not bins:
            raise SystemExit("bench: PostgreSQL is missing: make build")
        self.psql = os.path.join(bins[-1], "psql")
        data = os.path.join(self.folder, "data")
        os.mkdir(data, 0o700)
        # It refuses to run as root.
        self.user = None
        if os.geteuid() == 0:
            self.user = "postgres"
            entry = pwd.getpwnam(self.user)
            for path in (self.folder, data):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        become = ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups", "--"] if self.user else []
        done = subprocess.run(
            become + [os.path.join(bins[-1], "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8", "--no-sync"], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: initdb: {done.stderr}")
        socket = os.path.join(self.folder, f".s.PGSQL.{self.port}")
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.folder, "port": self.port, "fsync": "off",
            "max_connections": 200}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.start([os.path.join(bins[-1], "postgres"), "-D", data, *options], listens=socket, user=self.user)
        self.wait_until_up()
        subprocess.run(
            [os.path.join(processes.ROOT, "Functions", "Database", "migrate")],
            env={**os.environ, "DATABASE_URL": self.uri()}, check=True, capture_output=True)

    def uri(self, name="bench"):
        return f"postgresql:///postgres?host={self.folder}&port={self.port}&user=postgres&application_name={name}"

    def ask(self, query):
        return subprocess.run(
            [self.psql, "--no-psqlrc", "-At", "-d", self.uri("psql"), "-c", query], check=True, capture_output=True,
            text=True).stdout.strip()

    def wait_until_up(self):
        # It listens before it takes anybody; psql says so by its status.
        for _ in range(200):
            if subprocess.run([self.psql, "-d", self.uri(), "-c", "SELECT 1"], capture_output=True).returncode == 0:
                return
        raise SystemExit("bench: PostgreSQL takes no connections")

    def sessions(self):
        return int(self.ask("SELECT sum(sessions) FROM pg_stat_database"))

    def connections(self, name):
        return int(self.ask(f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'"))


def swiftlet(database, *more, name="Swiftlet, one worker", path="/users/42", script=None, pool=POOL):
    return Swiftlet(
        name, {"GetUser": function("GET /users/{id}", "GetUser", "auth: required", "uses: [database]", *more)}, path, script,
        sections=[tokens.SECTION, f'database: {{url: "{database.uri("swiftlet")}", connections: {pool}}}'])


def node_postgres(database, kind, name, script):
    """Node's client with a pool of the same size."""
    environment = {**packages.node_environment("express"), **packages.node_environment("pg")}
    environment["PGPORT"] = str(database.port)
    server = processes.Server(name, "/users/42", script)
    server.start(
        [packages.node(), os.path.join(processes.PEERS, "users.js"), str(server.port), kind, str(POOL),
         database.folder, kind], environment=environment)
    return server


def shared(database, script, options):
    """Several workers on twice the connections: how many sessions they make, when each is to keep its own."""
    with swiftlet(database, name=SHARED, script=script, pool=2 * POOL) as server:
        load.wrk(server, 64, 1)
        before = database.sessions()
        result = load.measure([server], 64, options.rounds, options.seconds)
        # Each round has a run of its own, and measuring begins with one of a second.
        result[SHARED]["sessions"] = (database.sessions() - before) / (options.rounds * options.seconds + 1)
    return result


def run(options, targets):
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(Database())
        script = stack.enter_context(load.script(load.in_turn([f"/users/{n}" for n in range(1, 1001)], HEADERS)))
        servers = [
            swiftlet(database, ONE_WORKER, script=script),
            *peers.those(
                functools.partial(node_postgres, database, "express", EXPRESS, script),
                functools.partial(node_postgres, database, "http", NODE, script))]
        for server in servers:
            stack.enter_context(server)
        result = load.measure(servers, 64, options.rounds, options.seconds)
        for server, name in zip(servers, ("swiftlet", "express", "http")):
            result[server.name]["connections"] = database.connections(name)
        scaled = shared(database, script, options)
    load.table(
        "GET /users/{id} on PostgreSQL, a thousand users in turn, 64 connections, PostgreSQL on wrk's core", result)
    held = ", ".join(f"{name} {row['connections']}" for name, row in result.items())
    print(f"\nConnections to PostgreSQL at the end, of {POOL} allowed: {held}")
    if any(row["connections"] > POOL for row in result.values()):
        raise SystemExit("bench: a pool is larger than allowed")
    targets.passes(result, EXPRESS, "PostgreSQL look-up", 2)
    sessions = scaled[SHARED].pop("sessions")
    load.table(f"The same, several workers sharing {2 * POOL} connections; {sessions:.1f} were made a second", scaled)
    targets.at_most("PostgreSQL sessions a second that workers make when they share connections", sessions, 25)
    return {"database": result, "shared": scaled}
