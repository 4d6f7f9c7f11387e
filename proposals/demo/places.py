"""What the demonstration's two congresses consist of: units, committees, delegations. All of it is invented."""

from dataclasses import dataclass, field

from institutions.models import Level, UnitSystem

CATEGORIES = ("财政经济", "农业农村", "社会建设", "教科文卫", "环资城建", "民主法制", "其他")

# user name of the unit's handler | name | character of its 文号
_PROVINCE_UNITS = {
    UnitSystem.GOVERNMENT: """
        ducha 省政府督查室 督
        fagai 省发展和改革委员会 发改
        jiaoyu 省教育厅 教
        keji 省科学技术厅 科
        gongxin 省工业和信息化厅 工信
        gongan 省公安厅 公
        minzheng 省民政厅 民
        sifa 省司法厅 司
        caizheng 省财政厅 财
        renshe 省人力资源和社会保障厅 人社
        ziran 省自然资源厅 自然资
        shengtai 省生态环境厅 环
        zhujian 省住房和城乡建设厅 建
        jiaotong 省交通运输厅 交
        shuili 省水利厅 水
        nongye 省农业农村厅 农
        shangwu 省商务厅 商
        wenlv 省文化和旅游厅 文旅
        weijian 省卫生健康委员会 卫
        yingji 省应急管理厅 应急
        shijian 省市场监督管理局 市监
        yibao 省医疗保障局 医保
        linye 省林业局 林
        tiyu 省体育局 体
        shuiwu 省税务局 税
        jinrong 省地方金融管理局 金管
        shuju 省数据局 数
        tuiyi 省退役军人事务厅 退役
        guangdian 省广播电视局 广
        shenji 省审计厅 审
        xiangzhen 省乡村振兴局 乡振
        qixiang 省气象局 气
    """,
    UnitSystem.PARTY: """
        zuzhi 省委组织部 组
        xuanchuan 省委宣传部 宣
        shegong 省委社会工作部 社工
    """,
    UnitSystem.CONGRESS: "fagong 省人大常委会法制工作委员会 人法工",
    UnitSystem.SUPERVISION: "jianwei 省监察委员会 监",
    UnitSystem.COURT: "fayuan 省高级人民法院 高法",
    UnitSystem.PROCURATORATE: "jiancha 省人民检察院 检",
    UnitSystem.MASS: """
        tuanwei 团省委 团
        fulian 省妇女联合会 妇
    """,
    UnitSystem.COMPANY: "dianli 省电力公司 电",
}
_CITY_UNITS = {
    UnitSystem.GOVERNMENT: """
        ducha 市政府督查室 督
        jiaoyu 市教育局 教
        minzheng 市民政局 民
        caizheng 市财政局 财
        weijian 市卫生健康委员会 卫
        zhujian 市住房和城乡建设局 建
        jiaotong 市交通运输局 交
        chengguan 市城市管理局 城管
        shijian 市市场监督管理局 市监
        gongan 市公安局 公
        nongye 市农业农村局 农
        wenlv 市文化旅游广电体育局 文旅
        ziran 市自然资源和规划局 自然资
        shengtai 市生态环境局 环
    """,
}
# The end of a unit's name -> what its deputy head is called.
_DEPUTY_HEADS = {
    "法院": "副院长",
    "检察院": "副检察长",
    "法制工作委员会": "副主任",
    "监察委员会": "副主任",
    "团省委": "副书记",
    "联合会": "副主席",
    "公司": "副总经理",
    "委员会": "副主任",
    "厅": "副厅长",
    "局": "副局长",
    "部": "副部长",
    "室": "副主任",
}


@dataclass(frozen=True)
class UnitSpec:
    """One unit: the user name of its handler (without prefix), its name, system, and the sign of its 文号."""

    code: str
    name: str
    system: str
    sign: str

    @property
    def is_hub(self):
        return self.code == "ducha"

    @property
    def deputy_head(self):
        """What the one who signs for the unit is called."""
        return next(title for ending, title in _DEPUTY_HEADS.items() if self.name.endswith(ending))

    @property
    def own_word(self):
        """How the unit speaks of itself in a letter: 我厅, 我局, 我委, 我院, 我部, 我公司."""
        for ending, word in {"委员会": "我委", "公司": "我公司", "院": "我院", "联合会": "我会"}.items():
            if self.name.endswith(ending):
                return word
        return "我委" if self.name.endswith("团省委") else f"我{self.name[-1]}"


@dataclass(frozen=True)
class Place:
    """One congress of the demonstration."""

    code: str
    name: str
    level: str
    preset: str
    liaison_phone: str
    document_sign: str
    user_prefix: str
    phone_prefix: str
    first_monday_from: int  # the session opens on the first Monday of January from this day on
    meeting: str  # 人大 as sessions are named
    units: tuple[UnitSpec, ...]
    committees: tuple[str, ...]
    delegations: tuple[str, ...]
    deputies_file: str
    constituency: str  # 选举单位, {} is the delegation
    staff: tuple  # user name, 姓名, role, title, target
    is_public: bool = False
    switches: dict = field(default_factory=dict)  # what the office set otherwise than its preset
    on_paper: tuple[str, ...] = ()  # codes of units that do not use the system
    stand_ins: tuple = ()  # user name, 姓名, unit


