from django.urls import path

from . import preferences, views

app_name = "notifications"

urlpatterns = [
    path("me/messages/", preferences.preferences, name="preferences"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.mark_all_read, name="mark_all_read"),
    path("notices/<int:pk>/", views.open_notice, name="notice"),
    path("notices/<int:pk>/read/", views.mark_read, name="mark_read"),
    path("notices/digests/", views.digests, name="digests"),
    path("notices/digests/<str:day>/", views.digest, name="digest"),
]
