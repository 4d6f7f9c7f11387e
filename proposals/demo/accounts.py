"""The demonstration's accounts: their common password, and the ones that the start page names."""

from accounts.models import User

# Known to everybody who reads this: only ever set on accounts that load_demo makes.
PASSWORD = "Xiaonan-Demo-2026"
MAIL_DOMAIN = "example.test"

# user name -> what to try with it; names and roles are read from the accounts themselves.
SHOWN = (
    ("daibiao", "评价答复、确认承诺、应邀参加督办、改退回的建议、接着写草稿、回复附议邀请、提异议"),
    ("daibiao2", "看别的代表请您附议的建议，附议或谢绝；对撤回表态"),
    ("liangong", "审查、立案、交办、成批催办；裁定退回和延期，研判不满意件；重点督办、承诺台账、单位评分"),
    ("ducha", "分办交来的建议，裁定所属单位的退回和延期，催办超期的分办件"),
    ("minzheng", "签收、登记沟通、逐条写答复、送审签；回复催办和批示、报承诺进展、报整改；申请退回、延期"),
    ("minzheng-daiban", "代班：替民政厅经办办件，经过里注明代谁"),
    ("minzheng-qianfa", "审阅答复，签发或退回修改"),
    ("caizheng", "作为会办单位提交会办意见，补充被退回的意见"),
    ("nongye", "承接被撤销的省乡村振兴局的在办件"),
    ("zhuanwei", "本委对口的建议，意见、接手督办，核实承诺和整改，催办"),
    ("lingdao", "要事、牵头的专题，手机上三步写批示"),
    ("shengzhang", "政府领导：领办的专题，经督查室分办的建议，写批示"),
    ("daibiaotuan", "以代表团名义提建议、评价答复，代录本团代表的纸质建议"),
    ("guanliyuan", "运行状况和重试；管理账号、单位、代表、节假日和办法（不能办件）"),
    ("lj-liangong", "澜江市（用重庆的办法）：审查、交办、裁定督查室签过意见的延期（看不到省里的件）"),
    ("lj-ducha", "澜江市：分办，对延期签意见，裁定退回"),
    ("lj-daibiao", "澜江市：提建议、评价答复、对撤回表态"),
    ("lj-daibiaotuan", "澜江市：代表团初核"),
    ("lj-chengguan", "澜江市：签收、写答复"),
    ("lj-gongan-qianfa", "澜江市：签发会办意见"),
    ("lj-guanliyuan", "澜江市：管理账号和单位"),
    ("liangjian", "一人两个身份：省人大代表，又是市卫健委签发人"),
)


def is_loaded():
    """Whether this database holds the demonstration, told by the accounts and their addresses."""
    address = f"@{MAIL_DOMAIN}"
    return User.objects.filter(username=SHOWN[0][0], email__endswith=address).exists()


def shown_accounts():
    """The accounts to name: a list of (user, role and place in words, what to try), in order."""
    hints = dict(SHOWN)
    users = {user.username: user for user in User.objects.filter(username__in=hints)}
    lines = []
    for username, hint in SHOWN:
        if user := users.get(username):
            roles = "、".join(
                f"{grant.get_role_display()}（{grant.place}）" for grant in user.active_grants()
            )
            lines.append((user, roles, hint))
    return lines
