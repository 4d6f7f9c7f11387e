"""The conflicts of the catalogue: how the case comes about, who sends what at once, and what may come of it."""

import uuid
from datetime import timedelta
from functools import partial

from django.utils import timezone

from proposals import drafts
from proposals.models import Assignment, Commitment, Opinion, Proposal, Rating, Request
from proposals.workflow import perform
from proposals.workflow.merging import merge
from tests.cast import EXTENSION, RETURN, make_proposal, scan, workday
from tests.proposals.race_promises import PROMISES
from tests.proposals.race_supervision import SUPERVISION
from tests.proposals.racing import Race, called, in_any_order, one_of, open_clock

GOOD = {"attitude": "satisfied", "result": "satisfied", "words": ""}
BAD = {"attitude": "satisfied", "result": "dissatisfied", "words": "食堂没有按期开餐。"}
PROMISE = {"what": "建成 4 个食堂", "promised_on": "2034-12-29", "owner": "养老服务科"}
UNIT_FIELDS = ("lead", "co", "separate")


# --- How the case comes about -----------------------------------------------------------------------------


def at(status):
    return partial(make_proposal, status=status)


def two(status):
    return lambda cast: (make_proposal(cast, status), make_proposal(cast, status))


def accepted(cast):
    return make_proposal(cast, "handling").accept("civil").accept("finance")


def written(cast):
    return accepted(cast).contact().write_reply()


def signing(cast):
    walk = written(cast)
    return walk.do("draft_reply", cast.chen, walk.place("civil"))


def extension_asked(cast):
    return accepted(cast).ask_extension()


def signing_with_extension(cast):
    walk = extension_asked(cast).contact().write_reply()
    return walk.do("draft_reply", cast.chen, walk.place("civil"))


def opinion_in(cast):
    """The lead is about to send; no reason is written why an opinion should be missing."""
    return accepted(cast).opinion().contact().write_reply(late_opinions={})


def separate(cast):
    return make_proposal(cast, "filed").assign(civil="separate", health="separate")


def both_signing(cast):
    walk = separate(cast)
    for unit in ("civil", "health"):
        walk.accept(unit).contact(unit).write_reply(unit)
        walk.do("draft_reply", walk.handler(unit), walk.place(unit))
    return walk


def both_replied(cast):
    return separate(cast).sign("civil").sign("health")


def return_asked(cast):
    return make_proposal(cast, "handling").ask_return()


def at_hub(cast):
    return make_proposal(cast, "filed").assign(hub="lead")


def dispatched(cast):
    return make_proposal(cast, "filed").dispatch()


def invited(cast):
    return make_proposal(cast).do("invite", cast.lin, deputy=cast.deputies["tang"])


def asked_back(*cosigners, assigned=True):
    """The lead has asked to withdraw; the co-signers are asked."""

    def scene(cast):
        walk = make_proposal(cast).cosigned(*cosigners).submit().file()
        walk = walk.assign() if assigned else walk
        return walk.do("withdraw", cast.lin, reason="已列入实事项目。")

    return scene


def asked_to_lead(status):
    def scene(cast):
        data = {"deputy": cast.deputies["tang"], "reason": "因病。"}
        return make_proposal(cast, status).do("change_lead", cast.su, **data)

    return scene


def planned(cast):
    walk = make_proposal(cast, "filed")
    return walk.do("plan", cast.su, placements=walk.placements(civil="lead"), asks_views=True)


def rated_by_proxy(cast):
    walk = make_proposal(cast, "replied")
    return walk.do("rate_proxy", cast.su, walk.place("civil"), **BAD, files=[scan_checked()])


def scan_checked():
    from proposals.attachments import check_upload

    return check_upload(scan())


def objected(cast):
    data = {"about": "unit", "about_text": "市民政局", "words": "没有人来过。"}
    return make_proposal(cast, "handling").do("object", cast.lin, **data)


def merged(cast):
    first, other = two("handling")(cast)
    merge(first.proposal, other.proposal, actor=cast.su, now=first.now)
    return first, other


def merged_and_a_third(cast):
    return *merged(cast), make_proposal(cast, "handling")


