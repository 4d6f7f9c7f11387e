"""What supervision adds to the page header. Registered in SupervisionConfig.ready()."""

from accounts.models import Role
from accounts.nav import register

from .leading import leader_count


def register_entries():
    """Register every entry of the header that leads into supervision."""
    register({Role.ADMIN}, "运行状况", "supervision:operations", 5)
    register(
        {Role.LIAISON, Role.COMMITTEE, Role.LEADER, Role.GOV_LEADER, Role.HUB, Role.HANDLER},
        "承诺台账",
        "supervision:commitments",
        52,
    )
    # A deputy has few promises: the entry stands in the menu.
    register(
        {Role.DEPUTY, Role.SIGNER, Role.DELEGATION_STAFF},
        "承诺台账",
        "supervision:commitments",
        52,
        slots=("menu",),
    )
    leaders = {Role.LEADER, Role.GOV_LEADER}
    register(
        leaders,
        "要事",
        "supervision:leader",
        25,
        leader_count,
        icon="alert-circle",
        slots=("bar", "tab"),
    )
    register(leaders, "重点督办", "supervision:board", 50, icon="target-arrow", slots=("tab",))
    register(leaders, "统计", "supervision:records", 56, icon="chart-bar", slots=("tab",))
    register(leaders, "我的批示", "supervision:instructions", 58, icon="signature", slots=("bar", "tab"))
    register({Role.COMMITTEE}, "本委", "supervision:committee", 26)
    register({Role.LIAISON, Role.COMMITTEE}, "领导批示", "supervision:instructions", 58, slots=("menu",))
    register({Role.HANDLER, Role.HUB}, "领导批示", "supervision:instructions", 59, slots=("menu",))
    register(
        {Role.LIAISON, Role.COMMITTEE, Role.LEADER}, "我关注的", "supervision:following", 62, slots=("menu",)
    )
    register({Role.LIAISON}, "专委会对口", "supervision:committee_fields", 63, slots=("menu",))
    register(
        {Role.LIAISON, Role.COMMITTEE, Role.LEADER, Role.GOV_LEADER, Role.HUB},
        "重点督办",
        "supervision:board",
        50,
    )
    # Units and deputies have few topics: the entry stands in their menu.
    register({Role.HANDLER, Role.SIGNER, Role.DEPUTY}, "重点督办", "supervision:board", 50, slots=("menu",))
    register(
        {Role.LIAISON, Role.LEADER, Role.COMMITTEE, Role.HUB, Role.GOV_LEADER},
        "统计",
        "supervision:records",
        56,
    )
    register({Role.HANDLER, Role.SIGNER}, "本单位办理情况", "supervision:record_own", 56, slots=("menu",))
    # 督办活动、整改事项
    register({Role.DEPUTY}, "我参加的督办", "supervision:my_activities", 45, slots=("menu",))
    register(
        {Role.LIAISON, Role.COMMITTEE, Role.LEADER, Role.GOV_LEADER, Role.HUB, Role.HANDLER, Role.SIGNER},
        "督办活动",
        "supervision:activities",
        51,
        slots=("menu",),
    )
    register({Role.HANDLER, Role.HUB}, "整改事项", "supervision:tasks", 23)
    register(
        {Role.LIAISON, Role.COMMITTEE, Role.LEADER, Role.GOV_LEADER, Role.SIGNER},
        "整改事项",
        "supervision:tasks",
        52,
        slots=("menu",),
    )
    register({Role.LIAISON}, "提醒设置", "supervision:reminders", 80, slots=("menu",))