def _units(table):
    specs = []
    for system, lines in table.items():
        for line in lines.strip().splitlines():
            code, name, sign = line.split()
            specs.append(UnitSpec(code, name, system, sign))
    return tuple(specs)


PROVINCE = Place(
    code="xiaonan",
    name="潇南省",
    level=Level.PROVINCE,
    preset="湖南",
    liaison_phone="0700-8866 1000",
    document_sign="潇",
    user_prefix="",
    phone_prefix="1380000",
    first_monday_from=12,
    meeting="省{}届人大{}次会议",
    units=_units(_PROVINCE_UNITS),
    committees=(
        "财政经济委员会",
        "农业与农村委员会",
        "社会建设委员会",
        "教育科学文化卫生委员会",
        "环境与资源保护委员会",
        "监察和司法委员会",
    ),
    delegations=(
        "潇州",
        "澜江",
        "云麓",
        "临沅",
        "衡阜",
        "郴溪",
        "桃岭",
        "怀川",
        "永湖",
        "邵原",
        "岳津",
        "娄阳",
        "益浦",
        "湘岭",
    ),
    deputies_file="deputies.csv",
    constituency="{}人民代表大会",
    staff=(
        ("liangong", "苏婉清", "liaison", "代表建议处处长", None),
        ("liangong2", "项知秋", "liaison", "代表建议处四级调研员", None),
        ("zhuanwei", "蒋可人", "committee", "委员会办公室主任", "社会建设委员会"),
        ("zw-caijing", "毕承业", "committee", "委员会办公室副主任", "财政经济委员会"),
        ("zw-nongye", "田间", "committee", "委员会办公室主任", "农业与农村委员会"),
        ("zw-jiaokewenwei", "宋雅文", "committee", "委员会办公室主任", "教育科学文化卫生委员会"),
        ("zw-huanzi", "水清华", "committee", "委员会办公室副主任", "环境与资源保护委员会"),
        ("zw-jiansi", "严明法", "committee", "委员会办公室主任", "监察和司法委员会"),
        ("lingdao", "罗致远", "leader", "副主任", None),
        ("lingdao2", "方静宜", "leader", "副主任", None),
        ("lingdao3", "秦守正", "leader", "副主任", None),
        ("ducha", "杜克勤", "hub", "建议提案督办处处长", "省政府督查室"),
        ("shengzhang", "程济川", "gov_leader", "副省长", None),
        ("shengzhang2", "陆文澜", "gov_leader", "副省长", None),
        ("daibiaotuan", "张岱工", "delegation_staff", "联络科科长", "临沅"),
        ("dbt-xiaozhou", "柳思明", "delegation_staff", "联络处副处长", "潇州"),
        ("guanliyuan", "管一丁", "admin", "信息中心工程师", None),
    ),
    is_public=True,
    # The province's preset is silent on these; a unit of the central administration works on paper.
    switches={"withdraw_needs_cosigners": True},
    on_paper=("qixiang",),
    stand_ins=(("minzheng-daiban", "于青禾", "省民政厅"),),
)
CITY = Place(
    code="lanjiang",
    name="澜江市",
    level=Level.CITY,
    preset="重庆",
    liaison_phone="0701-6622 1200",
    document_sign="澜",
    user_prefix="lj-",
    phone_prefix="1380001",
    first_monday_from=4,
    meeting="市{}届人大{}次会议",
    units=_units(_CITY_UNITS),
    committees=("社会建设委员会", "城乡建设与环境资源委员会"),
    delegations=("澜东", "溪口", "城中", "开发区"),
    deputies_file="city_deputies.csv",
    constituency="{}人民代表大会",
    staff=(
        ("lj-liangong", "苏晚棠", "liaison", "代表联络科科长", None),
        ("lj-zhuanwei", "盛予安", "committee", "委员会办公室主任", "社会建设委员会"),
        ("lj-lingdao", "骆正声", "leader", "副主任", None),
        ("lj-ducha", "于得水", "hub", "督查科科长", "市政府督查室"),
        ("lj-shizhang", "沈明川", "gov_leader", "副市长", None),
        ("lj-daibiaotuan", "尤佳宁", "delegation_staff", "联络员", "城中"),
        ("lj-dbt-landong", "邬小渔", "delegation_staff", "联络员", "澜东"),
        ("lj-guanliyuan", "管小舟", "admin", "信息科工程师", None),
    ),
    switches={"withdraw_needs_cosigners": True, "opinion_signed": True, "extension_endorsed_by_hub": True},
)
PLACES = (PROVINCE, CITY)
