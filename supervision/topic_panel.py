"""重点督办 on the page of a case: a mark with the topic's name, for whoever may know of it."""

from proposals.panels import Panel

from .models import Topic, TopicState


def panels(case, user, sight):
    """One Panel per topic of the case that this reader knows of; one query."""
    if sight.is_public_reader:
        return []
    topics = Topic.objects.visible_to(user).filter(cases=case.proposal).exclude(state=TopicState.DROPPED)
    return [Panel("supervision/topics/_tag.html", {"topic": topic}, "tag") for topic in topics]
