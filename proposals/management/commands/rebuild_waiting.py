"""Derive anew whom each case waits on, and write it where it differs; `--check` only compares."""

import sys

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from proposals.models import Proposal, Waiting
from proposals.status import ENDED
from proposals.workflow.rebuilding import rebuild


class Command(BaseCommand):
    help = "按状态重新推算“现在轮到谁”，与登记的不同就改正。--check 只比较，有不同时退出状态为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只比较，不改")

    def handle(self, *args, check, **options):
        # Ended cases wait on nobody, so of them only those with rows left over are of interest.
        rows = Waiting.objects.filter(proposal=OuterRef("pk"))
        cases = Proposal.objects.exclude(status__in=ENDED) | Proposal.objects.filter(Exists(rows))
        seen = wrong = 0
        for pk in list(cases.order_by("pk").values_list("pk", flat=True)):
            seen += 1
            if rebuild(pk, only_check=check):
                wrong += 1
                self.stdout.write(f"建议 {pk}：{'登记的与推算的不同' if check else '已改正'}。")
        self.stdout.write(f"共 {seen} 件，{wrong} 件不同。")
        if check and wrong:
            sys.exit(1)
