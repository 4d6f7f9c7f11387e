"""评议: entering and correcting votes, the result that follows from them, and releasing a year's results."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..models import Review, ReviewVote, VoteResult
from .formulas import pin

COUNTS = ("satisfied", "basically", "dissatisfied", "abstained")


class Closed(Exception):
    """The review is not open for what was asked; the sentence says why."""


def result_of(review, numbers):
    """满意, 基本满意 or 不满意 by the review's shares of those present: 满意票 alone, else with 基本满意."""
    satisfied, both = numbers["satisfied"], numbers["satisfied"] + numbers["basically"]
    if satisfied * 100 >= review.satisfied_share * numbers["present"]:
        return VoteResult.SATISFIED
    if both * 100 >= review.basic_share * numbers["present"]:
        return VoteResult.BASICALLY
    return VoteResult.DISSATISFIED


def open_review(congress, *, actor, data):
    """Register a meeting; the same request twice gives the same Review."""
    found = Review.objects.filter(request_id=data["request_id"]).first()
    if found:
        return found
    review = Review(
        congress=congress,
        year=int(data["year"]),
        meeting=data["meeting"],
        held_on=data["held_on"],
        satisfied_share=data["satisfied_share"],
        basic_share=data["basic_share"],
        made_by=str(actor),
        request_id=data["request_id"],
    )
    if data.get("scan"):
        checked = data["scan"]
        review.scan_name, review.scan_type = checked.name, checked.content_type
        # A random name: the user's own never touches the disk.
        review.scan.save(uuid.uuid4().hex, checked.file, save=False)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        if review.scan:
            review.scan.delete(save=False)
        return Review.objects.get(request_id=data["request_id"])
    return review


def enter(review, unit, *, actor, data):
    """Enter the votes on a unit, or correct those that stand: the old row stays, with when it was replaced.

    Returns the new row; the same request twice gives the same one. A correction of released results is open too: the
    record must be right, and both rows are kept.
    """
    with transaction.atomic():
        # Held while we look and write, so that of two corrections at once one comes after the other.
        Review.objects.filter(pk=review.pk).update(year=review.year)
        votes = ReviewVote.objects.filter(review=review, unit=unit)
        if found := votes.filter(request_id=data["request_id"]).first():
            return found
        is_correction = votes.filter(replaced_at=None).update(replaced_at=timezone.now())
        numbers = {name: data[name] for name in ("present", *COUNTS)}
        return ReviewVote.objects.create(
            review=review,
            unit=unit,
            **numbers,
            result=result_of(review, numbers),
            remark=data["remark"],
            reason=data["reason"] if is_correction else "",
            entered_by=actor,
            entered_name=str(actor),
            request_id=data["request_id"],
        )


def release(review, *, actor):
    """公布: from now on the units see their results, and the year's formula stands. Raises Closed without votes;
    released twice it stays as it was."""
    with transaction.atomic():
        if not ReviewVote.objects.filter(review=review, replaced_at=None).exists():
            raise Closed("还没有登记票数，不能公布。请先登记各单位的票数。")
        fresh = Review.objects.filter(pk=review.pk, released_on=None)
        if fresh.update(released_on=timezone.localdate(), released_by=str(actor)):
            pin(review.congress, review.year, actor)
