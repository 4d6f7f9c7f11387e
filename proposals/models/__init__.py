from .assignment import Assignment, Contact, Opinion
from .attachment import Attachment
from .clock import Clock, Waiting
from .event import AppendOnly, ProposalEvent
from .proposal import Category, Cosignature, NumberSequence, Proposal, hash_text
from .reply import Commitment, Rating, Reply, ReplyDelivery
from .rules import ClockRule, ReplyLetter, RuleSet
from .search import SearchDoc

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
    "NumberSequence",
    "Opinion",
    "Proposal",
    "ProposalEvent",
    "Rating",
    "Reply",
    "ReplyDelivery",
    "ReplyLetter",
    "RuleSet",
    "SearchDoc",
    "Waiting",
    "hash_text",
]
