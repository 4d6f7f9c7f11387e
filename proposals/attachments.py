"""Files people hand in (附件): which are accepted, how they are kept, and the form field that takes them.

A file is looked at, never unpacked (signatures.py). Accepted ones lie under random names outside any public
folder (`STORAGES["default"]`), and leave only through views/attachments.py.
"""

import contextlib
import hashlib
import re
import unicodedata
from contextvars import ContextVar
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from .models.attachment import Attachment
from .signatures import Encrypted, HasMacros, matches

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "wps": "application/wps-office.wps",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "et": "application/wps-office.et",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
# Endings that start something when opened. Refused inside a name too: 通知.exe.pdf only means to deceive.
RUNNABLE = frozenset(
    {"exe", "com", "scr", "pif", "bat", "cmd", "msi", "dll", "lnk", "url", "jar", "apk", "sh", "ps1"}
    | {"js", "jse", "vbs", "vbe", "wsf", "hta", "html", "htm", "xhtml", "svg", "mht", "php", "jsp", "asp"}
    | {"docm", "dotm", "xlsm", "xltm", "xlam"}
)
MAX_NAME, MAX_ENDING = 150, 20
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True)
class CheckedFile:
    """An upload that may be kept: what check_upload found out about it."""

    file: object
    name: str
    content_type: str
    size: int
    sha256: str