def urged(cast):
    return accepted(cast).do("urge", cast.su, words="请抓紧。")


# --- What is sent -----------------------------------------------------------------------------------------


def form(who, action, unit=None, *, of=0, events=1, **fields):
    """A form of the case number `of`; values may be worked out from its walk, units are named shortly."""

    def job(desk, *walks):
        walk, filled = walks[of], {}
        for name, value in fields.items():
            value = value(walk) if callable(value) else value
            if name in UNIT_FIELDS:
                keys = [value] if isinstance(value, str) else value
                value = [desk.cast.units[key].pk for key in keys]
            filled[name] = value
        return desk.post(walk, who, action, unit, events=events, **filled)

    return job


def twice(*form_of, **fields):
    """One form sent twice: done once, answered the same."""
    fields["request_id"] = lambda walk: uuid.uuid5(uuid.NAMESPACE_URL, f"case {walk.proposal.pk}")
    return form(*form_of, **fields), form(*form_of, events=0, **fields)


def category(walk):
    return walk.cast.categories["社会建设"].pk


def text_hash(walk):
    return walk.proposal.text_hash


def cosignature(walk):
    return walk.proposal.cosignatures.get().pk


def deputy_tang(walk):
    return walk.cast.deputies["tang"].pk


def invited_name(walk):
    return walk.cast.deputies["xiao"].name


def later(days):
    """A working day so many days after the present date of the lead's place."""
    return lambda walk: workday(walk.cast, walk.place("civil").due_on + timedelta(days=days))


def fresh_scan(walk):
    return scan()


def number_of(index):
    """The number of the other case, read when the form is filled in."""

    def other(desk, *walks):
        mine, partner = walks[index], walks[1 - index]
        return desk.post(mine, "su" if index else "ning", "merge", other=partner.proposal.number, events=2)

    return other


def joining_the_first(desk, first, other, third):
    return desk.post(third, "ning", "merge", other=first.proposal.number, events=None)


def silence(desk, walk):
    """The daily job, after the rating window."""
    place, late = walk.place("civil"), timezone.now() + timedelta(days=120)
    return called("mark_silent", lambda: perform("mark_silent", place, actor=None, now=late))


def saving(desk, walk):
    """The draft, open in another window, is saved; that is no action and leaves no line."""
    fresh = Proposal.objects.get(pk=walk.proposal.pk)
    words = {"analysis": "改过的分析。"}
    job = called("save", lambda: drafts.save_draft(fresh, words, draft_version=fresh.draft_version))
    job.events = 0
    return job


def granting(who, granted):
    fields = {"is_granted": "yes" if granted else "no", "reason": "情况属实。"}
    return form(who, "decide_extension", "civil", until=later(20) if granted else "", **fields)


ASSIGN = form("su", "assign", lead="civil", co=["finance"])
ISSUE = form("fang", "issue", "civil")
RATE = form("lin", "rate", "civil", **GOOD)
WITHDRAW = form("lin", "withdraw", reason="已列入实事项目。")
ADJUST = form("su", "adjust", lead="health", co=["finance"], reason="职能不归它。")
REDO = form("su", "order_redo", lead="health", cause="dissatisfied", reason="代表反映的问题没有解决。")
REDO_TOO = form("ning", "order_redo", lead="civil", cause="other", reason="重办。")
SUBMIT = form("lin", "submit")
COSIGN = form("tang", "cosign", text_hash=text_hash)
TAKE_LEAD = form("tang", "take_lead")
ASK_RETURN = form("chen", "ask_return", "civil", **RETURN)
DISPATCH = form("hub", "dispatch", "hub", lead="civil", co=["finance"])
EXTEND = form("chen", "ask_extension", "civil", until=later(30), **EXTENSION)
URGE = form("su", "urge", places=lambda walk: [walk.place("civil").pk], words="请抓紧。")
PROXY = form("su", "rate_proxy", "civil", files=fresh_scan, **GOOD)
RECALL = form("su", "recall_reply", "civil", recall="again", reason="答非所问。")
CORRECT = form("su", "correct_class", "civil", reply_class="planned", reason="还没有建成。", **PROMISE)
PUBLISH = form("su", "publish", has_looked="on")
UNMERGE = form("su", "unmerge", events=2, reason="两回事。")
FILE = form("su", "file", category=category)


