"""Addresses of the whole site; each app names its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("proposals.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("supervision.urls")),
    path("admin/", admin.site.urls),
]
