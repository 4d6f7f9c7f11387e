"""A small year of units' work, told by hand: every kind of thing that a figure counts happens at least once.

市民政局 is looked at. Each story says what it adds; GOLDEN below is their sum, worked out on paper.
"""

from datetime import date

from institutions.succession import forget_successors
from proposals.attachments import check_upload
from proposals.status import AssignmentRole
from tests.cast import Walk, scan
from tests.supervision.conftest import at

LEAD, CO, SEPARATE = AssignmentRole.LEAD, AssignmentRole.CO, AssignmentRole.SEPARATE
START = at(2026, 3, 2)
TODAY = at(2026, 6, 20)


def begun(cast, *, now=START, **roles):
    """A case that was assigned on the day of `now`; default: 市民政局 leads, 市财政局 assists."""
    return Walk(cast, now=now).submit().file().assign(**roles)


def closed_in_time(cast):
    """Signed for, spoken to, opinion given, replied within 10 days, satisfied."""
    walk = begun(cast).accept().accept("finance").days(2).contact().opinion().days(8)
    return walk.sign().days(1).rate()


def done_again(cast):
    """不满意 on the result, done again, then 基本满意: first and final differ."""
    walk = begun(cast, civil=LEAD).sign().rate("dissatisfied").days(1)
    walk.do(
        "order_redo", cast.su, placements=walk.placements(civil=LEAD), cause="dissatisfied", reason="再办"
    )
    return walk.days(5).sign().rate("basically")


def late_and_open(cast):
    """Signed for late, nothing said, due on 2 June: overdue. The co-opinion came late as well."""
    walk = begun(cast).days(10).accept().accept("finance").days(40)
    return walk.opinion()


def put_off(cast):
    """The unit asks to be let go, is refused, asks for a month more, is granted it, and answers within that."""
    walk = begun(cast, civil=LEAD).ask_return()
    walk.do("refuse_return", cast.su, walk.place("civil"), reason="属于你局职责")
    walk.days(60).ask_extension(days=28)
    until = date.fromisoformat(walk.place("civil").requests.get(kind="extension").details["until"])
    walk.do("decide_extension", cast.su, walk.place("civil"), is_granted=True, until=until, reason="同意")
    return walk.days(40).sign()


def recalled(cast):
    """退回重答 once and 更正 once; the office enters the rating for the deputy."""
    walk = begun(cast, civil=LEAD).sign()
    walk.do("recall_reply", cast.su, walk.place("civil"), recall="again", reason="没有逐条答复").days(1)
    walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
    walk.do("recall_reply", cast.su, walk.place("civil"), recall="correction", reason="文号有误").days(1)
    walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
    files = [check_upload(scan())]
    data = {"attitude": "satisfied", "result": "satisfied", "words": "", "files": files}
    return walk.do("rate_proxy", cast.su, walk.place("civil"), **data)


def silent(cast):
    """Nobody rates it: 未表态."""
    walk = begun(cast, civil=LEAD).sign().days(60)
    return walk.do("mark_silent", None, walk.place("civil"))


def given_again(cast):
    """Closed as 满意, then 再交办 and rated 不满意: neither first nor final hears of that."""
    walk = begun(cast, civil=LEAD).sign().rate().days(30)
    walk.do(
        "order_redo", cast.su, placements=walk.placements(civil=LEAD), cause="reassigned", reason="回头看"
    )
    return walk.days(5).sign().rate("dissatisfied")


def half_answered(cast):
    """分办: 市民政局 has its rating, 市教育局 still works, so that the unit must not know it yet."""
    return begun(cast, civil=SEPARATE, education=SEPARATE).sign().rate()


def through_the_hub(cast):
    """The hub passes it on; the lead answers before 市财政局 ever gave its opinion, when that was long due."""
    walk = Walk(cast, now=START).submit().file().dispatch()
    return walk.days(45).sign()


def urged(cast):
    """Urged twice, answered the second time; 市档案馆, which 市民政局 has replaced since, assists."""
    walk = begun(cast, civil=LEAD, archive=CO).accept()
    walk.do("urge", cast.su, words="请抓紧办理").days(1).do("urge", cast.su, words="请尽快答复")
    return walk.do("answer_urge", cast.chen, walk.place("civil"), words="本周内送审")


