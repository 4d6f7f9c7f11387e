"""The province's cases off the main road, as its units meet them: returns, the hub, extensions, opinions, recalls."""

from datetime import timedelta

from accounts.models import Role

from ..status import ContactMode, RecallKind
from .planner import SATISFIED

HUB = "省政府督查室"


def tell_returns(planner):
    """申请退回: asked for, asked again by another unit, late to be decided, refused; and a co that should not be in."""
    back, ago = planner.back, planner.times.ago
    first = planner.assigned(
        planner.take("b55"), back(4), lead="省应急管理厅", co=("省市场监督管理局",)
    ).waits()
    first.then(back(3), "sign_for", unit="省市场监督管理局")
    first.then(
        back(2),
        "hand_back",
        unit="省应急管理厅",
        reason="建议的主要请求是瓶装气充装、配送和餐饮用户改造，属于城镇燃气行业管理。我厅只承担安全生产综合监督，没有燃气经营许可和入户安检的职能，难以就具体改造办法答复代表。",
        basis="《城镇燃气管理条例》关于燃气管理部门的规定；省政府“三定”规定中燃气行业管理列在住房和城乡建设部门。",
        suggested="省住房和城乡建设厅",
    )
    again = planner.assigned(planner.take("c06"), back(13), lead="省商务厅", co=("省交通运输厅",)).waits()
    again.then(back(12), "sign_for", unit="省交通运输厅")
    again.then(
        back(11),
        "hand_back",
        unit="省商务厅",
        reason="我厅负责农村电商和商贸流通，快递末端收费不在职责之内，对快递企业也没有行政处罚权。",
        basis="“三定”规定第三条：商务部门指导流通体系建设，不含快递市场监管。",
        suggested="省市场监督管理局",
    )
    again.then(
        back(8),
        "let_go",
        unit="省商务厅",
        reason="二次收费主要是价格行为，改由省市场监督管理局主办，请省商务厅以会办方式提供站点数据。",
        lead="省市场监督管理局",
        co=("省交通运输厅",),
    )
    again.then(
        back(3),
        "hand_back",
        unit="省市场监督管理局",
        reason="价格举报我局依法受理，但代表四条建议中三条是共同配送、站点补贴和班次安排，属于邮政快递和农村物流的行业管理，由我局主办只能答复其中一条。",
        basis="《快递暂行条例》关于邮政管理部门的规定；农村物流网络建设列在交通运输部门职责。",
        suggested="省交通运输厅",
    )
    late = planner.assigned(planner.take("a49"), back(13), co=("省水利厅",)).waits()
    late.then(back(12), "sign_for", unit="省水利厅")
    late.then(
        back(8),
        "hand_back",
        unit="团省委",
        reason="暑期托管场地、师资和安全责任都在学校和教育部门，我委能做的是组织志愿者参与，作为主办单位统筹不了经费和场地。",
        basis="省关爱服务工作方案明确农村留守儿童暑期托管由教育部门牵头。",
        suggested="省教育厅",
    )
    co = planner.assigned(planner.take("b46"), back(5), co=("省公安厅", "省民政厅")).waits()
    co.then(back(4), "sign_for", unit="省交通运输厅").then(back(3), "sign_for", unit="省公安厅")
    co.then(
        back(2),
        "hand_back",
        unit="省民政厅",
        reason="建议所提路口改造、限速和执法都与民政业务无关，来文提到的地名标志设置已随职能划转，我厅没有可以会办的内容。",
        basis="“三定”规定第四条第七项，道路指示标志由公路管理机构设置。",
        suggested="",
    )
    refused = planner.assigned(planner.take("b13"), planner.opened_for(13))
    asked = planner.times.shift(refused.assigned, 1)
    refused.then(
        asked,
        "hand_back",
        unit="省水利厅",
        reason="乡镇供水管网多由住建系统建设，我厅只管水源工程，建议改由住建部门牵头。",
        basis="部分市州的供水管理职责已划入住房和城乡建设部门。",
        suggested="省住房和城乡建设厅",
    )
    refused.then(
        planner.times.shift(asked, 1),
        "keep",
        unit="省水利厅",
        reason="农村供水工程的行业监管仍在水利部门，千人以下工程尤其如此。个别市州的调整不影响省级主办，请继续办理。",
    )
    refused.then(
        ago(6), "urge_as", role=Role.LIAISON, words="距答复期限不到三周，请先把水质检测的数据给代表看一次。"
    )


