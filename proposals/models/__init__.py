from .assignment import Assignment, Contact, Opinion
from .attachment import Attachment
from .clock import Clock, Waiting
from .event import AppendOnly, ProposalEvent
from .oversight import Oversight
from .proposal import Category, Cosignature, MergeGroup, NumberSequence, Proposal, hash_text
from .reply import Commitment, Explanation, LookBack, Rating, Reply, ReplyDelivery, ReplyVersion
from .request import Request, UrgePhrase
from .rules import ClockRule, ReplyLetter, RuleSet
from .search import SearchDoc
from .secret import SecretAction, SecretEvent, SecretStub

__all__ = [
    "AppendOnly",
    "Assignment",
    "Attachment",
    "Category",
    "Clock",
    "ClockRule",
    "Commitment",
    "Contact",
    "Cosignature",
    "Explanation",
    "LookBack",
    "MergeGroup",
    "NumberSequence",
    "Opinion",
    "Oversight",
    "Proposal",
    "ProposalEvent",
    "Rating",
    "Reply",
    "ReplyDelivery",
    "ReplyLetter",
    "ReplyVersion",
    "Request",
    "RuleSet",
    "SearchDoc",
    "SecretAction",
    "SecretEvent",
    "SecretStub",
    "UrgePhrase",
    "Waiting",
    "hash_text",
]