# --- What must hold besides -------------------------------------------------------------------------------


def only_one_opinion(walk):
    assert Opinion.objects.filter(assignment__proposal=walk.proposal).count() == 1


def one_round_more(walk):
    assert walk.proposal.round <= 2
    assert Assignment.objects.filter(proposal=walk.proposal, round=2).count() == walk.proposal.round - 1


def one_rating_clock(walk):
    place = walk.place("civil")
    assert open_clock("rating", assignment=place).count() == (1 if place.status == "answered" else 0)


def one_promise(walk):
    assert Commitment.objects.filter(proposal=walk.proposal).count() == 1
    assert open_clock("commitment", proposal=walk.proposal).count() == 1


def no_promise_left(walk):
    assert not Commitment.objects.filter(proposal=walk.proposal).exists()
    assert not open_clock("commitment", proposal=walk.proposal).exists()


def not_public(walk):
    assert walk.proposal.published_on is None


def withdrawn(walk):
    assert walk.proposal.status == "withdrawn"
    assert not Request.objects.filter(proposal=walk.proposal, state="open").exists()


def closed(walk):
    assert walk.proposal.status == "closed"


def replied(walk):
    assert walk.proposal.status == "replied"
    assert open_clock("rating", proposal=walk.proposal).count() == 2


def one_group(*walks):
    (group,) = {walk.proposal.merge_group_id for walk in walks}
    assert group


def in_no_group(*walks):
    assert {walk.proposal.merge_group_id for walk in walks} == {None}


def numbers_differ(first, second):
    assert first.proposal.number and first.proposal.number != second.proposal.number


def own_rating(walk):
    assert not Rating.objects.get(reply__assignment__proposal=walk.proposal).is_proxy


def nothing_pending(walk):
    assert not Request.objects.filter(proposal=walk.proposal, state="open").exists()


def one_pending(walk):
    assert Request.objects.filter(proposal=walk.proposal, state="open").count() == 1


def one_invitation(walk):
    assert walk.proposal.cosignatures.count() == 1


# --- The catalogue ----------------------------------------------------------------------------------------

CONSENT = ("withdraw_needs_cosigners",)
CO_OPINION = {"words": "补助资金已列入预算。"}

