"""Gives Schemathesis IDs of existing keys. It cannot find them itself, because an ID is inside the JSON of `input`."""

import json
import os
import re

import schemathesis

KEY_IDS = [os.environ["KEY_ID"]]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.path == "/trpc/keys.create" and response.status_code == 200:
        KEY_IDS.append(response.json()["id"])


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path == "/trpc/keys.list":
        # An unknown `after` is 400, whatever its form. So no generated one is sent.
        replace_in_query(case, "after", lambda generated: True)
    elif case.operation.path == "/trpc/keys.get":
        replace_in_query(case, "id", is_even)
    elif case.operation.path == "/trpc/keys.revoke":
        replace(case.body, "id", is_even)


def is_even(generated):
    """For every second ID: the others are of no key, which is 404."""
    return int(generated[-1], 16) % 2 == 0


def replace_in_query(case, field, where):
    text = (case.query or {}).get("input")
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return
    if replace(value, field, where):
        case.query["input"] = json.dumps(value)


def replace(value, field, where):
    """Replaces a generated ID in its right place. Everything else stays as it is, valid or not."""
    generated = value.get(field) if isinstance(value, dict) else None
    if not isinstance(generated, str) or not UUID.fullmatch(generated) or not where(generated):
        return False
    value[field] = KEY_IDS[int(generated[:8], 16) % len(KEY_IDS)]
    return True
