"""The province's cases off the main road, as deputies and the office meet them."""

from accounts.models import Role

from ..status import ContactMode, ContactStage, Source
from .planner import SATISFIED

MAIN_DEPUTY, SECOND_DEPUTY = "魏长河", "鲁慧君"


def tell_withdrawals(planner):
    """撤回: waiting for two co-signers, opposed by one, carried out after and before the units had it."""
    back, ago = planner.back, planner.times.ago
    asked = planner.assigned(
        planner.take("a10"), ago(30), cosigners=0, named=(MAIN_DEPUTY, SECOND_DEPUTY, "田静宜"), halts=ago(6)
    )
    asked.then(
        back(3),
        "withdraw",
        reason="省里刚印发的特殊教育提升计划已经把助教岗位写进去了，核心请求有了着落，想先撤回，看一年执行情况再决定要不要提。",
    )
    asked.then(back(2), "consent", name="田静宜")
    opposed = planner.assigned(planner.take("a42"), ago(48), cosigners=0, named=("祝满仓", "瞿正风"))
    opposed.then(
        ago(21),
        "withdraw",
        reason="基础养老金标准要等国家统一调整，单提一省意义不大，拟撤回后与其他省的代表商量联名提出。",
    )
    opposed.then(ago(20), "consent", name="祝满仓")
    opposed.then(
        ago(19),
        "oppose",
        name="瞿正风",
        reason="我附议是因为省级可以先动增发的那一块，村里老人等着听个说法。撤了就没有答复了，请继续办。",
    )
    done = planner.assigned(
        planner.take("a38"), ago(75), cosigners=0, named=("齐路遥", "凌松柏"), halts=ago(52)
    )
    done.then(
        ago(51),
        "withdraw",
        reason="调研时发现请求与残联正在起草的办法重复，与主办单位当面谈过，愿意把意见直接提供给起草组。",
    )
    done.then(ago(50), "consent", name="齐路遥").then(ago(48), "consent", name="凌松柏")
    early = planner.recess(planner.take("a20"), ago(27), cosigners=0)
    early.then(ago(25), "withdraw", reason="提交后发现引用的床护比数据是前年的，想补充调研后重新提出。")
    returned = planner.recess(planner.take("c02"), ago(40), cosigners=0, returned=ago(37))
    returned.then(
        ago(33),
        "withdraw",
        reason="退回意见讲得对，税率不是省里能定的，已请全国人大代表带上去，这件撤回。",
    )


def tell_objections(planner):
    """异议: about a unit, about a contact that was none, and one answered."""
    back, ago = planner.back, planner.times.ago
    unit = planner.assigned(planner.take("c08"), ago(16), halts=ago(4))
    unit.then(
        back(2),
        "object_to_unit",
        unit="省工业和信息化厅",
        words="我提的第三条是请开放检测机构的样本数据，这件事在市场监管部门，承办单位里没有它，只怕最后又是一句“建议向有关部门反映”。",
    )
    contact = planner.assigned(planner.take("c20"), ago(38), halts=ago(9))
    contact.then(
        ago(11),
        "speak",
        unit="省公安厅",
        mode=ContactMode.PHONE,
        stage=ContactStage.DURING,
        words="电话向代表介绍了解冻流程，代表表示理解。",
    )
    contact.then(
        back(3),
        "object_to_contact",
        words="那天是有个电话，两分钟，对方只问我建议是不是我写的，没有介绍任何流程，我也没有说“表示理解”。请按实际登记。",
    )
    answered = planner.assigned(planner.take("c26"), ago(52))
    answered.then(
        ago(30),
        "object_to_unit",
        unit="省农业农村厅",
        words="村集体经济审计由谁来做，农业农村和审计两家一直推。现在由审计厅主办，会办的只有农业农村厅，乡镇经管站的编制问题没有单位回答。",
    )
    answered.then(
        ago(27),
        "answer_objection",
        words="经与两厅商定，经管站力量一条由农业农村厅在会办意见中专门答复，并附编制部门书面意见，不再增加会办单位。您如认为仍不够，可在答复后提出。",
    )


