"""The site's addresses and one plain view that says who is asking."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("probe/", lambda request: HttpResponse(str(request.user))),
    path("", include("config.urls")),
]
