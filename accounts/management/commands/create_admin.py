"""The first administrator of an installation."""

import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.auth import find_user, tidy_name, tidy_phone
from accounts.models import Grant, Role, User
from institutions.models import Congress


class Command(BaseCommand):
    help = (
        "建立系统管理员账号。不指明人大时是系统总管理员（先用它建立人大）；指明时只管理那个人大。"
        "密码取自环境变量 ADMIN_PASSWORD，没有则当场输入。"
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")
        parser.add_argument("--name", default="", help="姓名，默认同用户名")
        parser.add_argument("--phone", default="", help="手机号，也可用来登录")
        parser.add_argument("--congress", default="", help="人大代码，如 lanjiang")

    def handle(self, *, username, name, phone, congress, **options):
        username, phone = tidy_name(username), tidy_phone(phone) or None
        for typed in filter(None, (username, phone)):
            if find_user(typed):
                raise CommandError(f"已有账号使用“{typed}”。")
        place = self._congress(congress) if congress else None
        user = User(username=username, name=name or username, phone=phone, is_superuser=place is None)
        password, typed_by_person = self._password()
        user.must_change_password = not typed_by_person
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        with transaction.atomic():
            user.save()
            if place:
                Grant.objects.create(user=user, role=Role.ADMIN, congress=place)
        where = f"{place}的系统管理员" if place else "系统总管理员"
        self.stdout.write(f"已建立{where}：{username}。登录后从右上角的姓名进入“系统管理”。")

    def _congress(self, code):
        try:
            return Congress.objects.get(code=code)
        except Congress.DoesNotExist:
            known = "、".join(Congress.objects.values_list("code", flat=True)) or "还没有建立人大"
            raise CommandError(f"没有代码为“{code}”的人大（现有：{known}）。") from None

    def _password(self):
        """Return (password, whether the person typed it); one from the environment is changed at first sign-in."""
        password = os.environ.get("ADMIN_PASSWORD", "")
        if password:
            return password, False
        try:
            password = getpass.getpass("密码：")
            again = getpass.getpass("再输一遍：")
        except (EOFError, KeyboardInterrupt):
            raise CommandError("没有输入密码，未建立账号。可用环境变量 ADMIN_PASSWORD 给出。") from None
        if password != again:
            raise CommandError("两次输入的密码不一样，未建立账号。")
        return password, True
