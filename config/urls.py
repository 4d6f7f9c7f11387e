"""Addresses of the whole site; each app names its own."""

from django.contrib import admin
from django.urls import include, path

handler400 = "accounts.errors.bad_request"
handler403 = "accounts.errors.forbidden"
handler404 = "accounts.errors.not_found"

urlpatterns = [
    path("", include("proposals.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("supervision.urls")),
    path("admin/", admin.site.urls),
]
