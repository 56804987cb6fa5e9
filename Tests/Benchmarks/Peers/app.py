"""A bare ASGI application: hello, and the document of users (BENCH_DOCUMENT) encoded anew for each request."""
import json
import os

with open(os.environ["BENCH_DOCUMENT"]) as document:
    USERS = json.load(document)


async def app(scope, receive, send):
    value = USERS if scope["path"] == "/users" else {"message": "hello"}
    body = json.dumps(value, separators=(",", ":")).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