def tell_changes_of_lead(planner):
    """Deputies who left office: one before rating, one whose co-signer is asked, one whose co-signer took over."""
    back, ago = planner.back, planner.times.ago
    rating = planner.assigned(planner.take("b58"), ago(72))
    planner.answered(rating, ago(9)).issued = ago(6)
    asked = planner.assigned(planner.take("b16"), ago(82), named=(MAIN_DEPUTY,), cosigners=1)
    asked.then(
        back(4),
        "ask_to_lead",
        name=MAIN_DEPUTY,
        reason="翁守林代表已调离选举单位、代表资格终止，主办单位约不到领衔代表到现场，请一位附议代表接着领衔。",
    )
    taken = planner.assigned(planner.take("b51"), ago(140), cosigners=0, named=("安澄之", "姚石根"))
    taken.then(
        ago(98),
        "ask_to_lead",
        name="姚石根",
        reason="严守一代表因年事已高辞去代表职务，办理单位需要有代表继续沟通。",
    )
    taken.then(
        ago(95),
        "decline_lead",
        name="姚石根",
        reason="尾矿库的技术情况我不熟，锡溪镇水厂的安代表天天守着下游水质，由她领衔更合适。",
    )
    taken.then(
        ago(93),
        "ask_to_lead",
        name="安澄之",
        reason="严守一代表已辞职，姚石根代表推荐您接着领衔，资料已请原领衔代表整理移交。",
    )
    taken.then(ago(91), "take_lead", name="安澄之")
    planner.answered(taken, ago(66), rating=SATISFIED, rated_after=9)


def tell_reviews(planner):
    """拟办 with the units' views, decisions undone, slips put right, papers typed in by the office."""
    back, ago = planner.back, planner.times.ago
    for code, days, plan, views in (
        (
            "c25",
            5,
            {
                "lead": "省委社会工作部",
                "co": ("省委组织部",),
                "words": "请就谁主办提意见，交办会定在本周五。",
            },
            (("省委组织部", True, "同意。党组织应建尽建的指导由我部配合，主办放在社会工作部顺。"),),
        ),
        (
            "c21",
            6,
            {
                "lead": "省人民检察院",
                "co": ("团省委", "省民政厅"),
                "words": "观护基地的场地和社工经费请一并提出意见。",
            },
            (
                ("省人民检察院", True, ""),
                (
                    "团省委",
                    False,
                    "青少年社工的购买服务经费自机构改革后列在社会工作部门，我委只剩项目指导，建议会办改为省委社会工作部。",
                ),
            ),
        ),
        (
            "c17",
            3,
            {
                "lead": "省司法厅",
                "co": ("省民政厅", "省地方金融管理局"),
                "words": "小额存款继承的亲属关系证明由谁出，请省民政厅先给意见。",
            },
            (),
        ),
        ("c18", 2, {"lead": "省司法厅", "co": ("省高级人民法院",), "asks_views": False}, ()),
    ):
        filed = back(days)
        plan_of = planner.recess(planner.take(code), planner.times.shift(filed, -2), filed=filed)
        plan_of.then(back(days - 1), "propose_plan", **plan)
        for unit, agrees, words in views:
            plan_of.then(back(days - 3), "give_view", unit=unit, agrees=agrees, words=words)
    undone = planner.recess(planner.take("c32"), back(9), filed=back(7))
    undone.then(
        back(4),
        "undo_review",
        reason="立案后发现与本次大会一件建议领衔代表、请求都相同，先与代表核对是否合为一件。",
    )
    undone.then(back(2), "file")
    undone.then(
        back(1),
        "amend",
        category="财政经济",
        reason="代表说明重点是平台抽成和司机收入，不是运输安全管理，按代表意见调整类别。",
    )
    again = planner.recess(planner.take("c33"), back(8))
    again.then(
        back(6),
        "turn_down",
        outcome="letter",
        reason="反映的是一家健身房关门后的退费纠纷，已有法院在审，转代表来信处理，结果书面告知您。",
    )
    again.then(
        back(3),
        "undo_review",
        reason="代表来函说明，所提不是个别商家的退费纠纷，而是请省级建立资金存管制度，应当作为建议审查。",
    )
    for code, days in (("b15", 74), ("b47", 58)):
        on_paper = planner.assigned(planner.take(code), ago(days), is_paper=True, cosigners=0)
        planner.answered(on_paper, ago(11 if code == "b15" else 16))
        on_paper.rounds[0].issued = ago(8 if code == "b15" else 13)
    on_paper.then(
        back(2),
        "rate_proxy",
        attitude="satisfied",
        result="basically",
        words="渡船先修好了，桥要等两年，可以理解。盼着开工那天喊我一声。",
    )
    typed = planner.recess(planner.take("c12"), back(2), is_paper=True, cosigners=0)
    typed.source = Source.STATION


