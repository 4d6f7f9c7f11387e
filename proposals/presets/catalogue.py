"""The closed lists that every rule set (办法) is made of: clocks, starting events, switches."""

from collections.abc import Mapping
from types import MappingProxyType

from .spec import SwitchSpec

# Clock code -> (name, the starting events a rule set may choose from; the first is the usual one).
# A unit's own terms start when its place is opened, whether the text says 交办之日 or 收到之日: assigning
# delivers at once here. The reply term alone tells the two apart: the congress's assignment (交办之日, also
# for a hub's children), or the day the unit itself received the case (收到之日).
CLOCKS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "review": ("审查", ("submitted",)),
        "revise": ("修改", ("returned",)),
        "assign": ("交办（闭会件）", ("filed", "submitted")),
        "assign_session": ("交办（大会件）", ("session_closed",)),
        "dispatch": ("分办", ("place_opened",)),
        "accept": ("签收", ("place_opened",)),
        "return_window": ("申请退回", ("place_opened",)),
        "return_decision": ("退回裁定", ("return_asked",)),
        "first_contact": ("首次沟通", ("accepted",)),
        "opinion": ("会办意见", ("place_opened",)),
        "opinion_redo": ("会办补正", ("opinion_returned",)),
        "reply": ("答复", ("assigned", "place_opened")),
        "reply_complex": ("答复上限", ("assigned", "place_opened")),
        "correction": ("更正", ("reply_recalled",)),
        "extension_decision": ("延期裁定", ("extension_asked",)),
        "rating": ("测评", ("reply_delivered",)),
        "rating_grace": ("测评宽限", ("rating_ended",)),
        "judge": ("研判", ("disputed",)),
        "redo": ("重办答复", ("redo_ordered",)),
        "redo_ceiling": ("重办上限", ("redo_ordered",)),
        "coordination": ("协调", ("coordination_begun",)),
        "commitment": ("承诺", ("promised_date",)),
    }
)

# The words stand before 之日.
START_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "submitted": "收到建议",
        "returned": "退回修改",
        "filed": "立案",
        "session_closed": "大会闭会",
        "assigned": "交办",
        "place_opened": "收到交办",
        "return_asked": "收到退回申请",
        "accepted": "签收",
        "opinion_returned": "会办意见退回",
        "reply_recalled": "答复收回更正",
        "extension_asked": "申请延期",
        "reply_delivered": "收到答复",
        "rating_ended": "测评期满",
        "disputed": "测评不满意",
        "redo_ordered": "责成重新办理",
        "coordination_begun": "转入协调研究",
        "promised_date": "答复承诺的完成",
    }
)

_ALL_SWITCHES = (
    SwitchSpec(
        "roll_forward",
        "末日顺延",
        True,
        help="按月、按自然日计的期限，最后一日不是工作日的，顺延至下一个工作日",
    ),
    SwitchSpec(
        "delegation_check", "代表团初核", False, help="代表团工作人员先核对格式和签名，写明意见；不影响立案"
    ),
    SwitchSpec(
        "withdraw_until",
        "可以撤回到何时",
        "before_reply",
        (("before_assign", "交办前"), ("before_reply", "答复前")),
    ),
    SwitchSpec(
        "withdraw_needs_cosigners", "撤回须经全体附议代表同意", False, help="最后一位附议代表同意后才撤回"
    ),
    SwitchSpec(
        "reply_clock_on_adjust",
        "调整承办单位后的答复期限",
        "restart",
        (("restart", "自调整之日重新计算"), ("keep", "按原期限")),
        help="因机构改革调整的，一律按原期限",
    ),
    SwitchSpec(
        "contact_required", "答复前须与代表沟通", True, help="送审签前须登记沟通；没有沟通的，须写明原因"
    ),
    SwitchSpec("opinion_signed", "会办意见须经签发", False),
    SwitchSpec(
        "extension_needs_consent",
        "延期须经同意",
        True,
        help="关闭后，承办单位向代表说明情况即可在答复上限内延期",
    ),
    SwitchSpec(
        "extension_endorsed_by_hub",
        "延期由督查室签意见、联工委决定",
        False,
        help="关闭后，由交办的一方决定（督查室决定其分办的）",
    ),
    SwitchSpec(
        "signer_rank",
        "答复由谁签发",
        "responsible",
        (("principal", "主要负责人"), ("responsible", "负责人")),
    ),
    SwitchSpec(
        "oral_reply_record",
        "可以当面答复",
        True,
        help="代表签名的当面答复记录可以代替答复函的文号、联系人和电话",
    ),
    SwitchSpec(
        "reply_to",
        "答复送达谁",
        "each",
        (
            ("each", "领衔和每位附议代表"),
            ("lead", "领衔代表，由其转告"),
            ("each_or_lead", "每位代表；领衔代表同意的，由其转告"),
        ),
    ),
    SwitchSpec(
        "reply_copy_to",
        "答复抄送谁",
        "congress_hub",
        (
            ("congress", "代表工作机构"),
            ("congress_hub", "代表工作机构；政府系统的同时抄送政府办公厅（室）"),
            ("congress_hub_electing", "代表工作机构、政府办公厅（室）和选举单位人大"),
        ),
    ),
    SwitchSpec(
        "two_dimensions", "态度、结果分开测评", True, help="办理态度和办理结果各选一次满意、基本满意、不满意"
    ),
    SwitchSpec(
        "publish_needs_deputy_consent",
        "代表认为不宜公开的不公开",
        False,
        help="涉及国家秘密、商业秘密、个人隐私的，一律不公开",
    ),
    SwitchSpec(
        "quiet_days",
        "签收后多少个工作日没有动静要提示",
        15,
        help="单位签收后没有登记沟通、没有写进展，也没有办别的，满这么多个工作日就亮黄灯；填 0 不提示",
        most=120,
        unit="个工作日",
    ),
)
SWITCHES: Mapping[str, SwitchSpec] = MappingProxyType({spec.code: spec for spec in _ALL_SWITCHES})

# The stored reply classes (答复类别), in the order in which they are offered.
REPLY_CLASSES = ("solved", "in_progress", "planned", "restricted", "reference")


def clean_switches(values: Mapping[str, object]) -> dict[str, object]:
    """Every known switch with its value, the default where `values` has none.

    Raises ValueError with a Chinese sentence for an unknown switch or a value it does not know.
    """
    unknown = [code for code in values if code not in SWITCHES]
    if unknown:
        raise ValueError(f"没有名为“{unknown[0]}”的开关。可用的开关：{'、'.join(SWITCHES)}。")
    return {code: spec.clean(values.get(code, spec.default)) for code, spec in SWITCHES.items()}
