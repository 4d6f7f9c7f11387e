"""The handling of a proposal as a table of actions and the one function that carries them out."""

from .case import Case
from .engine import Result, available, perform
from .errors import Denied, Refused, Stale
from .table import TABLE

__all__ = ["TABLE", "Case", "Denied", "Refused", "Result", "Stale", "available", "perform"]
