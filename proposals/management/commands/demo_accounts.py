"""Name the demonstration's accounts; silent where there is no demonstration."""

import unicodedata

from django.core.management.base import BaseCommand

from proposals.demo import accounts


class Command(BaseCommand):
    help = "列出演示账号。没有装入演示数据时不输出。"

    def handle(self, *args, **options):
        if not accounts.is_loaded():
            return
        rows = [("用户名", "姓名", "角色", "可以试试")]
        rows += [(user.username, user.name, roles, hint) for user, roles, hint in accounts.shown_accounts()]
        widths = [max(_width(row[column]) for row in rows) for column in range(3)]
        self.stdout.write(f"演示账号（密码都是 {accounts.PASSWORD}）：")
        for row in rows:
            cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join((*cells, row[3])))
        self.stdout.write(
            "其他代表用 db001 至 db121 登录；其他单位的经办用单位拼音（如 jiaoyu），签发人加 -qianfa。"
        )


def _width(text):
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
