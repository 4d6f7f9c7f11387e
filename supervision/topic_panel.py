"""重点督办 on the page of a case: a mark with the topic's name, for whoever may know of it."""

from django.db.models import Exists, OuterRef

from proposals.panels import Panel

from .models import Topic, TopicCase, TopicState


def is_in_a_topic(user):
    """The sign for `panels`: whether the case is in any topic, known to the reader or not."""
    return Exists(TopicCase.objects.filter(proposal=OuterRef("pk")))


def panels(case, user, sight):
    """One Panel per topic of the case that this reader knows of; one query where it is in any."""
    if sight.is_public_reader or not case.proposal.is_in_a_topic:
        return []
    topics = Topic.objects.visible_to(user).filter(cases=case.proposal).exclude(state=TopicState.DROPPED)
    return [Panel("supervision/topics/_tag.html", {"topic": topic}, "tag") for topic in topics]
