"""What schemathesis cannot know of the reference API: a streamed body, `*/*` in the description, is CSV."""
import itertools

import schemathesis

HEADER = "sku,name,price_cents,stock\n"
numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Two streamed bodies of three become CSV, one good and one with what was made up for a line; the third stays."""
    body = (case.operation.definition.raw.get("requestBody") or {}).get("content", {})
    number = next(numbers)
    if "*/*" not in body or number % 3 == 2:
        return
    line = f"CONFORMANCE-{number % 500},Conformance {number % 500},1999,1000\n" if number % 3 == 0 else f"{case.body}\n"
    case.body = HEADER + line
    case.media_type = "text/csv"
    case.headers = {**(case.headers or {}), "Content-Type": "text/csv"}