def tell_merged(planner):
    """并案: a pair answered together and rated apart, a pair in hand, a pair taken apart again."""
    ago, back = planner.times.ago, planner.back
    for code, rating in (("a57", SATISFIED), ("a58", None)):
        one = planner.assigned(planner.take(code), ago(64), is_merged=True)
        planner.answered(one, ago(12), rating=rating, rated_after=3)
        one.rounds[0].issued, one.rounds[0].is_reworked = ago(9), False
        if rating is None:
            one.then(planner.times.shift(ago(64), 1), "merge_with", code="a57")
    for code in ("b31", "b32"):
        one = planner.assigned(planner.take(code), ago(26), is_merged=code == "b32")
    one.then(ago(23), "merge_with", code="b31")
    for code in ("b45", "a36"):
        one = planner.assigned(planner.take(code), ago(33))
    one.then(ago(28), "merge_with", code="b45")
    one.then(
        back(5),
        "unmerge",
        reason="一件谈货车超限，一件谈客运站无障碍，并在一起是录入时看错了编号，分开办理。",
    )


def tell_ratings(planner):
    """A redo by another unit; ratings late, on paper, and in the place of one on paper; classes put right."""
    back, ago, shift = planner.back, planner.times.ago, planner.times.shift
    redo = planner.assigned(planner.take("c09"), ago(108), redo_lead="省财政厅")
    first = planner.answered(redo, ago(38), rating=("satisfied", "dissatisfied"))
    first.rated = ago(26)
    planner.again(redo, ago(18))
    late = planner.assigned(planner.take("c14"), ago(160))
    planner.answered(late, ago(96), is_silent=True)
    late.then(
        back(3),
        "rate_late",
        attitude="basically",
        result="dissatisfied",
        words="那段时间我在住院，没有评。答复说小额案件专项执行结案率九成五，可我手上六个当事人，四个到今天一分钱没拿到，“终本”不能算执行到位。",
    )
    fine = planner.assigned(planner.take("a26"), ago(170))
    planner.answered(fine, ago(110), is_silent=True)
    fine.then(
        shift(ago(110), 45),
        "rate_late",
        attitude="satisfied",
        result="satisfied",
        words="外出务工回来才看到答复。今年参保是在手机上办的，没有跑一趟，补个满意。",
    )
    fine.published = shift(ago(110), 55)
    proxied = planner.assigned(planner.take("c10"), ago(80))
    planner.answered(proxied, ago(19))
    proxied.then(back(5), "rate_proxy", attitude="satisfied", result="satisfied", words="表格由镇里代交。")
    proxied.then(
        back(3),
        "rate_late",
        attitude="satisfied",
        result="basically",
        words="表是托人交的，勾得急了。证照联办是快了，但消防那一项仍要另跑一趟县城，改为基本满意。",
    )
    for code, days, changed in (
        (
            "b35",
            210,
            {
                "reply_class": "in_progress",
                "reason": "答复所列试点县的供地指标尚未下达，按实际进度应为正在解决，已与承办单位核实。",
                "what": "六个试点县点状供地指标下达并公布项目名单",
                "months": 8,
                "owner": "用途管制处",
            },
        ),
        (
            "b37",
            240,
            {
                "reply_class": "restricted",
                "reason": "代表反映的小区缺用地手续，现行政策下登记不了，不宜列为已解决，调整后由联工委跟踪。",
            },
        ),
    ):
        closed = planner.assigned(planner.take(code), ago(days))
        step = planner.answered(closed, ago(days - 60), rating=SATISFIED, rated_after=8)
        closed.then(shift(step.rated, 12), "correct_class", **changed)
        closed.published = shift(step.rated, 20)


