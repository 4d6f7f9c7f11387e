"""The project's addresses and an empty page, measured beside the others to know the machine."""

from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403
from config.urls import urlpatterns


def empty(request):
    """Session and user are read, nothing else."""
    return HttpResponse(request.user.get_username())


urlpatterns = [path("bench/empty/", empty, name="bench-empty"), *urlpatterns]
