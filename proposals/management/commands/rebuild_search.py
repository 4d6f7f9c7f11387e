"""Write the text index anew for every proposal."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from proposals.models import Proposal
from proposals.search import write_docs

BATCH = 500


class Command(BaseCommand):
    help = "重建全文检索索引。可在系统运行时执行，也可重复执行。"

    def handle(self, *args, **options):
        if connection.vendor == "sqlite":
            # Entries are taken out by naming what they held: mend the index before rows change.
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO proposals_searchdoc_fts (proposals_searchdoc_fts) VALUES ('rebuild')"
                )
        done = last = 0
        while batch := self.rebuild_after(last):
            done += len(batch)
            last = batch[-1].pk
        self.stdout.write(f"已重建 {done} 件建议的检索索引。")

    @transaction.atomic
    def rebuild_after(self, last):
        """Index the next proposals and return them. Locked meanwhile, so that no newer text is overwritten;
        committed batch by batch, so that on SQLite others can write in between."""
        fields = ("number", "title", "situation", "analysis", "points")
        following = Proposal.objects.filter(pk__gt=last).order_by("pk").only(*fields)
        batch = list(following.select_for_update()[:BATCH])
        if batch:
            write_docs(batch)
        return batch
