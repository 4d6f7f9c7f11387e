"""Places accepted before silence was looked at (0012): their last day with anything done is in the history."""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F, Max

BATCH = 1000
SHANGHAI = ZoneInfo("Asia/Shanghai")
# What a unit does at its place, and what gives the work (back) to it, as the table of actions has it by now.
STIRRING = (
    "accept",
    "answer_urge",
    "ask_extension",
    "ask_return",
    "decide_extension",
    "draft_reply",
    "give_opinion",
    "issue",
    "log_contact",
    "note_progress",
    "recall_reply",
    "refuse_return",
    "return_opinion",
    "rework",
    "take_back",
)


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    places = apps.get_model("proposals", "Assignment").objects.using(alias)
    events = apps.get_model("proposals", "ProposalEvent").objects.using(alias)
    places.exclude(accepted_on=None).update(stirred_on=F("accepted_on"))
    last = events.filter(action__in=STIRRING).exclude(assignment=None).order_by()
    batch = []
    model = apps.get_model("proposals", "Assignment")
    for pk, at in last.values_list("assignment").annotate(last=Max("at")).iterator(chunk_size=BATCH):
        batch.append(model(pk=pk, stirred_on=at.astimezone(SHANGHAI).date()))
        if len(batch) == BATCH:
            places.bulk_update(batch, ["stirred_on"])
            batch = []
    places.bulk_update(batch, ["stirred_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0012_urges_and_silence"),
    ]

    operations = [
        # Backwards the column goes anyway.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
