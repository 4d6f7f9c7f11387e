"""Print a due date and how it is counted: `manage.py explain_due 2026-02-20 reply --rules 湖南`."""

import re
import sys
from datetime import date

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from core.builtin import builtin_calendar
from core.calendars import load_calendar
from core.workdays import compute_due
from proposals.clocks import rule_snapshot
from proposals.explanations import explain_rule, term_name
from proposals.presets import CLOCKS, UnknownRule, find_preset
from proposals.rules import rules_of_preset
from proposals.status import ClockKind

EXIT_STATUS = 2


class Refusal(Exception):
    """Input that cannot be answered; its text is the Chinese sentence for standard error."""


class ChineseParser(CommandParser):
    """Missing or surplus arguments are answered like any other mistake."""

    def error(self, message):
        raise Refusal(
            "用法：explain_due 起算日 期限代码 [--rules 办法]，例如 explain_due 2026-02-20 reply --rules 湖南。"
        )


class Command(BaseCommand):
    help = "算出一个期限的到期日，并说明怎么算的。第一行是日期（YYYY-MM-DD），其后是说明。"
    # It must answer before anything was migrated, and does not touch what checks look at.
    requires_system_checks = []

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = ChineseParser
        return parser

    def add_arguments(self, parser):
        parser.add_argument("start", help="起算日，YYYY-MM-DD（当天不计入）")
        parser.add_argument("kind", help=f"期限代码：{'、'.join(CLOCKS)}；assign 指闭会件")
        parser.add_argument("--rules", default="通用", help="办法，默认通用")

    def run_from_argv(self, argv):
        try:
            super().run_from_argv(argv)
        except Refusal as refusal:
            sys.stderr.write(f"{refusal}\n")
            sys.exit(EXIT_STATUS)

    def handle(self, *args, start, kind, rules, **options):
        preset = self._preset(rules)
        terms = self._terms(preset, kind)
        snapshot = rule_snapshot(terms, rules_of_preset(preset))
        day = self._date(start)
        try:
            due = compute_due(
                day, terms.value, terms.unit, calendar_or_builtin(), roll_forward=snapshot["roll_forward"]
            )
        except ValueError:
            raise Refusal(f"从 {start} 起算，到期日超出了日历的范围，请换一个起算日。") from None
        self.stdout.write(due.due_on.isoformat())
        self.stdout.write(f"{preset.title}：{term_name(CLOCKS[kind][0])}（{kind}）")
        for sentence in explain_rule(snapshot, due):
            self.stdout.write(sentence)
        if note := preset.clock(kind).note:
            self.stdout.write(f"说明：{note.rstrip('。')}。")

    def _preset(self, name):
        try:
            return find_preset(name)
        except UnknownRule as unknown:
            raise Refusal(str(unknown)) from None

    def _terms(self, preset, kind):
        if kind == ClockKind.COMMITMENT:
            raise Refusal("承诺的到期日就是答复里写明的完成日期，不按规则推算。")
        try:
            spec = preset.clock(kind)
        except UnknownRule as unknown:
            raise Refusal(str(unknown)) from None
        if not spec.is_on:
            raise Refusal(f"{preset.title}的办法没有“{CLOCKS[kind][0]}”期限（{kind}），这一项没有启用。")
        return rules_of_preset(preset).clocks[kind]

    def _date(self, text):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise Refusal(f"起算日“{text}”看不懂，请写成 YYYY-MM-DD，例如 2026-02-20。")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal(f"没有 {text} 这一天，请检查起算日。") from None


def calendar_or_builtin():
    """The national calendar of the database; before there is one, that of the program."""
    try:
        return load_calendar()
    except DatabaseError:
        return builtin_calendar()
