"""What waits for a person right now, asked of the layers above: a registry filled in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Line:
    """One thing: `words` and `number` name it, `url` is a local address (of the very form, where one has to act),
    `light` its colour, `left` the days in words, `due` the date, `detail` what else helps, `otherwise` what follows
    when it is late, `holder` for whom one waits (在等别人)."""

    words: str
    url: str
    verb: str = ""
    number: str = ""
    light: str = "grey"
    left: str = ""
    detail: str = ""
    otherwise: str = ""
    holder: str = ""
    due: str = ""

    def as_json(self):
        """The line as a digest keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Agenda:
    """要您办 and 在等别人 of one person: the most urgent lines and how many there are in all."""

    todo: list[Line]
    todo_count: int
    wait: list[Line]
    wait_count: int


_providers: list[Callable] = []


def register(provider):
    """Have `provider(user)` return the Agenda of a person. There is one provider; the last one counts."""
    _providers[:] = [provider]
    return provider


def agenda_of(user):
    """The Agenda of `user`; an empty one where no layer provides any."""
    return _providers[0](user) if _providers else Agenda([], 0, [], 0)
