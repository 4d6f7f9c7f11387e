"""涉密件登记: the office gives a number to what is handled on paper. There is nowhere to type what it is about."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from deputies.models import Session
from institutions.models import Congress

from .. import secret
from ..lists import number_in, page_of_ids
from ..models import SecretStub
from .worklist import office_of

PAGE_SIZE = 50
SESSIONS_OFFERED = 5


class RegisterForm(forms.Form):
    """When it came in, and into which series. No field takes words."""

    series = forms.ChoiceField(label="编号", error_messages={"invalid_choice": "没有这个选项，请重新选择。"})
    on = forms.DateField(
        label="登记日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": "请填写登记日期。"},
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, congress_ids):
        super().__init__(data, initial={"on": timezone.localdate(), "request_id": uuid.uuid4()})
        self.offered = {}
        congresses = list(Congress.objects.filter(pk__in=congress_ids))
        sessions = list(Session.objects.filter(congress__in=congresses).order_by("-opens_on"))
        for congress in congresses:
            where = f"{congress.name} · " if len(congresses) > 1 else ""
            own = [session for session in sessions if session.congress_id == congress.pk]
            self._offer(congress, None, f"{where}闭会期间")
            for session in own[:SESSIONS_OFFERED]:
                self._offer(congress, session, f"{where}{session.name}")
        self.fields["series"].choices = [(code, words) for code, (_, _, words) in self.offered.items()]

    def _offer(self, congress, session, words):
        self.offered[f"{congress.pk}-{session.pk if session else 0}"] = (congress, session, words)

    def clean_on(self):
        on = self.cleaned_data["on"]
        today = timezone.localdate()
        if on > today:
            raise forms.ValidationError("登记日期不能晚于今天。")
        if on.year < today.year - 1:
            raise forms.ValidationError("登记日期太早，请核对年份。")
        return on

    def clean(self):
        cleaned = super().clean()
        if "series" in cleaned:
            cleaned["congress"], cleaned["session"], _ = self.offered[cleaned["series"]]
        return cleaned


@require_http_methods(["GET", "POST"])
def register(request):
    """The register of 涉密件 with their history, and the form for a new one."""
    congress_ids = office_of(request.user)
    form = RegisterForm(request.POST if request.method == "POST" else None, congress_ids=congress_ids)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("congress", "session", "on", "request_id")}
        stub = secret.register(**fields, actor=request.user)
        messages.success(request, f"已登记：{stub.number}，线下办理。")
        return redirect("proposals:secret")
    stubs = SecretStub.objects.visible_to(request.user).filter(congress__in=congress_ids)
    page = page_of_ids(
        stubs.order_by("-registered_on", "-pk").values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
    )
    found = SecretStub.objects.select_related("congress").prefetch_related("events").in_bulk(page.object_list)
    page.object_list = [found[pk] for pk in page.object_list]
    context = {
        "form": form,
        "page": page,
        "open": stubs.filter(closed_on=None).count(),
        "several": len(congress_ids) > 1,
        "today": timezone.localdate(),
    }
    return render(request, "proposals/secret.html", context, status=422 if form.errors else 200)


@require_POST
def mark(request, pk):
    """办结, or taken back."""
    stubs = SecretStub.objects.visible_to(request.user).filter(congress__in=office_of(request.user))
    stub = get_object_or_404(stubs, pk=pk)
    try:
        request_id = uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return HttpResponseBadRequest()
    is_closed = request.POST.get("closed") == "1"
    words = "已办结" if is_closed else "已恢复办理"
    if secret.mark(stub, is_closed=is_closed, actor=request.user, request_id=request_id):
        messages.success(request, f"{stub.number} {words}。")
    else:
        messages.info(request, f"{stub.number} 早已是这样，没有改动。")
    return redirect("proposals:secret")
