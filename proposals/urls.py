"""Addresses of the proposals. The generic action view comes last: its pattern would take the others' words."""

from django.urls import path

from .views import actions, attachments, registry

app_name = "proposals"

urlpatterns = [
    path("attachments/<int:pk>/", attachments.attachment_download, name="attachment"),
    path("registry/", registry.registry, name="registry"),
    path("search/", registry.search_page, name="search"),
    path("proposals/<int:pk>/<slug:action>/", actions.proposal_action, name="proposal_action"),
    path("assignments/<int:pk>/<slug:action>/", actions.place_action, name="place_action"),
]
