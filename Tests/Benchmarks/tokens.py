"""Tokens for functions that ask who calls."""
import base64
import hashlib
import hmac
import json
import time

SECRET = "the secret of the benchmarks, which is long enough"

# A line of a manifest's top level.
SECTION = f'auth: {{jwt: {{secret: "{SECRET}", algorithms: [HS256]}}}}'


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bearer(identity, role):
    """The value of `Authorization` for a day."""
    now = int(time.time())
    claims = {"sub": identity, "roles": [role], "iat": now, "exp": now + 86_400}
    signed = ".".join(text(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"Bearer {signed}.{text(hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256))}"
