"""What a row of the action table is made of."""

from collections.abc import Callable
from dataclasses import dataclass

from ..status import Visibility
from .case import ASSIGNMENT, COMMITMENT, PROPOSAL

__all__ = ["ASSIGNMENT", "COMMITMENT", "PROPOSAL", "Action", "Tell"]


@dataclass(frozen=True)
class Tell:
    """A notice: to whom, in which words ({title}, {number}, {unit} are filled in), and whether it is a duty.
    `topic`: a Notice.Topic, what an urgent one is about (default 催办).
    `asks`: the action that it asks for, to whose form it leads where the subject is a promise (承诺)."""

    audience: Callable
    words: str
    is_duty: bool = False
    is_urgent: bool = False
    topic: str | None = None
    asks: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One row. `target` None leaves the status as it is; a callable decides from the case among
    `possible_targets`.

    `proposal_states`: for an action on a place, the states in which the proposal itself must be.
    `keeps_version`: an action that changes no state neither checks nor bumps the version. With `checks_version`
    it refuses a page that is behind all the same, since it judges, or may end, what that page showed.
    `visibility`: who reads its line of history; a callable decides from the case as the action left it.
    `is_plain`: nothing to fill in, a button is enough.
    """

    code: str
    label: str
    subject: str
    sources: frozenset
    who: tuple[Callable, ...]
    words: Callable
    visibility: Visibility | Callable
    target: str | Callable | None = None
    possible_targets: tuple = ()
    conditions: tuple[Callable, ...] = ()
    checks: tuple[Callable, ...] = ()
    effects: tuple[Callable, ...] = ()
    tells: tuple[Tell, ...] = ()
    proposal_states: frozenset = frozenset()
    keeps_version: bool = False
    checks_version: bool = False
    is_plain: bool = False

    @property
    def named(self):
        """The label after 不能: one that says no itself (不同意调整) in quotes, else it reads as two noes."""
        return f"选“{self.label}”" if self.label.startswith("不") else self.label

    def target_status(self, case, subject):
        """The status the subject moves to, or None."""
        return self.target(case, subject) if callable(self.target) else self.target

    def seen_by(self, case, subject):
        """The Visibility of the line that the action leaves."""
        return self.visibility(case, subject) if callable(self.visibility) else self.visibility