def tell_hub(planner):
    """督查室: what it has not passed on, what its units hand back or want put off, what it gives back itself."""
    back, ago = planner.back, planner.times.ago
    for code, days in (("b57", 1), ("b48", 4), ("b49", 8)):
        planner.assigned(planner.take(code), back(days), is_through_hub=True).waits()
    fresh = planner.assigned(planner.take("b30"), back(7), is_through_hub=True).waits()
    fresh.then(
        back(6),
        "pass_on",
        lead="省住房和城乡建设厅",
        co=("省财政厅", "省民政厅"),
        words="省民政厅请就居民议事一条提意见。",
    )
    fresh.then(back(5), "sign_for", unit="省住房和城乡建设厅").then(back(5), "sign_for", unit="省财政厅")
    fresh.then(
        back(2),
        "hand_back",
        unit="省民政厅",
        reason="小区改造中的居民议事由街道和社区组织，行业指导已明确在社会工作部门，我厅不再承担基层治理方面的职能。",
        basis="机构改革后“三定”规定：城乡基层治理指导职责划入省委社会工作部。",
        suggested="",
    )
    wrong = planner.assigned(planner.take("b23"), back(8), is_through_hub=True).waits()
    wrong.then(
        back(7),
        "pass_on",
        lead="省生态环境厅",
        co=("省住房和城乡建设厅",),
        words="请省生态环境厅牵头，重点答复填埋点渗漏问题。",
    )
    wrong.then(back(6), "sign_for", unit="省住房和城乡建设厅")
    wrong.then(
        back(4),
        "hand_back",
        unit="省生态环境厅",
        reason="四条建议中只有填埋点监测一条涉及我厅，收运体系、分类办法和保洁员报酬都属于农村环境卫生管理，由我厅主办难以落实。",
        basis="《固体废物污染环境防治法》关于农村生活垃圾的规定，省内分工由住房和城乡建设部门负责。",
        suggested="省住房和城乡建设厅",
    )
    _tell_late_child(planner)
    waits = planner.assigned(planner.take("b11"), planner.opened_for(6), is_through_hub=True)
    waits.then(
        back(1),
        "ask_time",
        unit="省水利厅",
        days=40,
        reason="第一批安全鉴定的二百一十座水库要等枯水期降水位才能钻孔取样，现在给出的加固名单不准，愿意拿到结果再逐座答复。",
        progress="招标已完成，七家鉴定单位进场，已鉴定六十四座；管护员补助标准与财政部门谈妥。",
    )
    whole = planner.assigned(planner.take("b44"), back(6), is_through_hub=True).waits()
    whole.then(
        back(3),
        "hand_back",
        unit=HUB,
        reason="建议的关键是设定过渡期和上路限制，须有地方性法规作依据，不是政府部门能够答复的；分办下去只会得到“正在研究”。",
        basis="《立法法》关于地方性法规权限的规定，《道路交通安全法》办法的修改已列入常委会立法计划。",
        suggested="省人大常委会法制工作委员会",
    )
    anew = planner.assigned(planner.take("b09"), ago(44), is_through_hub=True).waits()
    shift = planner.times.shift
    anew.then(
        shift(anew.assigned, 2),
        "hand_back",
        unit=HUB,
        reason="补建错车道的资金属于县级事权，省级单位没有安排，建议转请市州办理。",
        basis="农村公路管养事权划分办法：村道建设以县级为主。",
        suggested="",
    )
    anew.then(
        shift(anew.assigned, 5),
        "keep",
        unit=HUB,
        reason="代表来自县里，正是县里办不了才提到省里。省级有村道安防的专项补助，请分办后答复补助怎么分、怎么排队。",
    )
    anew.then(
        shift(anew.assigned, 6),
        "pass_on",
        lead="省交通运输厅",
        co=("省财政厅",),
        words="请答清补助的排队办法。",
    )
    anew.then(shift(anew.assigned, 7), "sign_for", unit="省交通运输厅")
    anew.then(shift(anew.assigned, 8), "sign_for", unit="省财政厅")
    anew.then(
        shift(anew.assigned, 12),
        "speak",
        unit="省交通运输厅",
        mode=ContactMode.FIELD,
        words="处里两位同志坐代表的班车跑了一个来回，量了鹰嘴弯的路面宽度，代表把十四处最险的点标在了地图上。",
    )
    anew.then(
        shift(anew.assigned, 18),
        "opine",
        unit="省财政厅",
        words="村道安防补助今年还有结余指标，可以优先用于班线经过的临崖路段，请交通部门提出名单，我厅七个工作日内下达。",
    )
    planner.finished(planner.assigned(planner.take("b40"), ago(230), is_through_hub=True))