def last_year(cast):
    """A case of 2025, answered in 2026: it belongs to 2025."""
    return begun(cast, now=at(2025, 12, 1), civil=LEAD).days(60).sign().rate()


STORIES = (
    *(closed_in_time, done_again, late_and_open, put_off, recalled, silent, given_again),
    *(half_answered, through_the_hub, urged, last_year),
)


def build_world(cast):
    """Tell every story; returns {name: Walk}."""
    walks = {story.__name__: story(cast) for story in STORIES}
    archive = cast.units["archive"]
    archive.successor, archive.abolished_on = cast.units["civil"], date(2026, 5, 1)
    archive.save()
    forget_successors()
    return walks


# --- What the stories come to, by the day of TODAY ---------------------------------------------------------
#
# Leads: 8 stories with one place, 2 with two (done_again, given_again), all of 2026; the co place is 市档案馆's.
# Signed late: the second round of done_again (on a Sunday, two days over), late_and_open, through_the_hub; never:
# 市档案馆. Overdue replies: late_and_open and urged, due on 2 June; both are silent (没有动静) as well.

GOLDEN = {
    "civil": {
        "lead": 12,
        "co": 1,
        "redo": 2,
        "reassigned": 1,
        "contacted": 10,
        "uncontacted": 2,
        "contacts": 11,
        "quiet": 2,
        "replied": 10,
        "unreplied": 2,
        "class_solved": 10,
        "first_replied": 8,
        "first_rated": 5,
        "first_silent": 1,
        "first_waiting": 2,
        "first_attitude_satisfied": 5,
        "first_result_satisfied": 4,
        "first_result_dissatisfied": 1,
        "final_replied": 8,
        "final_rated": 5,
        "final_silent": 1,
        "final_waiting": 2,
        "final_attitude_satisfied": 5,
        "final_result_satisfied": 4,
        "final_result_basically": 1,
        "proxied": 1,
        "sign_due": 13,
        "sign_on_time": 9,
        "sign_late": 4,
        "reply_timed": 10,
        "reply_due": 12,
        "reply_on_time": 10,
        "reply_on_first_date": 9,
        "reply_overdue": 2,
        "opinion_due": 1,
        "opinion_late": 1,
        "return_asked": 1,
        "return_refused": 1,
        "extension_asked": 1,
        "extension_granted": 1,
        "urged": 4,
        "urge_answered": 1,
        "recalled": 1,
        "corrected": 1,
    },
    "finance": {
        "co": 3,
        "sign_due": 3,
        "sign_on_time": 1,
        "sign_late": 2,
        "opinion_due": 3,
        "opinion_on_time": 1,
        "opinion_late": 2,
    },
    "hub": {"passed_on": 1, "sign_due": 1, "sign_on_time": 1},
    "education": {
        "lead": 1,
        "uncontacted": 1,
        "unreplied": 1,
        "sign_due": 1,
        "sign_late": 1,
        "reply_due": 1,
        "reply_overdue": 1,
    },
}
# What 市民政局 itself reads: half_answered is rated, but not released to it yet (§5).
UNRELEASED = {
    "first_rated": 4,
    "first_waiting": 3,
    "first_attitude_satisfied": 4,
    "first_result_satisfied": 3,
    "final_rated": 4,
    "final_waiting": 3,
    "final_attitude_satisfied": 4,
    "final_result_satisfied": 3,
}
# What 市政府督查室 reads of 市民政局: the one case that went through it.
THROUGH_HUB = {
    "lead": 1,
    "contacted": 1,
    "contacts": 1,
    "replied": 1,
    "class_solved": 1,
    "first_replied": 1,
    "first_waiting": 1,
    "final_replied": 1,
    "final_waiting": 1,
    "sign_due": 1,
    "sign_late": 1,
    "reply_timed": 1,
    "reply_due": 1,
    "reply_on_time": 1,
    "reply_on_first_date": 1,
}
