"""
Replaces generated values that the OpenAPI document allows and only the service's data can tell right from wrong.

Schemathesis cannot find IDs of existing keys itself, because an ID is inside the JSON of `input`. The names of a stage's
scopes are not in the document. A time of expiry has to be in the future. Everything else stays as it is generated, also
what the document forbids.
"""

import json
import os
import re

import schemathesis

# The key that is used, which is not revoked; a key that is changed and not revoked; and one that ends itself.
API_KEY = os.environ["API_KEY"]
CHANGED_ID = os.environ["CHANGED_ID"]
ENDED_KEY = os.environ["ENDED_KEY"]
CREATED_IDS = []
LISTED_IDS = {"user": [CHANGED_ID], "organization": [os.environ["ORGANIZATION_KEY_ID"]]}
SCOPES = ["docs:read", "docs:write"]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
TIME = re.compile(r"(\d{4})(-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))", re.ASCII)
MAX_SCOPES = 50
MAX_SCOPE_LENGTH = 100


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.path == "/trpc/keys.create" and response.status_code == 200:
        created = response.json()
        CREATED_IDS.append(created["id"])
        LISTED_IDS[created.get("owner", "user")].append(created["id"])


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    if path == "/trpc/keys.list":
        # An unknown `after` is 400, whatever its form. So no generated one is sent.
        ids = lambda value: LISTED_IDS["organization" if member(value, "owner") == "organization" else "user"]
        in_query(case, lambda value: replace_id(value, "after", lambda generated: True, ids(value)))
    elif path in ("/trpc/keys.get", "/trpc/keys.usage"):
        in_query(case, lambda value: replace_id(value, "id", is_even))
    elif path in ("/trpc/keys.update", "/trpc/keys.rotate"):
        replace_id(case.body, "id", is_even)
    elif path == "/trpc/keys.revoke" and CREATED_IDS:
        replace_id(case.body, "id", is_even, CREATED_IDS)
    elif path == "/trpc/keys.revokeSelf":
        replace_key(case.headers)
        replace_key(kwargs.get("headers"))
    if path in ("/trpc/keys.create", "/trpc/keys.update"):
        # An unknown scope is 400, whatever its form.
        replace_scopes(case.body)
    if path == "/trpc/keys.create":
        replace_time(case.body)


def is_even(generated):
    """For every second ID: the others are of no key, which is 404."""
    return int(generated[-1], 16) % 2 == 0


def in_query(case, change):
    text = (case.query or {}).get("input")
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return
    if change(value):
        case.query["input"] = json.dumps(value)


def member(value, field):
    return value.get(field) if isinstance(value, dict) else None


def replace_key(headers):
    """Replaces the key that is used by one that ends itself, which succeeds again and again."""
    for name, value in list((headers or {}).items()):
        if isinstance(value, str) and API_KEY in value:
            headers[name] = value.replace(API_KEY, ENDED_KEY)


def replace_id(value, field, where, ids=None):
    """Replaces a generated ID in its right place. Half of the time it is that of the key that stays valid."""
    generated = member(value, field)
    if not isinstance(generated, str) or not UUID.fullmatch(generated) or not where(generated):
        return False
    chosen = int(generated[:8], 16)
    ids = ids or ([CHANGED_ID] if chosen % 2 == 0 else [CHANGED_ID, *CREATED_IDS])
    value[field] = ids[chosen % len(ids)]
    return True


def replace_scopes(value):
    """Replaces a list that the document allows by scopes of the stage. A list with a repetition stays one."""
    generated = member(value, "scopes")
    if not isinstance(generated, list) or len(generated) > MAX_SCOPES:
        return
    if not all(isinstance(scope, str) and len(scope) <= MAX_SCOPE_LENGTH for scope in generated):
        return
    if len(set(generated)) == len(generated):
        value["scopes"] = SCOPES[: len(generated)]


def replace_time(value):
    """Moves a time to the years 2400 to 2799. Leap years repeat every 400 years, so its form stays valid or invalid."""
    generated = member(value, "expiresAt")
    found = TIME.fullmatch(generated) if isinstance(generated, str) else None
    if found:
        value["expiresAt"] = f"{2400 + int(found[1]) % 400}{found[2]}"