WRITING_AND_REVIEW = (
    Race("file, file of another case", two("submitted"), (FILE, form("ning", "file", of=1, category=category)),
         {("file", "file")}, numbers_differ),
    Race("file, decline", at("submitted"), (FILE, form("ning", "decline", outcome="letter", reason="个人事务。")),
         one_of("file", "decline")),
    Race("file, return", at("submitted"), (FILE, form("ning", "return", reason="请写明补助标准。")),
         one_of("file", "return")),
    Race("file, file by two officers", at("submitted"), (FILE, form("ning", "file", category=category)), {("file",)}),
    Race("file, withdraw", at("submitted"), (FILE, WITHDRAW), one_of("file", "withdraw")),
    Race("file, amend", at("submitted"), (FILE, form("ning", "amend", title="关于老年助餐的建议", source="recess",
         open_wanted="on", category=category, reason="错字。")), in_any_order("file", "amend")),
    Race("file sent twice", at("submitted"), twice("su", "file", category=category), {("file",)}),
    Race("decline, withdraw", at("submitted"), (form("su", "decline", outcome="letter", reason="个人事务。"), WITHDRAW),
         one_of("decline", "withdraw")),
    Race("cosign, submit", invited, (COSIGN, SUBMIT), {("cosign",), ("cosign", "submit")}),
    Race("cosign, refuse_cosign", invited, (COSIGN, form("tang", "refuse_cosign")),
         one_of("cosign", "refuse_cosign")),
    Race("cosign, drop", invited, (COSIGN, form("lin", "drop", cosignature=cosignature)),
         {("drop",), ("cosign", "drop")}),
    Race("invite, invite", at("draft"), (form("lin", "invite", deputy=invited_name),) * 2, {("invite",)},
         one_invitation),
    Race("submit, submit", at("draft"), (SUBMIT, SUBMIT), {("submit",)}),
    Race("submit, save", at("draft"), (SUBMIT, saving), {("submit",)}),
    Race("submit sent twice", at("draft"), twice("lin", "submit"), {("submit",)}),
    Race("assign, assign", at("filed"), (ASSIGN, form("ning", "assign", lead="health")), {("assign",)}),
    Race("assign, undo_review", at("filed"), (ASSIGN, form("ning", "undo_review", reason="立错了。")),
         one_of("assign", "undo_review")),
    Race("assign, withdraw", at("filed"), (ASSIGN, WITHDRAW), one_of("assign", "withdraw")),
    Race("assign, plan", at("filed"), (ASSIGN, form("ning", "plan", lead="health", asks_views="on")),
         {("assign",), ("plan", "assign")}, nothing_pending),
    Race("assign, give_view", planned, (ASSIGN, form("chen", "give_view", agrees="yes", words="")),
         {("assign",), ("give_view", "assign")}, nothing_pending),
    Race("give_view, give_view", planned, (form("chen", "give_view", agrees="yes", words=""),
         form("zou", "give_view", agrees="no", words="不归我局。")), {("give_view",)}, nothing_pending),
    Race("assign, merge", two("filed"), (ASSIGN, number_of(0)),
         {("assign", "merge", "merge"), ("merge", "merge", "assign")}, one_group),
    Race("merge, merge the other way", two("handling"), (number_of(0), number_of(1)), {("merge", "merge")}, one_group),
    Race("unmerge, unmerge", merged, (UNMERGE, form("ning", "unmerge", events=2, reason="分开办。")),
         {("unmerge", "dissolve")}, in_no_group),
    Race("unmerge here, unmerge there", merged, (UNMERGE, form("ning", "unmerge", of=1, events=2, reason="分开办。")),
         {("unmerge", "dissolve")}, in_no_group),
    Race("unmerge, merge a third", merged_and_a_third,
         (form("su", "unmerge", events=None, reason="两回事。"), joining_the_first),
         {("merge", "unmerge"), ("unmerge", "dissolve", "merge", "merge")}),
)  # fmt: skip

