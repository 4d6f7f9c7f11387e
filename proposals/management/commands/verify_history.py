"""Check the hash chain of every history; exit status 1 when a line was changed, removed or inserted."""

import sys

from django.core.management.base import BaseCommand

from proposals.history import verify
from proposals.models import Proposal, ProposalEvent


class Command(BaseCommand):
    help = "核对办理经过有没有被改动、删除或插入，并说明在哪里。有问题时退出状态为 1。"

    def handle(self, *args, **options):
        flaws = 0
        for flaw in verify():
            flaws += 1
            number = f"（{flaw.number}）" if flaw.number else ""
            self.stdout.write(f"建议 {flaw.proposal_id}{number}：{flaw.words}。")
        if flaws:
            self.stderr.write(f"发现 {flaws} 处问题。请保留现场，与备份对照。")
            sys.exit(1)
        lines, cases = ProposalEvent.objects.count(), Proposal.objects.filter(event_count__gt=0).count()
        self.stdout.write(f"已核对 {cases} 件建议的 {lines} 条办理经过，完整，没有改动。")
