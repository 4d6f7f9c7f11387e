"""关注: who of the congress follows a case hears of its main steps."""

from accounts.models import Grant
from notifications.services import notify
from proposals.access import CONGRESS_ROLES
from proposals.workflow import hooks

from .models import Follow

# The main steps of a case, and how a follower reads them.
STEPS = {
    "assign": "已交办",
    "dispatch": "督查室已分办",
    "adjust": "承办单位有调整",
    "approve_return": "退回申请已同意，承办单位有变动",
    "decide_extension": "延期申请有决定",
    "issue": "单位已答复",
    "recall_reply": "答复被收回更正",
    "rate": "代表已测评",
    "rate_proxy": "代表的测评已代录",
    "mark_silent": "测评期满，记为未表态",
    "order_redo": "责成重新办理",
    "close_disputed": "研判后办结",
    "settle": "协调办结",
    "withdraw": "代表撤回",
    "instruct": "领导有批示",
    "take_over": "专委会接手督办",
    "hand_back": "专委会督办有变化",
}


def register_hooks():
    """Have followers told in the transaction of each main step."""
    for action, words in STEPS.items():
        hooks.after(action, _telling(words))


def _telling(words):
    def tell(case, subject, data, event):
        """Tell the followers who still read the whole congress; whoever acted knows, whoever was told by the action
        itself has that line already."""
        proposal = case.proposal
        readers = Grant.objects.in_force(case.today).filter(
            role__in=CONGRESS_ROLES, congress_id=proposal.congress_id, user__is_active=True
        )
        found = Follow.objects.filter(proposal=proposal, user__in=readers.values("user"))
        users = set(found.values_list("user_id", flat=True)) - ({case.actor.pk} if case.actor else set())
        if users:
            notify(
                users,
                congress_id=proposal.congress_id,
                words=f"您关注的建议{words}：{proposal.number} {proposal.title}",
                url=f"/proposals/{proposal.pk}/",
                key=f"event:{event.pk}",
            )

    return tell


def may_follow(user, proposal):
    """Whether this person reads the whole of the case's congress."""
    return any(
        g.role in CONGRESS_ROLES and g.congress_id == proposal.congress_id for g in user.active_grants()
    )


def set_following(user, proposal, wanted):
    """Follow a case, or no more; either twice is once."""
    if wanted:
        Follow.objects.get_or_create(user=user, proposal=proposal)
    else:
        Follow.objects.filter(user=user, proposal=proposal).delete()