UNITS = (
    Race("accept, accept", at("handling"), (form("chen", "accept", "civil"), form("zou", "accept", "civil")),
         {("accept",)}),
    Race("accept, ask_return", at("handling"), (form("zou", "accept", "civil"), ASK_RETURN),
         one_of("accept", "ask_return")),
    Race("accept, withdraw", at("handling"), (form("zou", "accept", "civil"), WITHDRAW),
         {("withdraw",), ("accept", "withdraw")}, withdrawn),
    Race("adjust, adjust", at("handling"), (ADJUST, form("ning", "adjust", lead="education", reason="改交。")),
         {("adjust",)}),
    Race("adjust, ask_return", at("handling"), (ADJUST, ASK_RETURN), {("adjust",), ("ask_return", "adjust")},
         nothing_pending),
    Race("adjust, withdraw", at("handling"), (ADJUST, WITHDRAW), one_of("adjust", "withdraw")),
    Race("approve_return, refuse_return", return_asked,
         (form("su", "approve_return", "civil", lead="health", co=["finance"], reason="属实。"),
          form("ning", "refuse_return", "civil", reason="仍归你局。")), one_of("approve_return", "refuse_return"),
         nothing_pending),
    Race("approve_return, adjust", return_asked,
         (form("su", "approve_return", "civil", lead="health", co=["finance"], reason="属实。"),
          form("ning", "adjust", lead="education", co=["finance"], reason="改交。")),
         {("adjust",), ("approve_return", "adjust")}, nothing_pending),
    Race("dispatch, dispatch", at_hub, (DISPATCH, form("ma", "dispatch", "hub", lead="health")), {("dispatch",)}),
    Race("dispatch, ask_return", at_hub, (DISPATCH, form("ma", "ask_return", "hub", **RETURN)),
         one_of("dispatch", "ask_return")),
    Race("dispatch, adjust", at_hub, (DISPATCH, form("su", "adjust", lead="civil", reason="直接交办。")),
         {("adjust",), ("dispatch", "adjust")}),
    Race("adjust by the hub, adjust by the office", dispatched,
         (form("hub", "adjust", lead="education", co=["finance"], reason="改交。"),
          form("su", "adjust", lead="health", reason="不归督查室。")), {("adjust",)}),
    Race("give_opinion, give_opinion", accepted, (form("gao", "give_opinion", "finance", **CO_OPINION),
         form("yan", "give_opinion", "finance", words="另一份。")), {("give_opinion",)}, only_one_opinion),
    Race("give_opinion, issue", signing, (form("gao", "give_opinion", "finance", **CO_OPINION), ISSUE),
         {("issue",), ("give_opinion", "issue")}),
    Race("return_opinion, draft_reply", opinion_in, (form("chen", "return_opinion", "finance", reason="没写资金。"),
         form("zou", "draft_reply", "civil")), one_of("return_opinion", "draft_reply")),
    Race("draft_reply, draft_reply", written, (form("chen", "draft_reply", "civil"),
         form("zou", "draft_reply", "civil")), {("draft_reply",)}),
    Race("issue, issue by two signers", signing, (ISSUE, form("shi", "issue", "civil")), {("issue",)},
         one_rating_clock),
    Race("issue, rework", signing, (ISSUE, form("shi", "rework", "civil", reason="没写日期。")),
         one_of("issue", "rework"), one_rating_clock),
    Race("issue, take_back", signing, (ISSUE, form("chen", "take_back", "civil")), one_of("issue", "take_back")),
    Race("issue, adjust", signing, (ISSUE, ADJUST), one_of("issue", "adjust"), one_rating_clock),
    Race("issue, withdraw", signing, (ISSUE, WITHDRAW), one_of("issue", "withdraw")),
    Race("issue, urge", signing, (ISSUE, URGE), {("issue",), ("urge", "issue")},
         nothing_pending),
    Race("issue sent twice", signing, twice("fang", "issue", "civil"), {("issue",)}, one_rating_clock),
    Race("two separate replies issued", both_signing, (ISSUE, form("lu", "issue", "health")), {("issue", "issue")},
         replied),
    Race("answer_urge, answer_urge", urged, (form("chen", "answer_urge", "civil", words="在办。"),
         form("zou", "answer_urge", "civil", words="快了。")), {("answer_urge",)}),
    Race("ask_extension, ask_extension", accepted, (EXTEND, form("zou", "ask_extension", "civil", until=later(20),
         **EXTENSION)), {("ask_extension",)}, one_pending),
    Race("ask_extension, draft_reply", written, (EXTEND, form("zou", "draft_reply", "civil")),
         {("draft_reply",), ("ask_extension", "draft_reply")}),
    Race("decide_extension, decide_extension", extension_asked, (granting("su", True), granting("ning", False)),
         {("decide_extension",)}, nothing_pending),
    Race("decide_extension, issue", signing_with_extension, (granting("su", True), ISSUE),
         {("issue",), ("decide_extension", "issue")}, nothing_pending),
)  # fmt: skip