def tell_hidden_and_delegations(planner):
    """隐名; the delegation's own; a deputy's work that a stand-in goes on with; instructions of leaders."""
    back, ago = planner.back, planner.times.ago
    planner.assigned(planner.take("c27"), ago(34), is_hidden=True, cosigners=0)
    told = planner.assigned(planner.take("c24"), ago(78), is_hidden=True, cosigners=0)
    planner.answered(told, ago(10)).is_reworked = False
    answered = planner.assigned(planner.take("e01"), ago(83), is_delegations=True, cosigners=0)
    planner.answered(answered, ago(12)).issued = ago(8)
    planner.recess(planner.take("e02"), None, begins=ago(3), is_delegations=True, cosigners=0)
    led = planner.assigned(planner.take("a23"), planner.opened_for(-16))
    led.then(
        ago(9),
        "instruct",
        role=Role.LEADER,
        words="尘肺病人等不起。请主办单位一周内把三个县的救治名单和药费缺口报来，联工委安排代表一起去看一次。",
    )
    led.then(
        back(4),
        "progress",
        unit="省卫生健康委员会",
        words="三个县一千一百余名患者已逐人核对，药费缺口测算报省财政；代表与联工委同志昨日到煤溪县看了两户。",
    )


def decorate(planner):
    """Steps beside the course of cases that the accounts on show have at hand."""
    back, ago = planner.back, planner.times.ago
    by_code = {plan.topic.code: plan for plan in planner.plans}
    by_code["a30"].urged, by_code["a30"].tale = None, []
    by_code["a30"].then(
        back(3),
        "urge_as",
        role=Role.COMMITTEE,
        words="社会建设委员会下周专题调研居家适老化改造，请在调研前把未验收的两个县说明清楚，并同代表先碰一次。",
    )
    by_code["a30"].then(
        back(1),
        "ask_time",
        unit="省民政厅",
        days=30,
        reason="改造补贴的第三方验收还剩两个县没有做完，名单不齐，答复里的户数写不准，申请延到验收结束。",
        progress="全省已改造一万一千户，抽查合格率九成七；代表陪同看了六户，提的扶手高度问题已改进图集。",
    )
    stood_in = by_code["a29"]
    stood_in.is_stood_in, stood_in.halts = True, ago(24)
    stood_in.then(
        ago(19),
        "speak",
        unit="省民政厅",
        mode=ContactMode.FIELD,
        words="在溪头村互助点同代表和老人们吃了一顿午饭，代表提出账目要贴在灶房墙上，谁捐的菜、谁出的工都写明白。",
    )
    stood_in.then(
        ago(10),
        "progress",
        unit="省民政厅",
        words="互助点登记标准已缩减为三条，十二个县先行，年度运营补助按实际开灶天数核定。",
    )
    by_code["b12"].then(
        back(2),
        "object_to_contact",
        words="登记写的是厅领导带队到场，那天实际来的是两位处里的同志，人很好，谈得也细，但来的是谁就该写谁，请更正。",
    )
    recalled = by_code["a32"]
    recalled.rounds[0].is_reworked = False
    recalled.rounds[0].issued = ago(12)
    recalled.rounds[0].sent = ago(14)
    recalled.then(ago(10), "recall", reason="答复附表把护理员培训人数的单位“人次”写成了“人”，请更正。")
    recalled.then(ago(8), "mend", words="附表中培训人数的单位有误，现予更正，其余内容不变。")
    recalled.then(ago(7), "issue_again")
