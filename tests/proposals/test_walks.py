"""Every state of the table is reached by its actors, one action after the other."""

import pytest

from proposals import history
from proposals.models import Waiting
from proposals.status import ProposalStatus
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s != ProposalStatus.WITHDRAWN])
def test_a_proposal_walks_there_and_its_history_verifies(cast, status):
    walk = make_proposal(cast, status)
    assert walk.proposal.status == status
    assert list(history.verify()) == []
    is_over = status in (ProposalStatus.CLOSED, ProposalStatus.DECLINED)
    assert Waiting.objects.filter(proposal=walk.proposal).exists() != is_over
