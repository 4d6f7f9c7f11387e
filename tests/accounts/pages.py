"""Pages such as the upper layers have: a form, a form that posts elsewhere, refusals."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import include, path
from django.views.decorators.http import require_POST

from accounts import set_aside
from config import urls

handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404

PAGE = Template(
    """{% extends "base.html" %}{% load who %}{% block content %}<form method="post" action="{{ action }}">
{% csrf_token %}{% who %}{{ form.words }}{{ form.points }}</form>{% endblock %}"""
)
saved = []


class WordsForm(forms.Form):
    words = forms.CharField(widget=forms.Textarea)
    points = forms.CharField(required=False)


def write(request, action=""):
    """The usual view: a posted form, else one filled with what had been set aside."""
    kept = set_aside.restore(request)
    form = WordsForm(
        request.POST if request.method == "POST" else None, initial=kept.dict() if kept else None
    )
    if request.method == "POST" and form.is_valid():
        saved.append(form.cleaned_data["words"])
        return redirect("/write/")
    context = RequestContext(request, {"form": form, "action": action})
    return HttpResponse(PAGE.render(context), status=422 if form.errors else 200)


def case(request):
    """A page whose form is sent to another address that takes only POST."""
    return write(request, action="/act/")


@require_POST
def act(request):
    saved.append(request.POST["words"])
    return redirect("/case/")


def broken(request):
    raise ValueError("something")


def refused(request):
    raise PermissionDenied("申请退回期限已于 3月3日届满（交办后 7 个工作日）")


urlpatterns = [
    path("write/", write),
    path("case/", case),
    path("act/", act),
    path("broken/", broken),
    path("refused/", refused),
    path("", include("config.urls")),
]