def _tell_late_child(planner):
    """Refused its return, joined by another unit, overdue, urged and answered, with a leader's word."""
    times = planner.times
    late = planner.assigned(
        planner.take("b27"), planner.opened_for(-9), is_through_hub=True, co=("省交通运输厅",)
    )
    # A deputy waits for it, so the office asks for the date, the hub for the reason.
    given = times.shift(late.assigned, 1)
    late.then(
        times.shift(given, 1),
        "hand_back",
        unit="省交通运输厅",
        reason="乡镇充电站点规划由能源主管部门编制，我厅仅涉及高速服务区和客运站场，建议不列会办。",
        basis="充电基础设施建设实施方案的任务分工表。",
        suggested="",
    )
    late.then(
        times.shift(given, 2),
        "keep",
        unit="省交通运输厅",
        reason="春运期间移动充电车停在哪里、导航怎么发布，都要用客运站场，请提会办意见。",
    )
    late.then(
        times.shift(given, 9),
        "adjust",
        lead="省发展和改革委员会",
        co=("省交通运输厅", "省自然资源厅"),
        reason="代表补充说明站点用地卡在规划调整上，增加省自然资源厅会办。",
        below_hub=True,
    )
    late.then(times.shift(given, 11), "sign_for", unit="省自然资源厅")
    late.then(
        times.ago(5),
        "urge_as",
        role=Role.HUB,
        words="已经超期，电网企业的补桩计划到底卡在哪里，请本周书面说明并先告诉代表。",
    )
    late.then(
        times.ago(3),
        "answer_urge",
        words="补桩计划需与配电网改造同步，昨日与电力公司对完一百二十六个乡镇的负荷，答复稿正在会签，下周三前送审签；已先电话向代表说明。",
    )
    late.then(
        times.ago(2),
        "instruct",
        role=Role.GOV_LEADER,
        words="“乡乡有快充”是今年向群众作过承诺的，请省发改委主要负责同志过问，春节返乡前把缺桩的乡镇补齐，答复和桩一起交到代表手上。",
    )


def tell_extensions(planner):
    """申请延期: waiting, waiting beyond the date it was asked for, granted, refused."""
    back, ago, times = planner.back, planner.times.ago, planner.times
    waits = planner.assigned(planner.take("b29"), planner.opened_for(7))
    waits.then(
        back(1),
        "ask_time",
        unit="省水利厅",
        days=45,
        reason="移民安置的实物指标复核还差两个村没有签字，提前答复会让已签的群众产生疑问，拟在复核公示结束后一并答复。",
        progress="两次会同代表到库区走访，六个村中四个已完成复核；逐户补偿测算表已印出征求意见。",
    )
    opened = planner.opened_for(-3)
    overdue = planner.assigned(planner.take("c04"), opened)
    overdue.then(
        times.workday(planner.due_of(opened) - timedelta(1)),
        "ask_time",
        unit="省工业和信息化厅",
        days=60,
        reason="中试线的股权方案需经省属国有资本平台董事会审议，会期已定在下月中旬，结果出来之前不便对代表作出答复。",
        progress="厂房、设备清单和首批六家用户意向已落实，与代表面商两次，代表同意等董事会结果。",
    )
    granted = planner.assigned(planner.take("c05"), planner.opened_for(9))
    granted.then(
        ago(12),
        "ask_time",
        unit="省商务厅",
        days=40,
        reason="退货通道的海关监管办法正在征求意见，口岸试单要跑满一个月才能拿到退税数据，用数据答复比用文件答复更有说服力。",
        progress="首批三家企业已试单四十七票，平均退货时间由二十一天缩短到九天。",
    )
    granted.then(
        ago(8),
        "give_time",
        unit="省商务厅",
        days=30,
        reason="同意延至试单满月，但不按申请的四十天。请在原期限当天把已有数据先告诉代表。",
    )
    refused = planner.assigned(planner.take("c30"), planner.opened_for(12))
    refused.then(
        ago(10),
        "ask_time",
        unit="省市场监督管理局",
        days=60,
        reason="回收点的布设需待下一年度预算安排，拟延期至预算批复后答复。",
        progress="已在两个市开展摸底，药店参与意愿较高。",
    )
    refused.then(
        ago(7),
        "deny_time",
        unit="省市场监督管理局",
        reason="预算安排不影响说明办法和时间表，等预算批复再答复等于跨年。请按期答复，分年的事分年写。",
    )