AFTER_THE_REPLY = (
    Race("rate, rate from two phones", at("replied"), (RATE, form("lin", "rate", "civil", **BAD)), {("rate",)}),
    Race("rate sent twice", at("replied"), twice("lin", "rate", "civil", **GOOD), {("rate",)}, closed),
    Race("rate, rate_proxy", at("replied"), (RATE, PROXY), {("rate",), ("rate_proxy", "rate")}, own_rating),
    Race("rate_proxy, rate_proxy", at("replied"), (PROXY, form("ning", "rate_proxy", "civil", files=fresh_scan,
         **GOOD)), {("rate_proxy",)}, closed),
    Race("rate, recall_reply", at("replied"), (RATE, RECALL), one_of("rate", "recall_reply")),
    Race("rate, mark_silent", at("replied"), (RATE, silence), {("rate",), ("mark_silent", "rate")}, closed),
    Race("recall_reply, mark_silent", at("replied"), (RECALL, silence), one_of("recall_reply", "mark_silent")),
    Race("two replies rated", both_replied, (RATE, form("lin", "rate", "health", **GOOD)), {("rate", "rate")}, closed),
    Race("rate, correct_class", at("replied"), (RATE, CORRECT), in_any_order("rate", "correct_class"), one_promise),
    Race("correct_class, correct_class", at("replied"), (CORRECT, form("ning", "correct_class", "civil",
         reply_class="planned", reason="列入计划。", **PROMISE)), {("correct_class",)}, one_promise),
    Race("correct_class, recall_reply", at("replied"), (CORRECT, form("ning", "recall_reply", "civil",
         recall="correction", reason="文号写错。")), {("recall_reply",), ("correct_class", "recall_reply")},
         no_promise_left),
    Race("rate, change_lead", at("replied"), (RATE, form("su", "change_lead", deputy=deputy_tang, reason="因病。")),
         {("rate",), ("change_lead", "rate")}, nothing_pending),
    Race("rate, take_lead", asked_to_lead("replied"), (RATE, TAKE_LEAD), one_of("rate", "take_lead")),
    Race("change_lead, change_lead", at("handling"), (form("su", "change_lead", deputy=deputy_tang, reason="因病。"),
         form("ning", "change_lead", deputy=deputy_tang, reason="离任。")), {("change_lead",)}, one_pending),
    Race("take_lead, refuse_lead", asked_to_lead("handling"), (TAKE_LEAD, form("tang", "refuse_lead", reason="太忙。")),
         one_of("take_lead", "refuse_lead"), nothing_pending),
    Race("take_lead, withdraw", asked_to_lead("filed"), (TAKE_LEAD, WITHDRAW), one_of("take_lead", "withdraw"),
         nothing_pending),
    Race("rate in the place of a proxy, close_disputed", rated_by_proxy,
         (RATE, form("su", "close_disputed", reason="已尽责。")), {("rate",), ("close_disputed", "rate")}, own_rating),
    Race("order_redo, close_disputed", at("disputed"), (REDO, form("ning", "close_disputed", reason="已尽责。")),
         one_of("order_redo", "close_disputed"), one_round_more),
    Race("order_redo, order_redo", at("disputed"), (REDO, REDO_TOO),
         {("order_redo",)}, one_round_more),
    Race("order_redo, settle", at("coordination"), (REDO, form("ning", "settle", record="已开会协调。")),
         one_of("order_redo", "settle")),
    Race("order_redo, publish", at("closed"), (REDO, PUBLISH), {("order_redo",), ("publish", "order_redo")},
         not_public),
    Race("publish, publish", at("closed"), (PUBLISH, form("ning", "publish", has_looked="on")), {("publish",)}),
    Race("answer_objection, answer_objection", objected, (form("su", "answer_objection", words="已核实。"),
         form("ning", "answer_objection", words="请单位补访。")), {("answer_objection",)}, nothing_pending),
    Race("consent_withdraw, assign", asked_back("tang", assigned=False), (form("tang", "consent_withdraw"), ASSIGN),
         one_of("consent_withdraw", "assign"), switches=CONSENT),
    Race("consent_withdraw, refuse_withdraw", asked_back("tang", "xiao"), (form("tang", "consent_withdraw"),
         form("xiao", "refuse_withdraw", reason="还要办。")),
         {("refuse_withdraw",), ("consent_withdraw", "refuse_withdraw")}, nothing_pending, CONSENT),
    Race("consent_withdraw of the last two", asked_back("tang", "xiao"), (form("tang", "consent_withdraw"),
         form("xiao", "consent_withdraw")), {("consent_withdraw", "consent_withdraw")}, withdrawn, CONSENT),
)  # fmt: skip

CATALOGUE = {
    "review": WRITING_AND_REVIEW,
    "units": UNITS,
    "reply": AFTER_THE_REPLY,
    "promises": PROMISES,
    "supervision": SUPERVISION,
}
