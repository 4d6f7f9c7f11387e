"""Load the demonstration into an empty database."""

from django.core.management.base import BaseCommand, CommandError

from proposals.demo.loading import NotEmpty, load


class Command(BaseCommand):
    help = "装入演示数据（虚构的潇南省和澜江市）。只装入空的数据库，约需一分钟。"

    def handle(self, *args, verbosity, **options):
        say = self.stdout.write if verbosity else lambda line: None
        try:
            load(say)
        except NotEmpty as refusal:
            raise CommandError(str(refusal)) from None
        say("运行 python manage.py demo_accounts 查看演示账号。")
