"""Signing in, changing the password, one's own details."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError

from accounts.models import User


class SignInForm(AuthenticationForm):
    """手机号或用户名, and the password."""

    error_messages = {
        "invalid_login": "手机号（用户名）或密码不对，请检查后再试。连续输错 8 次，要等 15 分钟才能再登录。",
        "inactive": "这个账号已停用，请联系管理员。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "手机号或用户名"
        self.fields["username"].error_messages["required"] = "请填写手机号或用户名。"
        self.fields["username"].widget.attrs.update(autofocus=False, inputmode="text")
        self.fields["password"].error_messages["required"] = "请填写密码。"


class ChangePasswordForm(PasswordChangeForm):
    """The person's own new password; it must really be a new one."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "原密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password1"].help_text = "至少 8 个字符，不能全是数字，不要用姓名、手机号和常见密码。"
        self.fields["new_password2"].label = "再输一遍新密码"
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.error_messages["required"] = "请填写。"

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if password == self.cleaned_data.get("old_password"):
            raise ValidationError("新密码和原密码一样，请换一个。")
        return password

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)


class ProfileForm(forms.ModelForm):
    """What people may change about themselves; name and phone are the administrator's."""

    class Meta:
        model = User
        fields = ["email"]
        labels = {"email": "邮箱"}
        help_texts = {"email": "每日汇总和催办发到这个邮箱；不填就只在系统内提醒。"}
