"""What a unit's handler fills into a reply: the topic's own words, or a second answer after 不满意."""

from core.workdays import add_months

from ..models import Assignment, Commitment
from ..status import CLASSES_WITH_COMMITMENTS, AssignmentRole, PointState, ReplyClass
from . import sentences

# What a second answer moves forward.
_HELD_BACK = frozenset({PointState.LIMITED, PointState.REFERENCE, PointState.PLANNED})


def reply_fields(story, place, unit, *, is_second):
    """The fields of the reply of one place, as drafts.save_reply takes them."""
    desk, written, spec = story.desk, story.topic.reply, story.tenant.specs[unit.pk]
    reply_class, opening = ReplyClass(written["reply_class"]), written["opening"]
    answers = [dict(answer) for answer in written["answers"]]
    if is_second:
        opening = desk.say(sentences.SECOND_OPENINGS).format(own=spec.own_word)
        answers = [_second_answer(desk, answer) for answer in answers]
        reply_class = ReplyClass.IN_PROGRESS
    elif story.plan.is_merged:
        opening = desk.say(sentences.MERGED_OPENINGS).format(own=spec.own_word)
    elif story.plan.is_separate and unit.name != story.lead_name:
        # The other unit of a 分办 answers within its own field.
        opening = f"您的建议由{spec.name}按职责分别办理。{story.topic.opinions[unit.name]}"
    handler = story.worker(unit)
    return {
        "opening": opening,
        "answers": answers,
        "reply_class": reply_class,
        "doc_no": desk.document_number(unit, story.today),
        "contact_person": handler.name,
        "contact_phone": desk.office_phone(unit),
        "is_public": story.rng.random() < 0.92 or story.plan.published is not None,
        "late_opinions": _late_opinions(desk, place),
        "planned_commitments": _commitments(story, reply_class),
        # A second answer promises the same anew: the earlier promises are replaced (由新的代替), else both would run.
        "replaces": list(
            Commitment.objects.filter(proposal=place.proposal_id, unit=unit).values_list("pk", flat=True)
        )
        if reply_class in CLASSES_WITH_COMMITMENTS
        else [],
    }


def _second_answer(desk, answer):
    state = PointState.DOING if answer["state"] in _HELD_BACK else answer["state"]
    return {"state": state, "text": answer["text"] + desk.say(sentences.SECOND_STEPS)}


def _late_opinions(desk, place):
    missing = Assignment.objects.filter(
        proposal=place.proposal_id, round=place.round, role=AssignmentRole.CO, answered_on__isnull=True
    )
    return {str(co.pk): desk.say(sentences.LATE_OPINIONS) for co in missing}


def _commitments(story, reply_class):
    if reply_class not in CLASSES_WITH_COMMITMENTS:
        return []
    request = story.topic.points[0].rstrip("。")[:60]
    promised = story.topic.reply.get("commitments") or [
        {"what": f"落实“{request}”并向代表通报", "months": 6, "owner": "综合处"}
    ]
    return [
        {
            "what": promise["what"],
            "owner": promise["owner"],
            "promised_on": add_months(story.today, promise["months"]).isoformat(),
        }
        for promise in promised
    ]
