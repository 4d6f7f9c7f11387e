"""What files are accepted, how they are kept, and who gets them back."""

import hashlib
import io
import os
import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.models import Grant, Role
from proposals.attachments import (
    CONTENT_TYPES,
    AttachmentsField,
    attach,
    check_upload,
    clean_name,
    discard_on_failure,
    remove,
)
from proposals.models import Attachment, Contact
from proposals.status import ProposalStatus
from tests.cast import CONTACT, make_proposal, make_user

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole2(stream):
    """The beginning of an old Office file with one named stream."""
    return OLE2 + b"\0" * 504 + f"{stream}\0".encode("utf-16-le").ljust(128, b"\0") + b"\0" * 384


def container(*names):
    """A zip file with the given members."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>" * 50)
    return body.getvalue()


def png(width=40, height=30):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1230))
        + chunk(b"IEND", b"")
    )


def jpeg(width=40, height=30):
    exif = b"\xff\xe1" + struct.pack(">H", 300) + b"Exif\0\0" + b"\0" * 292
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + exif + b"\xff" + frame + b"\xff\xd9"


def webp(kind, width=40, height=30):
    if kind == "VP8 ":
        data = b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    elif kind == "VP8L":
        data = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0" * 8
    else:
        data = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    data = data.ljust(20, b"\0")
    return (
        b"RIFF"
        + struct.pack("<I", 12 + len(data))
        + b"WEBP"
        + kind.encode()
        + struct.pack("<I", len(data))
        + data
    )


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DOCX = container("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = container("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 300
HTML = b"<!DOCTYPE html><script>alert(1)</script>"

GENUINE = {
    "说明.docx": DOCX,
    "说明.doc": ole2("WordDocument"),
    "说明.wps": ole2("WpsContents"),
    "台账.xlsx": XLSX,
    "台账.xls": ole2("Workbook"),
    "旧台账.xls": ole2("Book"),
    "台账.et": ole2("Workbook"),
    "批复.pdf": PDF,
    "带标记.pdf": b"\xef\xbb\xbf\n" + PDF,
    "现场.jpg": jpeg(),
    "现场.jpeg": jpeg(4000, 3000),
    "现场.JPG": jpeg(),
    "示意图.png": png(),
    "有损.webp": webp("VP8 "),
    "无损.webp": webp("VP8L"),
    "动图.webp": webp("VP8X"),
}
DISGUISED = {
    "程序.pdf": EXE,
    "程序.docx": EXE,
    "网页.png": HTML,
    "网页.jpg": HTML,
    "网页.webp": HTML,
    "网页.pdf": b"<html>" + PDF,
    "压缩包.docx": container("a.txt", "b.txt"),
    "只有目录.docx": container("[Content_Types].xml"),
    "表格.docx": XLSX,
    "文档.xlsx": DOCX,
    "安卓.docx": container("AndroidManifest.xml", "classes.dex"),
    "旧文档.docx": ole2("WordDocument"),
    "新文档.doc": DOCX,
    "旧表格.doc": ole2("Workbook"),
    "旧文档.xls": ole2("WordDocument"),
    "富文本.doc": b"{\\rtf1 hello}",
    "图.png": jpeg(),
    "图.jpg": png(),
    "图.webp": b"RIFF\x10\0\0\0WAVEfmt " + b"\0" * 30,
    "没有宽度.png": png(0, 10),
    "太大.png": png(40_000, 40_000),
    "太大.jpg": jpeg(60_000, 60_000),
    "太大.webp": webp("VP8X", 16_000_000, 16_000_000),
    "断了.png": png()[:20],
    "断了.jpg": jpeg()[:40],
    "断了.webp": webp("VP8 ")[:22],
    "断了.docx": DOCX[:60],
    "断尾.docx": DOCX[:-20],
    "乱码.docx": b"PK\x03\x04" + b"\xff" * 500 + b"PK\x05\x06" + b"\xff" * 18,
    "一个字节.pdf": b"%",
}


def upload(name, content, content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


def refusal(name, content):
    with pytest.raises(ValidationError) as caught:
        check_upload(upload(name, content))
    return caught.value


# --- Accepting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GENUINE)
def test_accepts(name):
    checked = check_upload(upload(name, GENUINE[name], "text/html"))
    assert checked.name == name
    assert checked.size == len(GENUINE[name])
    assert checked.sha256 == hashlib.sha256(GENUINE[name]).hexdigest()
    assert checked.content_type.startswith(("application/", "image/"))  # ours, not the browser's word
    assert checked.file.read() == GENUINE[name]


def test_accepts_what_programs_write():
    word, table = io.BytesIO(), io.BytesIO()
    docx.Document().save(word)
    openpyxl.Workbook().save(table)
    assert check_upload(upload("文稿.docx", word.getvalue())).content_type == CONTENT_TYPES["docx"]
    assert check_upload(upload("表格.xlsx", table.getvalue())).content_type == CONTENT_TYPES["xlsx"]
    assert refusal("文稿.xlsx", word.getvalue()).code == "content"


@pytest.mark.parametrize("name", DISGUISED)
def test_refuses_what_is_not_what_it_says(name):
    error = refusal(name, DISGUISED[name])
    assert error.code == "content"
    assert f"“{name}”" in error.message


@pytest.mark.parametrize(
    "member", ["word/vbaProject.bin", "WORD/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"]
)
def test_refuses_macros(member):
    for name, folder in (("改名.docx", "word/a.xml"), ("改名.xlsx", "xl/a.xml")):
        error = refusal(name, container("[Content_Types].xml", folder, member))
        assert error.code == "macros"
        assert "宏" in error.message


@pytest.mark.parametrize(
    ("name", "stream"),
    [("旧.doc", "WordDocument"), ("旧.xls", "Workbook"), ("旧.wps", "Wps"), ("旧.et", "Et")],
)
def test_refuses_macros_of_the_old_formats(name, stream):
    body = ole2(stream) + "_VBA_PROJECT\0".encode("utf-16-le").ljust(128, b"\0")
    assert refusal(name, body).code == "macros"


def test_refuses_passwords():
    assert refusal("加密.docx", ole2("EncryptedPackage")).code == "encrypted"


def test_finds_a_stream_name_across_pieces():
    body = OLE2 + b"\0" * (1024 * 1024 - 8 - 10) + "WordDocument\0".encode("utf-16-le") + b"\0" * 100
    assert check_upload(upload("长.doc", body)).size == len(body)


def test_reads_a_huge_zip_directory_without_unpacking():
    entry = b"PK\x01\x02" + b"\0" * 24 + struct.pack("<HHH", 1, 0, 0) + b"\0" * 12 + b"a"
    directory = entry * 100_000
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, len(directory), 4, 0)
    assert refusal("多.docx", b"PK\x03\x04" + directory + end).code == "content"


@pytest.mark.parametrize(
    "name",
    [
        "程序.exe",
        "脚本.js",
        "网页.html",
        "图.svg",
        "宏.docm",
        "宏.xlsm",
        "压缩.zip",
        "无扩展名",
        "pdf",
        "点.",
        "a.pdf.exe",
        *("通知.exe.pdf", "通知.HTML.pdf", "通知.js.docx", "gpj.\u202eexe", "图.heic", "文.txt"),
    ],
)
def test_refuses_types(name):
    error = refusal(name, PDF)
    assert error.code == "type"
    assert "可以上传：Word、WPS 文档（docx、doc、wps），表格（xlsx、xls、et），PDF，图片" in error.message


def test_dots_in_names_are_fine():
    assert check_upload(upload("调研报告2026.3.15.终稿.pdf", PDF)).name == "调研报告2026.3.15.终稿.pdf"


def test_types_are_a_setting(settings):
    settings.ATTACHMENT_TYPES = ["pdf"]
    error = refusal("说明.docx", DOCX)
    assert error.message.endswith("可以上传：PDF。")


def test_refuses_empty():
    error = refusal("空.pdf", b"")
    assert error.code == "empty"
    assert "空文件" in error.message


def test_refuses_too_large_and_takes_the_limit_itself(settings):
    limit = settings.ATTACHMENT_MAX_BYTES
    assert limit == 20 * 1024 * 1024
    assert check_upload(upload("满.pdf", PDF.ljust(limit, b"\0"))).size == limit
    error = refusal("超.pdf", PDF.ljust(limit + 1, b"\0"))
    assert error.code == "size"
    assert error.message == "“超.pdf”有 20.1 MB，每个附件不超过 20 MB。请压缩或分开上传。"


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\a\\桌面\\报告.pdf": "报告.pdf",
    "..": "附件",
    ".pdf": "附件.pdf",
    "  空 格 \t .pdf": "空 格.pdf",
    "报告\u202efdp.docx": "报告fdp.docx",
    "换\r\n行\x00\x07.pdf": "换行.pdf",
    'a"b<c>d|e?f*g:h.pdf': "a_b_c_d_e_f_g_h.pdf",
    "e\u0301tude.pdf": "étude.pdf",
    "现场😀𠮷㛃.jpg": "现场😀𠮷㛃.jpg",
    "\ud800坏.pdf": "坏.pdf",
    "字" * 200 + ".docx": "字" * 145 + ".docx",
    "a" * 200: "a" * 150,
    "名." + "x" * 300: ("名." + "x" * 300)[:150],
    "…。.pdf": "…。.pdf",
    "": "附件",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_cleans_names(name):
    assert clean_name(name) == NAMES[name]
    assert len(clean_name(name)) <= 150


# --- The form field -------------------------------------------------------------------------------------


class FilesForm(forms.Form):
    title = forms.CharField()
    files = AttachmentsField()


def bind(*uploads, title="题"):
    return FilesForm({"title": title}, MultiValueDict({"files": list(uploads)}))


def test_field_cleans_to_checked_files():
    form = bind(upload("一.pdf", PDF), upload("二.docx", DOCX))
    assert form.is_valid(), form.errors
    assert [checked.name for checked in form.cleaned_data["files"]] == ["一.pdf", "二.docx"]


def test_field_may_stay_empty():
    form = bind()
    assert form.is_valid()
    assert form.cleaned_data["files"] == []


def test_required_field_asks_for_a_file():
    with pytest.raises(ValidationError, match="请选择要上传的文件"):
        AttachmentsField(required=True).clean([])


def test_field_names_each_refused_file_and_keeps_the_good_ones():
    form = bind(upload("一.pdf", PDF), upload("坏.pdf", EXE), upload("空.png", b""), upload("二.png", png()))
    assert not form.is_valid()
    assert [message[:7] for message in form.errors["files"]] == ["“坏.pdf”", "“空.png”"]
    assert [checked.name for checked in form.fields["files"].accepted] == ["一.pdf", "二.png"]
    assert FilesForm().fields["files"].accepted == []  # nothing is shared between forms
    assert form.cleaned_data["title"] == "题"


def test_field_takes_a_limited_number(settings):
    settings.ATTACHMENT_MAX_FILES = 2
    form = bind(*(upload(f"{n}.pdf", PDF) for n in range(5)))
    assert form.errors["files"] == ["一次最多上传 2 个附件，后面的 3 个没有上传。"]
    assert len(form.fields["files"].accepted) == 2


def test_field_tells_the_browser_and_the_reader():
    html = FilesForm().as_div()
    assert 'type="file"' in html
    assert " multiple" in html
    assert 'accept=".docx,.doc,.wps,.xlsx,.xls,.et,.pdf,.jpg,.jpeg,.png,.webp"' in html
    assert "照片、文档均可，每个不超过 20 MB，最多 20 个。" in html


# --- Keeping --------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """Keep files in a folder rather than in memory."""
    storage = FileSystemStorage(location=tmp_path / "files")
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storage)
    monkeypatch.setattr(default_storage, "_wrapped", storage)
    return Path(storage.location)


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def keep(walk, user, name="报告.pdf", content=PDF, **owner):
    return attach(check_upload(upload(name, content)), proposal=walk.proposal, user=user, **owner)


def test_keeps_a_file_under_a_random_name(cast, disk):
    walk = make_proposal(cast)
    attachment = keep(walk, cast.lin, "../图纸.pdf")
    (path,) = files_below(disk)
    assert path.read_bytes() == PDF
    assert len(path.name) == 32
    assert "." not in path.name
    attachment.refresh_from_db()
    assert (attachment.name, attachment.content_type, attachment.size) == (
        "图纸.pdf",
        "application/pdf",
        len(PDF),
    )
    assert attachment.sha256 == hashlib.sha256(PDF).hexdigest()
    assert attachment.uploaded_by == cast.lin


def test_keeps_a_large_upload_that_lies_in_a_temporary_file(cast, disk):
    uploaded = TemporaryUploadedFile("大.pdf", "application/pdf", len(PDF), None)
    uploaded.write(PDF)
    uploaded.seek(0)
    attachment = attach(check_upload(uploaded), proposal=make_proposal(cast).proposal, user=cast.lin)
    assert attachment.file.open().read() == PDF
    uploaded.close()  # the request's end; knows that its file was moved


def test_refuses_more_files_than_allowed(cast, settings):
    settings.ATTACHMENT_MAX_FILES = 2
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    keep(walk, cast.lin)
    keep(walk, cast.lin)
    with pytest.raises(ValidationError, match="附件最多 2 个"):
        keep(walk, cast.lin)
    contact = Contact.objects.create(
        assignment=walk.place("civil"), stage="before", mode="visit", on="2026-01-05"
    )
    keep(walk, cast.chen, contact=contact)  # a unit's own papers do not use up the deputy's


@pytest.mark.django_db(transaction=True)
def test_rolled_back_files_are_removed(cast, disk):
    walk = make_proposal(cast)
    keep(walk, cast.lin, "先前.pdf")
    with pytest.raises(RuntimeError):
        with discard_on_failure(), transaction.atomic():
            keep(walk, cast.lin, "一.pdf")
            keep(walk, cast.lin, "二.pdf")
            raise RuntimeError
    assert [a.name for a in Attachment.objects.all()] == ["先前.pdf"]
    assert len(files_below(disk)) == 1


def test_an_action_that_fails_leaves_no_file(cast, disk, monkeypatch):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()

    def contact():
        checked = check_upload(upload("会谈纪要.pdf", PDF))
        on = timezone.localdate(walk.now)
        walk.do("log_contact", cast.chen, walk.place("civil"), on=on, files=[checked], **CONTACT)

    def fail(*args, **kwargs):
        assert len(files_below(disk)) == 1
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("proposals.workflow.engine.history.append", fail)
        with pytest.raises(RuntimeError):
            contact()
    assert files_below(disk) == []
    assert not Attachment.objects.exists()
    contact()
    assert Attachment.objects.get().contact.people == CONTACT["people"]
    assert len(files_below(disk)) == 1


@pytest.mark.django_db(transaction=True)
def test_kept_files_stay_after_commit(cast, disk):
    walk = make_proposal(cast)
    with discard_on_failure(), transaction.atomic():
        keep(walk, cast.lin)
    assert len(files_below(disk)) == 1


def test_a_refused_row_leaves_no_file(cast, disk):
    checked = replace(check_upload(upload("报告.pdf", PDF)), size=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        attach(checked, proposal=make_proposal(cast).proposal, user=cast.lin)
    assert files_below(disk) == []


@pytest.mark.django_db(transaction=True)
def test_remove_deletes_the_file_after_commit(cast, disk):
    attachment = keep(make_proposal(cast), cast.lin)
    with transaction.atomic():
        remove(attachment)
        assert len(files_below(disk)) == 1
    assert files_below(disk) == []
    assert not Attachment.objects.exists()


def test_clean_files_removes_old_orphans_only(cast, disk, capsys):
    attachment = keep(make_proposal(cast), cast.lin)
    folder = disk / "attachments" / "2026" / "01"
    folder.mkdir(parents=True)
    (folder / "old").write_bytes(b"x")
    (folder / "new").write_bytes(b"x")
    (disk / "elsewhere").write_bytes(b"x")
    long_ago = attachment.uploaded_at.timestamp() - timedelta(days=2).total_seconds()
    for path in (folder / "old", disk / "elsewhere", Path(attachment.file.path)):
        os.utime(path, (long_ago, long_ago))
    call_command("clean_files")
    assert "已清理 1 个" in capsys.readouterr().out
    assert {path.name for path in files_below(disk)} == {"new", "elsewhere", Path(attachment.file.name).name}


def test_clean_files_before_any_upload(disk, db, capsys):
    call_command("clean_files")
    assert "已清理 0 个" in capsys.readouterr().out


# --- Handing out ----------------------------------------------------------------------------------------


def address(attachment):
    return reverse("proposals:attachment", args=[attachment.pk])


def fetch(client, user, attachment):
    client.force_login(user)
    return client.get(address(attachment))


@pytest.mark.parametrize("name", ["现场.jpg", "批复.pdf", "说明.docx", "台账.et", "示意图.png", "有损.webp"])
def test_download(client, cast, name):
    attachment = keep(make_proposal(cast), cast.lin, name, GENUINE[name])
    response = fetch(client, cast.lin, attachment)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == GENUINE[name]
    assert response["Content-Type"] == attachment.content_type
    assert response["Content-Length"] == str(len(GENUINE[name]))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) == (not name.endswith("pdf"))
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    shown = name.endswith(("jpg", "pdf", "png", "webp"))
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")


def test_download_has_the_chinese_name(client, cast):
    attachment = keep(make_proposal(cast), cast.lin, "现场 照片😀（一）.jpg", jpeg())
    disposition = fetch(client, cast.lin, attachment)["Content-Disposition"]
    assert disposition == (
        "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87%F0%9F%98%80%EF%BC%88%E4%B8%80%EF%BC%89.jpg"
    )


def test_strangers_get_404(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    attachment = keep(walk, cast.lin)
    for user in (
        cast.lin,
        cast.tang,
        cast.su,
        cast.chen,
        cast.fang,
        cast.gao,
        cast.jiang,
        cast.luo,
        cast.zhang,
    ):
        assert fetch(client, user, attachment).status_code == 200, user
    nobody = make_user("nobody", "无授权")
    strangers = [cast.xiao, cast.qin, cast.mo, cast.admin, nobody]
    strangers += [cast.stranger.liaison, cast.stranger.handler, cast.stranger.deputy, cast.stranger.admin]
    for user in strangers:
        assert fetch(client, user, attachment).status_code == 404, user


def test_files_of_a_draft_are_its_writers(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    assert fetch(client, cast.lin, attachment).status_code == 200
    for user in (cast.tang, cast.su, cast.chen, cast.zhang):
        assert fetch(client, user, attachment).status_code == 404, user


def test_files_of_a_reply_draft_are_the_units(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept().contact().write_reply()
    attachment = keep(walk, cast.chen, reply=walk.place("civil").reply)
    for user in (cast.chen, cast.fang):
        assert fetch(client, user, attachment).status_code == 200, user
    for user in (cast.lin, cast.su, cast.gao, cast.luo):
        assert fetch(client, user, attachment).status_code == 404, user
    walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
    for user in (cast.lin, cast.su, cast.gao, cast.luo):
        assert fetch(client, user, attachment).status_code == 200, user


def test_signed_out_visitors_are_asked_to_sign_in(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    response = client.get(address(attachment))
    assert response.status_code == 302
    assert reverse("accounts:login") in response["Location"]


def test_ended_grants_end_the_access(client, cast):
    attachment = keep(make_proposal(cast, ProposalStatus.HANDLING), cast.lin)
    Grant.objects.filter(user=cast.chen, role=Role.HANDLER).update(is_active=False)
    assert fetch(client, cast.chen, attachment).status_code == 404


def test_only_reading_is_possible(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    client.force_login(cast.lin)
    assert client.post(address(attachment)).status_code == 405


def test_a_lost_file_is_404(client, cast, caplog):
    attachment = keep(make_proposal(cast), cast.lin)
    default_storage.delete(attachment.file.name)
    assert fetch(client, cast.lin, attachment).status_code == 404
    assert attachment.file.name in caplog.text