def tell_opinions_and_recalls(planner):
    """Opinions sent back, replies taken back before and after they went out, a unit that works on paper."""
    back, ago, shift = planner.back, planner.times.ago, planner.times.shift
    thin = planner.assigned(planner.take("b17"), ago(31), co=("省公安厅", "省财政厅"), halts=ago(24))
    thin.then(ago(14), "opine", unit="省财政厅", words="原则同意，请主办单位按职责办理。")
    thin.then(
        back(2),
        "reject_opinion",
        unit="省财政厅",
        reason="代表问的是致害补偿的钱从哪里来、谁来定损，贵厅的意见没有提到资金渠道和分担比例，无法写进答复，请补充。",
    )
    better = planner.assigned(planner.take("a24"), ago(76), co=("省医疗保障局",), halts=ago(70))
    better.then(ago(62), "opine", unit="省医疗保障局", words="支持主办单位意见。")
    better.then(
        ago(59),
        "reject_opinion",
        unit="省医疗保障局",
        reason="院内制剂调剂后能不能报销是代表的第二条请求，意见里没有，请明确目录和比例。",
    )
    better.then(
        ago(55),
        "opine",
        unit="省医疗保障局",
        words="首批调剂使用的三十八个院内制剂按乙类管理，调出、调入医院同一报销比例；新增品种每半年评审一次，评审结果抄送药监部门。",
    )
    better.then(
        ago(54),
        "speak",
        unit="省市场监督管理局",
        words="在厂里同代表看了留样间，逐个核对调剂品种的稳定性数据，代表希望批件由邮寄改为网上领取。",
    )
    lead = {"unit": planner.tenant.units["省市场监督管理局"], "number": 0}
    better.then(ago(26), "send", **lead)
    better.then(ago(26), "take_back").then(ago(25), "send", **lead, again=True)
    better.then(ago(23), "issue_again")
    better.then(
        ago(18),
        "recall",
        kind=RecallKind.AGAIN,
        reason="答复第二条与省医疗保障局会办意见相反，把“可以报销”写成了“暂不报销”，不是笔误，请重新核对后答复。",
    )
    better.then(
        ago(8),
        "mend",
        words="上次答复把医保待遇写反，责任在我局会稿不细，现已与省医疗保障局逐字核对，特向您致歉。",
    )
    better.then(ago(5), "issue_again")
    slip = planner.assigned(planner.take("c07"), ago(50))
    step = planner.answered(slip, ago(9))
    step.is_reworked = False
    slip.then(
        back(2),
        "recall",
        reason="代表来电指出答复把“石羊县”印成了“石门县”，附表的合计也少加了一个乡镇，请更正后重新送达。",
    )
    paper = planner.assigned(planner.take("b14"), ago(40), co=("省应急管理厅", "省气象局"))
    paper.then(
        shift(paper.assigned, 9),
        "progress",
        unit="省水利厅",
        words="与气象部门对接了短临预报的推送接口，选了三个县先跑一个汛期。",
    )
    paper.then(
        ago(8),
        "opine",
        unit="省气象局",
        words="短临预警由市县气象台直发到村级责任人，我局已提供接口说明；山区雷达盲区三处，补盲雷达选址完成两处。",
    )


def tell_reform(planner):
    """机构改革: a unit abolished with cases in hand and promises open, and its successor who inherits them."""
    ago = planner.times.ago
    old, new = "省乡村振兴局", "省农业农村厅"
    kept = planner.assigned(planner.take("b02"), ago(250), lead=old)
    kept.published = planner.times.shift(ago(130), 9)
    planner.answered(kept, ago(180), rating=SATISFIED, rated_after=6)
    moved = planner.assigned(planner.take("b24"), ago(78), lead=old, halts=ago(45))
    moved.then(ago(40), "abolish", unit=old, successor=new)
    moved.then(
        ago(36),
        "adjust",
        lead=new,
        co=("省生态环境厅",),
        reason="省乡村振兴局撤销，职能划入省农业农村厅，在办件随职能移交，答复期限不变。",
        is_reform=True,
    )
    moved.then(ago(35), "sign_for", unit=new)
    moved.then(
        ago(30),
        "speak",
        unit=new,
        words="移交后第一次与代表见面，把原单位的调研记录当面交了底，代表要求不要再从头调研，直接谈回收点怎么设。",
    )
    moved.then(
        ago(12),
        "progress",
        unit=new,
        words="回收网点布设方案已接续原单位的摸底数据，二十九个县的协议由我厅继续履行。",
    )
    inherited = planner.assigned(planner.take("b34"), ago(70), lead=old, halts=ago(45))
    inherited.then(
        ago(28),
        "progress",
        unit=old,
        words="原省乡村振兴局承办，现由省农业农村厅接续，撂荒地台账已完成移交，正与代表约定现场查看的时间。",
    )
