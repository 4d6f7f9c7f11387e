"""What the layers above add to the demonstration: a registry filled in `AppConfig.ready()`."""

_tellers = []


def register(order, tell):
    """Have `tell(desk)` called once per congress when its stories are told, by `order`; see loading.Desk."""
    if (order, tell) not in _tellers:
        _tellers.append((order, tell))
        _tellers.sort(key=lambda entry: entry[0])


def tell_all(desk):
    """Let everybody add theirs to one congress."""
    for _, tell in _tellers:
        tell(desk)
