"""Which messages may stand for one another.

Every task here works off rows of the database, so its message carries nothing: it only wakes the worker. While
one such call waits untouched, another of the same task adds nothing; the brokers leave it out. A call that
comes after the worker took the first one is queued, since the worker may have looked already.
"""


def bare_call(message):
    """The task's name if the message is a call without arguments, to be done now; else None."""
    headers = message.get("headers") or {}
    is_bare = headers.get("argsrepr") in ("()", "[]") and headers.get("kwargsrepr") == "{}"
    return headers.get("task") if is_bare and not headers.get("eta") else None
