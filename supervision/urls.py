"""Addresses of supervision. Patterns with a free word (<slug:action>) come last within their kind."""

from django.urls import path

from .views import health, topic_actions, topics

app_name = "supervision"

urlpatterns = [
    # 运行状况
    path("health/live", health.live, name="health_live"),
    path("health/status", health.status, name="health_status"),
    # 重点督办
    path("topics/", topics.board, name="board"),
    path("topics/screen/", topics.screen, name="screen"),
    path("topics/new/", topic_actions.propose, name="propose"),
    path("topics/files/<int:pk>/", topic_actions.file, name="topic_file"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/steps/<int:pk>/<slug:action>/", topic_actions.step_action, name="step_action"),
    path("topics/<int:pk>/<slug:action>/", topic_actions.topic_action, name="topic_action"),
]
