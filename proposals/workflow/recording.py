"""What layers above note down in a case's history: lines that change nothing and that nobody is offered.

督办活动 and 整改事项 of a single case are kept in supervision; it writes its line here in the same transaction. Who did
it stands in the words: the row itself is the system's, so that no form of a person reaches it.
"""

from ..status import ProposalStatus as P
from ..status import Visibility as V
from . import actors
from .row import PROPOSAL, Action

REGISTERED = frozenset(P) - {P.DRAFT, P.SUBMITTED, P.RETURNED, P.DECLINED}


def words_as_given(case, subject, data):
    """The sentence that the layer above made."""
    return data["words"]


RECORD_ROWS = (
    Action(
        code="supervise",
        label="督办活动",
        subject=PROPOSAL,
        sources=REGISTERED,
        who=(actors.system,),
        words=words_as_given,
        visibility=V.PROPOSER,
        keeps_version=True,
    ),
    Action(
        code="rectify",
        label="整改事项",
        subject=PROPOSAL,
        sources=REGISTERED,
        who=(actors.system,),
        words=words_as_given,
        # The congress's own: units and deputies read of it on the pages of the task and of the activity.
        visibility=V.UNIT,
        keeps_version=True,
    ),
)
