"""The demonstration's accounts: their common password, and the ones that the start page names."""

from accounts.models import User

# Known to everybody who reads this: only ever set on accounts that load_demo makes.
PASSWORD = "Xiaonan-Demo-2026"
MAIL_DOMAIN = "example.test"

# user name -> what to try with it; names and roles are read from the accounts themselves.
SHOWN = (
    ("daibiao", "评价答复、改退回的建议、接着写草稿、回复附议邀请"),
    ("daibiao2", "看别的代表请您附议的建议，附议或谢绝"),
    ("liangong", "审查、立案、交办、催办，研判不满意件"),
    ("minzheng", "签收、登记沟通、逐条写答复、送审签"),
    ("minzheng-qianfa", "审阅答复，签发或退回修改"),
    ("caizheng", "作为会办单位提交会办意见"),
    ("zhuanwei", "查阅全部建议，催办"),
    ("lingdao", "查阅全部建议，催办"),
    ("daibiaotuan", "查看本团代表的建议"),
    ("guanliyuan", "管理账号、单位、代表、节假日和办法（不能办件）"),
    ("lj-liangong", "澜江市：审查、立案、交办（看不到省里的件）"),
    ("lj-daibiao", "澜江市：提建议、评价答复"),
    ("lj-chengguan", "澜江市：签收、写答复"),
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