def clean_name(name):
    """A file name fit to be shown and downloaded.

    Without path, control and direction characters, in Unicode form NFC, at most 150 characters with the
    extension kept.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    # Control, direction marks and the like, lone surrogates, what no font has, ends of lines.
    name = "".join(
        c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
    )
    name = FORBIDDEN_IN_NAMES.sub("_", " ".join(name.split()))
    stem, dot, ending = name.rstrip(". ").rpartition(".")
    if not dot or len(ending) > MAX_ENDING:
        stem, dot, ending = name, "", ""
    return (stem.strip(". ")[: MAX_NAME - len(dot + ending)] or "附件") + dot + ending


def check_upload(uploaded):
    """Check one uploaded file; returns a CheckedFile.

    Raises ValidationError with a sentence that names the file and says what to do. Reads the file once.
    """
    name = clean_name(uploaded.name or "")
    endings = name.lower().split(".")[1:]
    kind = endings[-1] if endings else ""
    if kind not in settings.ATTACHMENT_TYPES or RUNNABLE & set(endings):
        raise ValidationError(f"“{name}”不是可以上传的类型。可以上传：{_types_in_words()}。", code="type")
    if not uploaded.size:
        raise ValidationError(f"“{name}”是空文件，没有内容。请检查后重新选择。", code="empty")
    if uploaded.size > settings.ATTACHMENT_MAX_BYTES:
        size, limit = _megabytes(uploaded.size), _megabytes(settings.ATTACHMENT_MAX_BYTES)
        raise ValidationError(f"“{name}”有 {size}，每个附件不超过 {limit}。请压缩或分开上传。", code="size")
    _check_content(uploaded, name, kind)
    digest = hashlib.sha256()
    for chunk in uploaded.chunks():
        digest.update(chunk)
    uploaded.seek(0)
    return CheckedFile(uploaded, name, CONTENT_TYPES[kind], uploaded.size, digest.hexdigest())


def _check_content(uploaded, name, kind):
    try:
        is_genuine = matches(uploaded, kind)
    except HasMacros:
        raise ValidationError(
            f"“{name}”带有宏，不能上传。请另存为不带宏的文件再上传。", code="macros"
        ) from None
    except Encrypted:
        raise ValidationError(f"“{name}”加了密码，别人打不开。请去掉密码再上传。", code="encrypted") from None
    if not is_genuine:
        raise ValidationError(
            f"“{name}”的内容与扩展名 {kind} 不符，可能改过扩展名或已损坏。请用原来的程序打开，另存后再上传。",
            code="content",
        )


def _megabytes(size):
    """A size in words, rounded up to a tenth, so that a file just above the limit does not read as equal."""
    return f"{-(-size * 10 // 1024**2) / 10:g} MB"


def _types_in_words():
    kinds = {
        "Word、WPS 文档": "docx doc wps",
        "表格": "xlsx xls et",
        "PDF": "pdf",
        "图片": "jpg jpeg png webp",
    }
    groups = []
    for words, endings in kinds.items():
        allowed = [ending for ending in endings.split() if ending in settings.ATTACHMENT_TYPES]
        if allowed:
            groups.append(f"{words}（{'、'.join(allowed)}）" if words != "PDF" else words)
    return "，".join(groups)


# --- Keeping --------------------------------------------------------------------------------------------

# Files written since the innermost discard_on_failure() began; None outside of one.
_written = ContextVar("attachments_written", default=None)


@contextlib.contextmanager
def discard_on_failure():
    """Delete the files that attach() writes inside, should the block fail and its transaction roll back; inside of
    another one, also should that one fail.

    Put it around the transaction. What a killed process leaves behind, `manage.py clean_files` removes.
    """
    written = []
    token = _written.set(written)
    try:
        yield
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise
    else:
        if isinstance(token.old_value, list):
            token.old_value.extend(written)
    finally:
        _written.reset(token)


def remember(file):
    """Have a stored file deleted should the discard_on_failure() around it fail; without one it stays."""
    if (outer := _written.get()) is not None:
        outer.append(file)


def attach(
    checked,
    *,
    proposal,
    user,
    reply=None,
    opinion=None,
    contact=None,
    assignment=None,
    commitment=None,
    is_scan=False,
    is_limited=True,
):
    """Keep a checked file of a proposal, or of one reply, opinion, contact, place or promise within it.

    `is_scan` marks a signed paper. The paper of an action is not `is_limited`: each step brings its own, nobody
    can remove one, and those before it must not bar the next.

    The caller is inside the transaction of the case, and that inside discard_on_failure(). Returns the
    Attachment. Raises ValidationError when its owner has as many files as the setting allows.
    """
    owner = {
        "proposal": proposal,
        "reply": reply,
        "opinion": opinion,
        "contact": contact,
        "assignment": assignment,
        "commitment": commitment,
    }
    is_full = Attachment.objects.filter(**_same_owner(owner)).count() >= settings.ATTACHMENT_MAX_FILES
    if is_limited and is_full:
        limit = settings.ATTACHMENT_MAX_FILES
        raise ValidationError(
            f"“{checked.name}”没有存下：附件最多 {limit} 个。请先移除不用的附件，或合并成一个文件。",
            code="count",
        )
    attachment = Attachment(
        **owner,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=user,
        is_scan=is_scan,
    )
    with discard_on_failure():  # the file is written before the row, and the row may be refused
        attachment.file.save(checked.name, checked.file, save=False)
        remember(attachment.file)
        attachment.save()
    return attachment


def _same_owner(owner):
    return {name: value for name, value in owner.items() if value} | {
        f"{name}__isnull": True for name, value in owner.items() if not value
    }


def remove(attachment):
    """Remove an attachment; its file goes once the transaction is committed."""
    file = attachment.file
    attachment.delete()
    transaction.on_commit(lambda: file.storage.delete(file.name), robust=True)


# --- The form field -------------------------------------------------------------------------------------


class AttachmentsInput(forms.ClearableFileInput):
    """A file input for several files; never shows a current value."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class AttachmentsField(forms.FileField):
    """Several files at once. Cleans to a list of CheckedFile, empty when none was chosen.

    Each refused file gives one error that names it. `accepted` (on the form's own copy of the field) then
    still holds the good ones, so that a draft keeps them: `form.fields["files"].accepted`.
    """

    widget = AttachmentsInput

    def __init__(self, *, label="附件", required=False, **kwargs):
        limit, count = _megabytes(settings.ATTACHMENT_MAX_BYTES), settings.ATTACHMENT_MAX_FILES
        kwargs.setdefault("help_text", f"照片、文档均可，每个不超过 {limit}，最多 {count} 个。")
        super().__init__(label=label, required=required, **kwargs)
        self.error_messages["required"] = "请选择要上传的文件。"
        self.accepted = []

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{kind}" for kind in settings.ATTACHMENT_TYPES)}

    def clean(self, data, initial=None):
        """Return the checked files; raises ValidationError with one message for each refused file."""
        uploads = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        self.accepted, errors = [], []
        limit = settings.ATTACHMENT_MAX_FILES
        for upload in uploads[:limit]:
            try:
                self.accepted.append(check_upload(upload))
            except ValidationError as error:
                errors.append(error)
        if rest := uploads[limit:]:
            errors.append(
                ValidationError(f"一次最多上传 {limit} 个附件，后面的 {len(rest)} 个没有上传。", code="count")
            )
        if errors:
            raise ValidationError(errors)
        return self.accepted
