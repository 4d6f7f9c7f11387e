"""What the proposals add to the page header, one block per role. Registered in ProposalsConfig.ready()."""

from accounts.models import Role
from accounts.nav import register

from .views.hub import hub_count
from .views.inbox import inbox_count, signing_count
from .views.worklist import worklist_count


def register_entries():
    """Register every entry of the header that leads into the proposals."""
    register(
        {Role.DEPUTY},
        "我的建议",
        "proposals:my",
        10,
        icon="list-details",
        slots=("bar", "tab"),
    )
    register(
        {Role.DEPUTY},
        "提建议",
        "proposals:new",
        11,
        icon="pencil-plus",
        slots=("bar", "tab"),
    )
    register({Role.HANDLER}, "收件箱", "proposals:inbox", 20, inbox_count)
    register({Role.SIGNER}, "待签发", "proposals:signing", 21, signing_count)
    register({Role.HUB}, "分办工作台", "proposals:hub", 29, hub_count)
    register({Role.LIAISON}, "工作台", "proposals:worklist", 30, worklist_count)
    register({Role.LIAISON}, "涉密件登记", "proposals:secret", 61, slots=("menu",))
    register({Role.LIAISON, Role.HUB}, "机构改革", "proposals:reforms", 60, slots=("menu",))
    register(
        {Role.DELEGATION_STAFF, Role.HUB, Role.LIAISON},
        "总览",
        "proposals:overview",
        31,
    )
    # Their own page (要事, 本委) says more of what is theirs.
    register(
        {Role.COMMITTEE, Role.LEADER, Role.GOV_LEADER}, "总览", "proposals:overview", 31, slots=("menu",)
    )
    register(
        frozenset(Role) - {Role.ADMIN, Role.DEPUTY},
        "建议总表",
        "proposals:registry",
        40,
        slots=("bar", "tool"),
        icon="search",
    )
    register({Role.DELEGATION_STAFF}, "代录建议", "proposals:enter", 32)
    register({Role.LIAISON}, "代录建议", "proposals:enter", 32, slots=("menu",))
    # Deputies have theirs in 我的建议; a narrow phone has no room for a third entry.
    register({Role.DEPUTY}, "查找建议", "proposals:registry", 40, slots=("menu",))
