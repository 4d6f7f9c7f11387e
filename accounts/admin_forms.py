"""Forms of the administration of accounts and grants."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from accounts.auth import tidy_name, tidy_phone
from accounts.models import ROLE_TARGET, TARGETS, Grant, Role, User
from institutions.admin_base import CongressForm

NO_PASSWORD = "留空则由系统生成，保存后显示一次。本人首次登录时必须改掉。"


class UserForm(forms.ModelForm):
    """An account; user name and phone are one namespace, since either signs in."""

    class Meta:
        model = User
        fields = ["username", "name", "phone", "email"]
        labels = {"email": "邮箱", "is_superuser": "系统总管理员"}
        help_texts = {
            "username": "用来登录，如姓名的拼音；也可以用手机号登录。",
            "email": "每日汇总和催办发到这里。",
            "is_active": "不勾就不能登录。账号只停用、不删除，留下的记录还写着他的名字。",
            "is_superuser": "管理全部人大，包括建立人大和别的管理员。",
        }
        error_messages = {
            "username": {"unique": "已有账号用这个用户名，请换一个。"},
            "phone": {
                "unique": "已有账号用这个手机号。同一个人只开一个账号；他属于别的人大时，请联系系统总管理员。"
            },
        }

    def clean_username(self):
        username = tidy_name(self.cleaned_data["username"])
        if self._others().filter(phone=tidy_phone(username)).exists():
            raise ValidationError("这是另一个账号的手机号，不能作用户名。")
        return username

    def clean_phone(self):
        phone = tidy_phone(self.cleaned_data.get("phone")) or None
        if phone and self._others().filter(username=phone).exists():
            raise ValidationError("这是另一个账号的用户名。")
        return phone

    def _others(self):
        return User.objects.exclude(pk=self.instance.pk)


class NewUserForm(UserForm):
    """With an initial password, typed or left to the system."""

    password = forms.CharField(
        label="初始密码", required=False, strip=False, max_length=128, help_text=NO_PASSWORD
    )

    def clean(self):
        data = super().clean()
        _check_password(self, data, User(username=data.get("username", ""), name=data.get("name", "")))
        return data


class ResetPasswordForm(forms.Form):
    password = forms.CharField(
        label="新的初始密码", required=False, strip=False, max_length=128, help_text=NO_PASSWORD
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        data = super().clean()
        _check_password(self, data, self.user)
        return data


def _check_password(form, data, user):
    if data.get("password"):
        try:
            validate_password(data["password"], user)
        except ValidationError as problem:
            form.add_error("password", problem)


class GrantForm(CongressForm):
    """授权: each role names exactly what it is for."""

    def clean(self):
        data = super().clean()
        role = data.get("role")
        wanted = ROLE_TARGET.get(role)
        for name in TARGETS:
            if name not in self.fields or not role:
                continue
            word = Grant._meta.get_field(name).verbose_name
            if name == wanted and not data.get(name) and name not in self.errors:
                self.add_error(name, f"“{Role(role).label}”要选{word}。")
            elif name != wanted and data.get(name):
                self.add_error(name, f"“{Role(role).label}”不用选{word}，请清空。")
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "止期早于起期。")
        return data


class GrantFormSet(BaseInlineFormSet):
    default_error_messages = {
        **BaseInlineFormSet.default_error_messages,
        "too_few_forms": "请至少填一项授权，写明这个人做什么。",
    }

    def clean(self):
        """Refuse the same grant twice; all grants of the person in these congresses stand in the form.

        The model's own constraint is not asked here: Django leaves the account out of the check of its inlines.
        """
        super().clean()
        seen = set()
        for form in self.forms:
            data = form.cleaned_data if form.is_valid() else {}
            if not data or data.get("DELETE"):
                continue
            key = tuple(data.get(name) for name in ("role", "congress", *TARGETS))
            if key in seen:
                form.add_error("role", "这个账号已有同样的授权。")
            seen.add(key)
