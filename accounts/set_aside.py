"""What somebody was typing when the session expired (架构 §Permission): kept, and given back to the same person.

Every form carries `{% who %}`: a signed field that says whose form it is and on which page it stands. When such a
form arrives without a valid session, or fails the forgery check, its fields are kept under that person and page.
Nothing is executed by itself: signing in and opening the page shows the form filled, to look through and send again.
"""

from datetime import timedelta

from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from accounts.models import SetAsideForm, User

FIELD = "_who"
SALT = "accounts.set_aside"
TOKEN_AGE = timedelta(days=7)  # how long a page may stay open and still be believed
KEEP = timedelta(days=3)
MAX_BYTES = 3 * 1024 * 1024
MAX_PER_USER = 20
MAX_PATH = SetAsideForm._meta.get_field("path").max_length
SESSION_KEY = "set_aside_shown"
_NEVER = {FIELD, "csrfmiddlewaretoken"}


def token(user, path):
    """Return the signed words of `{% who %}` for a form on the page `path`."""
    return signing.dumps([user.pk, path], salt=SALT, compress=False)


def page_of(request):
    """Return the address of the page that the form stands on; for htmx that of the page, not of the fragment."""
    path = _page_behind(request) or request.get_full_path()
    return path if len(path) <= MAX_PATH else path.partition("?")[0][:MAX_PATH]


def _page_behind(request):
    """The local address that htmx names, or None; a header that is no address counts for nothing."""
    if not getattr(request, "htmx", None):
        return None
    try:
        return request.htmx.current_url_abs_path
    except ValueError:
        return None


def read_token(request):
    """Return (user id, page) of the posted form, or None where it is missing, forged or too old."""
    try:
        user_id, path = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=TOKEN_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return user_id, path


def keep(request):
    """Set the posted fields aside for the owner of the form.

    Files, passwords and security tokens are left out.  Returns the SetAsideForm, or None where the form names no
    valid owner or is larger than 3 MB.  An earlier one of the same person and page is replaced; those older than
    three days go.  Whoever is signed in now plays no part: only the owner ever gets it back.
    """
    owner = read_token(request)
    if owner is None:
        return None
    user_id, path = owner
    data = {
        name: [value.replace("\x00", "") for value in values]  # PostgreSQL's JSON holds no NUL
        for name, values in request.POST.lists()
        if name not in _NEVER and "password" not in name.lower() and "\x00" not in name
    }
    size = sum(len(value.encode("utf-8", "replace")) for values in data.values() for value in values)
    if not data or size > MAX_BYTES or not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    prune()
    SetAsideForm.objects.filter(user_id=user_id, path=path).delete()
    mine = SetAsideForm.objects.filter(user_id=user_id)
    surplus = list(mine.order_by("-pk").values_list("pk", flat=True)[MAX_PER_USER - 1 :])
    if surplus:
        mine.filter(pk__in=surplus).delete()
    return SetAsideForm.objects.create(
        user_id=user_id,
        path=path,
        fields={"data": data, "posted_to": request.path, "had_files": bool(request.FILES)},
    )


def prune(now=None):
    """Delete what nobody came back for within three days. Returns how many went."""
    deleted, _ = SetAsideForm.objects.filter(created_at__lt=(now or timezone.now()) - KEEP).delete()
    return deleted


def restore(request):
    """Return what the signed-in person had typed on this page before the session expired, or None.

    The result is a QueryDict fit for binding or for initial values, with two attributes: `posted_to` (the address
    the form was sent to, for pages with several forms) and `had_files` (attachments must be chosen again).  The
    page then shows the note by itself (`templates/_set_aside.html`).  It is given back on every visit until a form
    of the page is accepted (answered by a redirect) or the person throws it away; so reloading loses nothing.
    Only for GET: a posted form brings its own fields.
    """
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    row = (
        SetAsideForm.objects.filter(
            user=request.user, path=page_of(request), created_at__gte=timezone.now() - KEEP
        )
        .order_by("-pk")
        .first()
    )
    if row is None:
        return None
    data = as_querydict(row)
    request.set_aside = row
    request.session[SESSION_KEY] = True
    return data


def as_querydict(row):
    """Return the kept fields as the form had posted them."""
    data = QueryDict(mutable=True)
    for name, values in row.fields["data"].items():
        data.setlist(name, values)
    data._mutable = False
    data.posted_to = row.fields.get("posted_to", "")
    data.had_files = row.fields.get("had_files", False)
    return data


def taken_up(request, response):
    """After an accepted form: delete what had been set aside for its page."""
    if request.method != "POST" or SESSION_KEY not in request.session or response.status_code // 100 != 3:
        return
    owner = read_token(request)
    if owner and request.user.is_authenticated and owner[0] == request.user.pk:
        SetAsideForm.objects.filter(user=request.user, path=owner[1]).delete()
        if not SetAsideForm.objects.filter(user=request.user).exists():
            del request.session[SESSION_KEY]
