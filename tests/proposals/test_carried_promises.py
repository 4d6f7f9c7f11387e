"""A later round's reply: each open promise of the earlier one goes on (继续) or is replaced (由新的代替)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals.models import Clock, Commitment, LookBack
from proposals.workflow import Denied
from tests.proposals.actions.promised import act, promised, verified

pytestmark = pytest.mark.django_db


def redone(cast, walk):
    walk.rate("dissatisfied").do(
        "order_redo",
        cast.su,
        placements=walk.placements(civil="lead"),
        cause="dissatisfied",
        reason="没有解决",
    )
    return walk.accept()


def editor(cast, walk, client, **fields):
    client.force_login(cast.chen)
    place = walk.place("civil")
    reply = getattr(place, "reply", None)
    version = reply.draft_version if reply else ""
    url = f"/assignments/{place.pk}/reply/"
    return client.post(url, {"do": "save", "draft_version": version, "reply_class": "in_progress", **fields})


def new_promise(days=90):
    due = timezone.localdate() + timedelta(days)
    return [{"what": "建成 6 个社区食堂", "promised_on": due.isoformat(), "owner": "养老服务科"}]


def test_it_is_marked_in_the_editor_and_goes_on_by_itself(cast, client):
    walk, promise = promised(cast)
    redone(cast, walk)
    client.force_login(cast.chen)
    page = client.get(f"/assignments/{walk.place('civil').pk}/reply/").content.decode()
    assert "前一轮答复时承诺" in page and promise.what in page
    walk.sign(reply_class="in_progress", planned_commitments=[])
    promise.refresh_from_db()
    assert promise.is_open
    assert Clock.objects.get(commitment=promise).is_open
    assert "以前的承诺继续 1 项" in walk.proposal.events.filter(action="issue").latest("seq").words
    act(walk, "report_progress", cast.chen, promise, words="已建成 2 个")


def test_replaced_it_stands_no_more(cast, client):
    walk, promise = verified(cast, "broken")
    redone(cast, walk)
    assert editor(cast, walk, client, **{f"earlier_{promise.pk}": "replaced"}).status_code == 302
    assert walk.place("civil").reply.replaces == [promise.pk]
    walk.sign(reply_class="in_progress", planned_commitments=new_promise())
    promise.refresh_from_db()
    assert promise.replaced_by == walk.place("civil").reply
    assert LookBack.objects.get().result == "replaced"
    assert "由新的代替 1 项" in walk.proposal.events.filter(action="issue").latest("seq").words
    with pytest.raises(Denied, match="代替"):
        act(walk, "report_progress", cast.chen, promise, words="已建成 2 个")
    # The reply is taken back: the earlier promise stands again until it is issued anew.
    walk.do("recall_reply", cast.su, walk.place("civil"), recall="again", reason="承诺日期有误")
    promise.refresh_from_db()
    assert promise.replaced_by is None
    assert LookBack.objects.get().closed_on is None


def test_whoever_replaces_promises_anew(cast, client):
    walk, promise = promised(cast)
    redone(cast, walk)
    editor(cast, walk, client, **{f"earlier_{promise.pk}": "replaced"})
    with pytest.raises(Denied, match="还差 1 项：承诺事项"):
        walk.sign(reply_class="in_progress", planned_commitments=[])
    assert Commitment.objects.count() == 1


def test_a_reply_whose_promises_were_worked_on_is_not_recalled(cast):
    walk, promise = promised(cast)
    act(walk, "report_progress", cast.chen, promise, words="已建成 1 个")
    with pytest.raises(Denied, match="不能收回答复"):
        walk.do("recall_reply", cast.su, walk.place("civil"), recall="correction", reason="错字")


def test_what_goes_on_is_not_promised_a_second_time(cast, client):
    walk, promise = promised(cast)
    redone(cast, walk)
    again = [new_promise()[0] | {"what": f"{promise.what}。"}]
    with pytest.raises(Denied, match="还差 1 项：承诺事项"):
        walk.sign(reply_class="in_progress", planned_commitments=again)
    assert Commitment.objects.count() == 1
    editor(cast, walk, client, **{f"earlier_{promise.pk}": "replaced"})
    walk.sign(reply_class="in_progress", planned_commitments=again)
    promise.refresh_from_db()
    assert promise.replaced_by is not None
    assert Commitment.objects.filter(replaced_by=None).count() == 1
