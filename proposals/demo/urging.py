"""催办 of the demonstration: of the cases without movement some are urged, some urges seen, some answered."""

from accounts.models import Grant, Role

from ..models import ProposalEvent, Request, UrgePhrase
from ..quiet import quiet_by
from ..rules import load_rules
from ..status import RequestKind
from ..workflow import perform

MOST = 9
# How many working days ago they were urged, seen and answered.
URGED, SEEN, ANSWERED = 4, 3, 2
ANSWERS = (
    "已约代表本周五到现场看，看完三天内把办理方案报您办。",
    "前期在等上级文件，没有及时写进展，已补登；答复稿本月内送签。",
    "经办人轮岗交接耽误了，现已明确专人，下周与代表座谈。",
)


def tell(desk):
    """Urge the longest silent places of one congress: by turns nobody looked, somebody looked, somebody answered."""
    congress, times = desk.tenant.congress, desk.times
    phrase = UrgePhrase.objects.filter(congress=congress).last()
    officer = desk.tenant.staff[Role.LIAISON][0]
    at = times.moment(times.shift(times.today, -URGED), desk.rng)
    quiet = quiet_by(load_rules(congress.pk), times.today, times.calendar)
    silent = quiet.places().filter(congress=congress).select_related("unit", "proposal")
    # What happened since would stand before its time in the history.
    lately = ProposalEvent.objects.filter(at__gte=at).values("proposal")
    for number, place in enumerate(silent.exclude(proposal__in=lately).order_by("stirred_on", "pk")[:MOST]):
        answer_by = times.shift(times.today, phrase.answer_days - URGED)
        data = {"words": phrase.words, "answer_by": answer_by, "places": [place]}
        perform("urge", place.proposal, actor=officer, data=data, now=at, request_id=desk.fresh_id())
        if number % 3:
            _see(desk, place, is_answered=number % 3 == 2)


def _see(desk, place, *, is_answered):
    times = desk.times
    grant = Grant.objects.in_force().filter(role=Role.HANDLER, unit=place.unit).order_by("pk").first()
    if grant is None:
        return  # works on paper
    seen_at = times.moment(times.shift(times.today, -SEEN), desk.rng)
    Request.objects.filter(assignment=place, kind=RequestKind.URGE, seen_at=None).update(
        seen_at=seen_at, seen_by=grant.user.name
    )
    if is_answered:
        at = times.moment(times.shift(times.today, -ANSWERED), desk.rng, after=seen_at)
        words = {"words": desk.say(ANSWERS)}
        perform("answer_urge", place, actor=grant.user, data=words, now=at, request_id=desk.fresh_id())
