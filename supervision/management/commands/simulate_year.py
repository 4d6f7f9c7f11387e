"""A simulated year by command: what the reminders come to when a province's congress works with the system."""

import sys

from django.core.management.base import BaseCommand

from supervision.simulation.report import report
from supervision.simulation.year import LAST_DAY, NotEmpty, simulate


class Command(BaseCommand):
    help = (
        "在空的数据库里模拟一年的办理，每个工作日跑一次每日任务，打印发了什么、升级、超期、轮次和承诺。"
        "不向外发送任何消息。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--proposals", type=int, default=1500, help="建议件数，默认 1500")
        parser.add_argument("--units", type=int, default=90, help="承办单位个数，默认 90")
        parser.add_argument("--deputies", type=int, default=700, help="代表人数，默认 700")
        parser.add_argument("--seed", type=int, default=1, help="随机种子，同一个种子结果相同")

    def handle(self, *args, proposals, units, deputies, seed, **options):
        if min(proposals, units, deputies) < 5:
            self.stderr.write("建议、单位、代表都至少要 5 个。")
            sys.exit(2)
        try:
            year = simulate(
                proposals=proposals, units=units, deputies=deputies, seed=seed, say=self.stdout.write
            )
        except NotEmpty as reason:
            self.stderr.write(str(reason))
            sys.exit(1)
        for line in report(year, LAST_DAY):
            self.stdout.write(line)
