"""The city's cases off the main road; its rule set (重庆) and its office's own switches differ from the province's."""

from ..status import Source
from .planner import BAD

TOPICS = frozenset(
    {
        "c51", "d01", "d02", "d05", "d07", "d08", "d10", "d11", "d13", "d15", "d18", "d19", "d20", "d21", "d22",
    }
)  # fmt: skip


def tell(planner):
    """Every tale of the city."""
    _tell_hub(planner)
    _tell_requests(planner)
    _tell_places(planner)


def _tell_hub(planner):
    """市政府督查室: one to pass on, extensions with and without its word (签意见), a return of one of its units."""
    back = planner.back
    planner.assigned(planner.take("d21"), back(3), is_through_hub=True).waits()
    endorsed = planner.assigned(planner.take("d10"), planner.opened_for(8), is_through_hub=True)
    endorsed.then(
        back(2),
        "ask_time",
        unit="市住房和城乡建设局",
        days=30,
        reason="消防和供电两家对地下车库充电车位的间距要求不同，联合踏勘排在下周，统一口径以后再答复，免得物业无所适从。",
        progress="已走访十一个小区，起草了安装流程图和物业免责清单，代表看过第一稿。",
    )
    endorsed.then(
        back(1),
        "endorse",
        unit="市住房和城乡建设局",
        words="情况属实，踏勘由我室召集。同意延期一次，不再延第二次，请在原期限前先向代表通报一次进展。",
    )
    asked = planner.assigned(planner.take("d13"), planner.opened_for(11), is_through_hub=True)
    asked.then(
        back(1),
        "ask_time",
        unit="市城市管理局",
        days=20,
        reason="九座公厕的坡道要占用人行道，施工许可正在办理，图纸定不下来，写不出完工日期。",
        progress="已邀请轮椅使用者试了三座，扶手高度和门宽的问题汇总成十二条。",
    )
    wrong = planner.assigned(planner.take("d22"), back(9), is_through_hub=True).waits()
    wrong.then(
        back(8),
        "pass_on",
        lead="市农业农村局",
        co=("市生态环境局", "市卫生健康委员会"),
        words="请答清抽渣车由谁出钱。",
    )
    wrong.then(back(7), "sign_for", unit="市农业农村局").then(back(7), "sign_for", unit="市生态环境局")
    wrong.then(
        back(3),
        "hand_back",
        unit="市卫生健康委员会",
        reason="改厕的病媒防制已随爱国卫生工作单独部署，建议所提抽渣、维修和资源化利用都在农业农村部门，我委没有可会办的事项。",
        basis="农村厕所革命工作分工：后续管护由农业农村部门牵头，生态环境部门负责粪污排放监管。",
        suggested="",
    )


def _tell_requests(planner):
    """What waits on somebody beside the status: a return, a withdrawal, an objection, views on a plan."""
    back, ago = planner.back, planner.times.ago
    returned = planner.assigned(planner.take("d08"), back(6)).waits()
    returned.then(back(5), "sign_for", unit="市城市管理局")
    returned.then(
        back(3),
        "hand_back",
        unit="市生态环境局",
        reason="城区餐饮油烟的行政处罚权已集中由城市管理部门行使，我局只负责净化设备的检测标准。请改由有执法权的单位主办，我局会办。",
        basis="市人民政府关于相对集中行政处罚权的决定；《大气污染防治法》关于餐饮油烟监督管理部门由地方政府确定的规定。",
        suggested="市城市管理局",
    )
    withdrawn = planner.assigned(
        planner.take("d01"), ago(22), cosigners=0, named=("黄启航", "许若兰"), halts=ago(8)
    )
    withdrawn.then(
        back(3),
        "withdraw",
        reason="规划公示里已经把柳树巷的幼儿园用地补上，和我提的位置一样，想先撤回，把精力放到盯建设上。",
    )
    withdrawn.then(back(1), "consent", name="许若兰")
    objected = planner.assigned(planner.take("d07"), ago(29), halts=ago(9))
    objected.then(
        back(2),
        "object_to_unit",
        unit="市交通运输局",
        words="老年卡的照片和年龄信息都在民政和公安的系统里，交通局说“没有数据接口”，可数据局、公安局都没有列进来，请补上。",
    )
    filed = back(5)
    plan = planner.recess(planner.take("d19"), planner.times.shift(filed, -3), filed=filed)
    plan.then(
        back(4),
        "propose_plan",
        lead="市公安局",
        co=("市交通运输局", "市住房和城乡建设局"),
        words="限行时段影响商砼车，请住建局就工地配送时间提意见。",
    )
    plan.then(
        back(2), "give_view", unit="市公安局", agrees=True, words="同意主办，请交通运输局同步提供绕行线路。"
    )
    plan.then(
        back(1),
        "give_view",
        unit="市住房和城乡建设局",
        agrees=False,
        words="商砼车由交警核发通行证，我局只登记工地开工时间，建议不列会办，需要的数据可以随时提供。",
    )


def _tell_places(planner):
    """An opinion that waits for its signature, a deputy nobody called in time, merged, hidden, a second round."""
    back, ago, shift = planner.back, planner.times.ago, planner.times.shift
    signing = planner.assigned(planner.take("d05"), ago(26), halts=ago(15))
    signing.then(
        back(1),
        "opine",
        unit="市公安局",
        words="夜间二十二时至次日五时在环城路三个口设卡，与城管的渣土车卫星定位共用一块屏；对遮挡号牌、闯卡的按上限处罚，查获的偷倒线索当夜移交。",
    )
    silent = planner.assigned(planner.take("d02"), ago(44))
    silent.halts = shift(silent.assigned, 2)
    planner.assigned(planner.take("c51"), ago(24), is_merged=True)
    planner.assigned(planner.take("d20"), ago(24), is_merged=True).then(ago(21), "merge_with", code="c51")
    hidden = planner.assigned(planner.take("d15"), ago(37), is_hidden=True, cosigners=0)
    hidden.source = Source.STATION
    redo = planner.assigned(planner.take("d11"), ago(112))
    first = planner.answered(redo, ago(44), rating=planner.rng.choice(BAD))
    first.rated = ago(30)
    planner.again(redo, ago(20))
    talks = planner.assigned(planner.take("d18"), ago(140))
    first = planner.answered(talks, ago(88), rating=planner.rng.choice(BAD))
    first.rated = ago(76)
    planner.again(talks, ago(66))
    second = planner.answered(talks, ago(30), rating=planner.rng.choice(BAD))
    second.rated = ago(13)
