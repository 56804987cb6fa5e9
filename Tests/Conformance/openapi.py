"""The OpenAPI description of the reference API against third parties, and the served API against its description.

1. openapi-spec-validator finds nothing wrong in what `swiftlet openapi` prints.
2. schemathesis tries every operation of the served API, once without a token and once a role with one: no server error,
   and no status, media type, body or header that is not described.
3. By the server's log each operation had its examples in each run, and a 2xx in at least one of them.

Everything runs on loopback and is ended by its id: PostgreSQL, a service of exchange rates, the server.
"""
import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from coverage import Coverage  # noqa: E402
from processes import HERE, ROOT, Database, Served  # noqa: E402
from rates import Rates  # noqa: E402

GOLDEN = os.path.join(ROOT, "Tests", "GatewayTests", "Fixtures", "OpenAPI", "everything.json")
VENV = os.path.dirname(sys.executable)
RUN_LIMIT = 300  # seconds for one run of schemathesis
ANYBODY = "no token"


class Results:
    def __init__(self):
        self.passed = self.failed = 0

    def note(self, is_good, text):
        if is_good:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'passed' if is_good else 'FAILED'}: {text}", flush=True)


def environment(database, rates):
    """What the manifest takes from the environment; limits so high that no run meets them."""
    return {
        "DATABASE_URL": database.url, "RATES_URL": rates.url, "RATE_LIMIT": "1000000",
        "JWT_SECRET": secrets.token_hex(32), "SWIFTLET_SECRET": secrets.token_hex(32),
        "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def operations(description):
    return [
        operation for item in description["paths"].values() for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation]


def validate(path, what, results):
    done = subprocess.run(
        [os.path.join(VENV, "openapi-spec-validator"), path], capture_output=True, text=True, timeout=120)
    results.note(done.returncode == 0, f"openapi-spec-validator, {what}")
    if done.returncode != 0:
        print(done.stdout + done.stderr)


def token(served, role, scopes):
    arguments = ["token", "--as", "1", "--role", role]
    for scope in scopes:
        arguments += ["--scope", scope]
    return served.command(*arguments).strip()


def schemathesis(served, path, base, options, bearer):
    command = [
        os.path.join(VENV, "schemathesis"), "--config-file", os.path.join(HERE, "schemathesis.toml"), "run", path,
        "--url", base, "--max-examples", str(options.examples), "--seed", str(options.seed), "--no-color"]
    if bearer:
        command += ["--header", f"Authorization: Bearer {bearer}"]
    setting = {**os.environ, **served.environment, "SCHEMATHESIS_HOOKS": os.path.join(HERE, "hooks.py")}
    try:
        done = subprocess.run(
            command, cwd=served.folder, env=setting, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=RUN_LIMIT)
    except subprocess.TimeoutExpired as late:
        text = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return False, text + f"\nit took longer than {RUN_LIMIT} s"
    text = done.stdout.replace(bearer, "TOKEN") if bearer else done.stdout
    return done.returncode == 0, text


def try_all(served, description, path, options, results):
    base = f"http://127.0.0.1:{served.port}{description['servers'][0]['url'].rstrip('/')}"
    routes = json.loads(served.command("routes", "--json"))["routes"]
    coverage = Coverage(routes, description["servers"][0]["url"].rstrip("/"))
    # What was said before the first run is nobody's.
    coverage.read(ANYBODY, served.log)
    scopes = sorted({scope for each in operations(description) for scope in each.get("x-scopes", [])})
    for role in [None, *options.roles]:
        name = role or ANYBODY
        start = time.monotonic()
        is_good, said = schemathesis(
            served, path, base, options, token(served, role, scopes) if role else None)
        served.settle(name.replace(" ", "-"))
        coverage.read(name, served.log)
        count = sum(sum(counts.values()) for counts in coverage.runs[name].values())
        results.note(
            is_good, f"schemathesis, {name}: {count} requests to {len(coverage.routes)} operations, seed "
            f"{options.seed}, {time.monotonic() - start:.0f} s")
        if not is_good:
            print(said)
    results.note(served.is_running(), "the server runs on")
    print("\n".join(coverage.table()))

    few = [
        f"{' '.join(route)} ({coverage.requests(route, run)}, {run})" for route in coverage.routes
        for run in coverage.runs if coverage.requests(route, run) < options.least]
    results.note(not few, f"at least {options.least} examples an operation and run" + "".join(f"\n  {x}" for x in few))
    without = [" ".join(route) for route in coverage.routes if not coverage.successes(route)]
    results.note(not without, "every operation was answered 2xx" + "".join(f"\n  not {x}" for x in without))
    limited = coverage.limited()
    results.note(limited == 0, f"{limited} answers were 429: the limits are out of the way")


def interrupted(number, _):
    raise SystemExit(128 + number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executables", default=os.path.join(ROOT, ".build", "release"), help="release builds")
    parser.add_argument("--manifest", default=os.path.join(ROOT, "manifest.yaml"))
    parser.add_argument("--examples", type=int, default=260, help="that schemathesis makes up for an operation: 260")
    parser.add_argument("--least", type=int, default=100, help="requests that an operation must have had: 100")
    parser.add_argument("--seed", type=int, default=1, help="the same examples for the same seed: 1")
    parser.add_argument("--roles", nargs="*", default=["admin", "support", "customer"])
    options = parser.parse_args()
    options.executables = os.path.abspath(options.executables)
    if not os.access(os.path.join(options.executables, "swiftlet"), os.X_OK):
        raise SystemExit(f"conformance: {options.executables}/swiftlet is missing: make build")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)

    results = Results()
    with Database() as database, Rates() as rates:
        with Served(options.executables, options.manifest, environment(database, rates)) as served:
            text = served.command("openapi")
            path = os.path.join(served.folder, "openapi.json")
            with open(path, "w") as file:
                file.write(text)
            validate(path, f"what swiftlet openapi prints: {len(operations(json.loads(text)))} operations", results)
            validate(GOLDEN, "the golden description with everything", results)
            try_all(served, json.loads(text), path, options, results)
    print(f"openapi: {results.passed} passed, {results.failed} failed")
    return 1 if results.failed else 0


sys.exit(main())
