"""消息怎么收: what a person may choose, and what the law leaves no choice of."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .models import Preference
from .services import digest_hour


class PreferenceForm(forms.ModelForm):
    """A person's choices; what they have no address for cannot be chosen, and keeps its value."""

    class Meta:
        model = Preference
        fields = ["digest_mail", "urge_mail", "urge_sms", "late_sms"]
        labels = {
            "digest_mail": "每日汇总发邮件",
            "urge_mail": "催办、批示发邮件",
            "urge_sms": "催办、批示发短信",
            "late_sms": "到期和超期发短信",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        missing = {"mail": not user.email, "sms": not user.phone or not settings.SMS_SENDER}
        for name, field in self.fields.items():
            field.disabled = missing[name.rpartition("_")[2]]


@require_http_methods(["GET", "POST"])
def preferences(request):
    """See and change how messages reach the person."""
    chosen = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    sent = request.POST if request.method == "POST" else None
    form = PreferenceForm(sent, instance=chosen, user=request.user)
    if request.method == "POST" and form.is_valid():
        Preference.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
        messages.success(request, "已保存，下一条消息起按新的选择。")
        return redirect("notifications:preferences")
    context = {"form": form, "hour": digest_hour(request.user), "has_sms": bool(settings.SMS_SENDER)}
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)
