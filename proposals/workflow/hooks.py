"""What the layers above do together with an action: a registry filled in `AppConfig.ready()`.

A hook runs inside the transaction of `perform`, after the event is written: both happen or neither.
"""

from collections import defaultdict

_hooks = defaultdict(list)


def after(action, hook):
    """Have `hook(case, subject, data, event)` run whenever the action with this code was carried out."""
    if hook not in _hooks[action]:
        _hooks[action].append(hook)


def run(action, case, subject, data, event):
    """Run the hooks of an action, in the order of their registration."""
    for hook in _hooks[action]:
        hook(case, subject, data, event)
