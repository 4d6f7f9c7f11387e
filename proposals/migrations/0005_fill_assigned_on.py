"""Places opened before hubs passed cases on (0003): their reply term counts from the day they were opened."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    places = apps.get_model("proposals", "Assignment").objects.using(schema_editor.connection.alias)
    places.filter(assigned_on=None).update(assigned_on=F("opened_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0004_redo_cause"),
    ]

    operations = [
        # Backwards the dates may stay: they are what would be filled in again.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
