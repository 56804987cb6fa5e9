"""What the shared conventions cost: Hello bare and with a token, limits and input; a cache hit beside both."""
import base64
import contextlib
import hashlib
import hmac
import json
import time

import load
import peers
from swiftlet import ONE_WORKER, Swiftlet, function

SECRET = "0123456789abcdef0123456789abcdef"
AUTH = f"auth: {{jwt: {{secret: {SECRET}}}}}"
# Limits that no run reaches: what is measured is the counting.
RATES = "rate: [{limit: 1000000000, per: 1h, by: client}, {limit: 1000000000, per: 1h, by: caller}]"
INPUT = ("input: {query: {type: object, properties: {page: {type: integer, minimum: 1}, limit: {type: integer, "
         "minimum: 1, maximum: 100}, role: {type: string, pattern: '^[a-z]+$'}}, additionalProperties: false}}")
PAGE = "page: {style: page, default: 10, max: 100}"
PATH = "/hello?page=1&limit=10&role=admin"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token():
    now = int(time.time())
    parts = [{"alg": "HS256", "typ": "JWT"},
             {"sub": "42", "roles": ["admin", "support"], "scope": "users:read users:write", "iat": now, "exp": now + 86400}]
    text = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return text + "." + encoded(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())


def run(options, targets):
    with contextlib.ExitStack() as stack:
        bearer = stack.enter_context(load.script(f'wrk.headers["Authorization"] = "Bearer {token()}"\n'))

        def server(name, program, path, *more, caller=False):
            auth = "auth: {roles: [admin]}" if caller else "auth: none"
            entry = function("GET /hello", program, ONE_WORKER, auth, *more)
            return stack.enter_context(Swiftlet(name, {program: entry}, path, bearer, sections=[AUTH]))

        # Each is sent the same request, token included, so that only what the gateway does with it differs.
        bare = server("Hello, bare", "Hello", PATH)
        policies = server("Hello: jwt, two rates, input", "Hello", PATH, RATES, INPUT, caller=True)
        paged = server("Hello as a page", "PagedHello", "/hello?page=1&limit=10", PAGE)
        paged_policies = server(
            "Hello as a page: jwt, two rates, input", "PagedHello", "/hello?page=1&limit=10",
            PAGE, RATES, "input: {query: {type: object, properties: {role: {enum: [admin, support]}}}}", caller=True)
        pairs = load.measure([bare, policies, paged, paged_policies], 64, options.rounds, options.seconds)
        load.table("Conventions: the same request bare and with them, 64 connections", pairs)
        for server_ in (bare, policies, paged, paged_policies):
            server_.stop()

        cached = server("cache hit, no token", "Hello", "/hello", "cache: {for: 1h}")
        cached.script = None
        known = server("cache hit, remembered token", "Hello", "/hello", "cache: {for: 1h}", caller=True)
        every = server("cache hit: jwt, two rates, input", "Hello", PATH, "cache: {for: 1h}", RATES, INPUT, caller=True)
        plain = server("Hello, bare", "Hello", "/hello")
        others = peers.those(peers.nio)
        for other in others:
            stack.enter_context(other)
        hits = load.measure([cached, known, every, plain, *others], 64, options.rounds, options.seconds)
        load.table("Cache hits beside NIO's pipeline in process, 64 connections", hits)

    def times(name, base):
        return pairs[name]["gateway"] / pairs[base]["gateway"]

    targets.at_most("jwt, two rates and input: the gateway's CPU time to bare", times(policies.name, bare.name), 1.15)
    targets.at_most(
        "the same with pages: the gateway's CPU time to a bare page", times(paged_policies.name, paged.name), 1.15)
    targets.at_least("Cache hit without auth: to NIO's pipeline", hits[cached.name]["ratio"].get(peers.NIO), 1.15)
    targets.at_least("Cache hit with a remembered token: to NIO's pipeline", hits[known.name]["ratio"].get(peers.NIO), 0.95)
    return {"conventions": pairs, "cacheHits": hits}
