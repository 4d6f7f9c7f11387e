"""Addresses of supervision. Patterns with a free word (<slug:name>) come last within their kind."""

from django.urls import path

from .views import (
    activities,
    committee,
    formulas,
    health,
    instructions,
    leader,
    ledger,
    look_back,
    operations,
    records,
    reminders,
    reviews,
    tasks,
    topic_actions,
    topics,
)

app_name = "supervision"

urlpatterns = [
    # 提醒设置
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/sending/", reminders.sending, name="reminders_sending"),
    path("reminders/<slug:kind>/", reminders.plan, name="reminder_plan"),
    # 承诺台账; one promise and its forms are the proposals' own
    path("commitments/", ledger.ledger, name="commitments"),
    path("commitments/export/", ledger.export, name="commitments_export"),
    path("commitments/cases/", ledger.cases, name="commitment_cases"),
    path("commitments/lookback/", look_back.look_back, name="look_back"),
    path("commitments/lookback/reassign/", look_back.reassign, name="reassign"),
    # 督办活动、整改事项
    path("activities/", activities.activity_list, name="activities"),
    path("my/activities/", activities.my_activities, name="my_activities"),
    path("activities/<int:pk>/", activities.activity_page, name="activity"),
    path("activities/files/<int:pk>/", activities.activity_file, name="activity_file"),
    path("activities/<int:pk>/<slug:name>/", activities.activity_step, name="activity_step"),
    path("topics/<int:pk>/activities/new/", activities.plan_of_topic, name="plan_of_topic"),
    path("proposals/<int:pk>/activities/new/", activities.plan_of_case, name="plan_of_case"),
    path("findings/<int:pk>/<slug:name>/", activities.finding_step, name="finding_step"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/<int:pk>/", tasks.task_page, name="task"),
    path("tasks/<int:pk>/<slug:name>/", tasks.task_step, name="task_step"),
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
    path("topics/steps/<int:pk>/<slug:name>/", topic_actions.step_action, name="step_action"),
    path("topics/<int:pk>/<slug:name>/", topic_actions.topic_action, name="topic_action"),
    # 单位办理情况
    path("units/record/", records.records, name="records"),
    path("units/record/own/", records.own, name="record_own"),
    path("units/record/chosen/", records.chosen, name="record_chosen"),
    path("units/record/export/", records.export, name="records_export"),
    path("units/record/formula/", formulas.formula, name="formula"),
    path("units/record/formula/edit/", formulas.formula_edit, name="formula_edit"),
    path("units/record/reviews/", reviews.reviews, name="reviews"),
    path("units/record/reviews/<int:pk>/", reviews.review, name="review"),
    path("units/record/reviews/<int:pk>/release/", reviews.review_release, name="review_release"),
    path("units/record/reviews/<int:pk>/scan/", reviews.review_scan, name="review_scan"),
    path("units/<int:pk>/record/", records.record, name="record"),
    path("units/<int:pk>/record/sheet/", records.sheet, name="record_sheet"),
    path("units/<int:pk>/record/<slug:figure>/", records.record_figure, name="record_figure"),
]
