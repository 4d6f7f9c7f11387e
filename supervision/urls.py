"""Addresses of supervision. Patterns with a free word (<slug:action>) come last within their kind."""

from django.urls import path

from .views import (
    ledger,
    look_back,
    activities,
    committee,
    formulas,
    health,
    instructions,
    leader,
    operations,
    records,
    reviews,
    tasks,
    topic_actions,
    topics,
)

app_name = "supervision"

urlpatterns = [
    # 运行状况
    path("health/live", health.live, name="health_live"),
    path("health/status", health.status, name="health_status"),
    path("operations/", operations.operations, name="operations"),
    path("operations/deliveries/", operations.deliveries, name="deliveries"),
    path("operations/retry/", operations.try_again, name="try_again"),
    # 领导、专委会
    path("leader/", leader.leader, name="leader"),
    path("instructions/", instructions.instructions, name="instructions"),
    path("instructions/<int:pk>/", instructions.instruction, name="instruction"),
    path("instructions/<int:pk>/mark/", instructions.mark, name="instruction_mark"),
    path("instructions/sent/<int:pk>/", instructions.answer, name="instruction_answer"),
    path("instructions/topic/<int:pk>/", instructions.instruct_topic, name="instruct_topic"),
    path("committee/", committee.committee, name="committee"),
    path("committee/fields/", committee.fields, name="committee_fields"),
    path("following/", committee.following, name="following"),
    path("follow/<int:pk>/", committee.follow, name="follow"),
    # 重点督办
    path("topics/", topics.board, name="board"),
    path("topics/screen/", topics.screen, name="screen"),
    path("topics/new/", topic_actions.propose, name="propose"),
    path("topics/files/<int:pk>/", topic_actions.file, name="topic_file"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/brief/", topics.brief, name="brief"),
    path("topics/steps/<int:pk>/<slug:action>/", topic_actions.step_action, name="step_action"),
    path("topics/<int:pk>/<slug:action>/", topic_actions.topic_action, name="topic_action"),
]
