"""What happens to promises (承诺事项) when replies are issued and recalled, and their clocks."""

from datetime import date

from .. import clocks
from ..models import Commitment, LookBack
from ..status import PROMISE_FAILED, ClockKind, LookBackResult


def open_commitments(case, place, reply, promises):
    """Promises become rows, each with the clock of its promised date."""
    _ = case.commitments  # read before rows are added, so that none stands in it twice
    for promise in promises:
        commitment = Commitment.objects.create(
            proposal=case.proposal,
            reply=reply,
            unit=place.unit,
            what=promise["what"],
            owner=promise["owner"],
            promised_on=date.fromisoformat(promise["promised_on"]),
        )
        case.commitments.append(commitment)
        start_clock(case, commitment)


def start_clock(case, commitment, note="答复中承诺的完成日期。"):
    """Start the clock of a promise on its date."""
    clocks.start(
        case,
        ClockKind.COMMITMENT,
        started_on=case.today,
        commitment=commitment,
        due_on=commitment.promised_on,
        note=note,
    )


def earlier_open(case, place):
    """The unit's promises of earlier rounds that go on: not verified, or not wholly kept and not settled."""
    return [
        c
        for c in case.commitments
        if c.unit_id == place.unit_id and case.place_of(c).round < place.round and goes_on(c)
    ]


def carried_on(case, place, reply):
    """Those of them that the reply carries on (继续)."""
    return [c for c in earlier_open(case, place) if c.pk not in reply.replaces]


def goes_on(commitment):
    """Whether a promise is still followed."""
    if commitment.replaced_by_id or commitment.settled_on:
        return False
    return commitment.is_open or commitment.status in PROMISE_FAILED


def replace_earlier(case, place, reply):
    """A later round's reply carries each open promise on (继续), or replaces it (由新的代替) where it says so."""
    replaced = [c for c in earlier_open(case, place) if c.pk in reply.replaces]
    for commitment in replaced:
        commitment.replaced_by = reply
        case.touch(commitment, "replaced_by")
        end_look_back(case, commitment, LookBackResult.REPLACED, "由后一轮答复的承诺代替")
    clocks.void_promises(case, {c.pk for c in replaced})
    return replaced


def promises_are_untouched(case, place):
    """A condition of recalling a reply: its promises were neither moved nor reported on nor verified."""
    reply = case.reply(place)
    touched = [c for c in case.commitments if reply and c.reply_id == reply.pk and c.version > 1]
    if touched:
        words = f"这份答复的承诺（{touched[0].what}）已有进展、改期或核实记录，不能收回答复"
        return f"{words}；可以调整答复类别，或请单位改期。"
    return None


def take_back(case, reply):
    """Rows of promises go with the reply that made them; they are made anew when it is issued again. Those of an
    earlier round that it had replaced stand again until then."""
    for commitment in case.commitments:
        if commitment.replaced_by_id == reply.pk:
            commitment.replaced_by = None
            case.touch(commitment, "replaced_by")
            _take_up(case, commitment)
    for commitment in [c for c in case.commitments if c.reply_id == reply.pk]:
        for clock in [c for c in case.clocks if c.commitment_id == commitment.pk]:
            case.clocks.remove(clock)
            clock.delete()
        case.commitments.remove(commitment)
        commitment.delete()


def _take_up(case, commitment):
    """The clock and the look-back that ended when the promise was replaced run again."""
    if commitment.is_open:
        for clock in case.clocks:
            if clock.commitment_id == commitment.pk and clock.voided_on:
                clock.voided_on = None
                clock.save(update_fields=["voided_on"])
    ended = LookBack.objects.filter(commitment=commitment, result=LookBackResult.REPLACED)
    ended.update(closed_on=None, closed_by="", result="", words="")


def note_reassigned(case):
    """再交办: the open look-backs of the case remember in which round it was handed out again."""
    LookBack.objects.filter(commitment__proposal=case.proposal, closed_on=None).update(
        reassigned_on=case.today, round=case.proposal.round
    )


def end_look_back(case, commitment, result, words=""):
    """Close the look-back (回头看) of a promise, where one is open."""
    by = case.grant.place if case.grant else "系统"
    LookBack.objects.filter(commitment=commitment, closed_on=None).update(
        result=result, closed_on=case.today, closed_by=by, words=words
    )
