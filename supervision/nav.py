"""What supervision adds to the page header. Registered in SupervisionConfig.ready()."""

from accounts.models import Role
from accounts.nav import register


def register_entries():
    """Register every entry of the header that leads into supervision."""
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
