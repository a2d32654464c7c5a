"""What the programs of this folder share: where the service is, and checks that say how they ended."""

import importlib.metadata
import os

# Where the service listens, and one that wants an API key and allows 60 texts a minute.
URL = os.environ["URL"]
GUARDED_URL = os.environ["GUARDED_URL"]
KEY = os.environ["KEY"]
# The same two by gRPC: host:port.
GRPC_TARGET = os.environ["GRPC_TARGET"]
GUARDED_GRPC_TARGET = os.environ["GUARDED_GRPC_TARGET"]

MODEL = "sst2-minilm"
TEXTS_PER_MINUTE = 60

LOVE = "I love you."
HATE = "I hate you."

# A minute's texts at most are free: more than that come through only if nothing limits them.
MOST_CALLS = 100 * TEXTS_PER_MINUTE


def host_of(url):
    return url.removeprefix("http://")


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def says(error, *parts):
    """A readable message: each part is in what the error prints."""
    for part in parts:
        if part.lower() not in str(error).lower():
            raise AssertionError(f"{part!r} is not in {str(error)!r}")


def error_of(kind, call):
    """The error that a call raises, which must be of this kind."""
    try:
        answer = call()
    except kind as error:
        return error
    raise AssertionError(f"{answer!r} in place of {kind.__name__}")


def refusal_of(kind, call):
    """The first error of a call that is repeated until the rate limit refuses it."""
    for _ in range(MOST_CALLS):
        try:
            call()
        except kind as error:
            return error
    raise AssertionError(f"{MOST_CALLS} calls were not refused")


def is_retry_after(value):
    """Whole seconds, within the minute in which all texts come back."""
    holds(value is not None and value.isdigit(), f"Retry-After is {value!r}")
    holds(1 <= int(value) <= 60, f"Retry-After is {value}")


def run(client, checks):
    """Runs functions whose names say what holds, and prints a line of TAP for each."""
    print(f"# {client} {importlib.metadata.version(client)}", flush=True)
    for check in checks:
        name = check.__name__.replace("_", " ")
        try:
            check()
            print(f"ok - {name}", flush=True)
        except Exception as error:  # A failed check must not hide the others.
            why = f"{type(error).__name__}: {error}".replace("\n", " ")
            print(f"not ok - {name}: {why}", flush=True)
