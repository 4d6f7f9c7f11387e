"""Rules for passwords where Django's own have no Chinese words or do not know our accounts."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError


class LengthValidator(password_validation.MinimumLengthValidator):
    """At least `min_length` characters; Chinese ones count like any other."""

    def get_error_message(self):
        return f"密码太短，至少要 {self.min_length} 个字符。"

    def get_help_text(self):
        return f"至少 {self.min_length} 个字符。"


class OwnDataValidator(password_validation.UserAttributeSimilarityValidator):
    """Not like the person's own name, user name, phone or mailbox."""

    def __init__(self):
        super().__init__(user_attributes=("username", "name", "phone", "email"))

    def validate(self, password, user=None):
        for value in filter(None, (getattr(user, "phone", None), getattr(user, "name", None))):
            if value in password:
                raise ValidationError("密码里不要有自己的姓名或手机号。", code="password_too_similar")
        super().validate(password, user)

    def get_error_message(self):
        return "密码跟您的%(verbose_name)s太像，请换一个。"

    def get_help_text(self):
        return "不要用姓名、用户名、手机号、邮箱。"
