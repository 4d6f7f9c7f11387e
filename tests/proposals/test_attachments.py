"""What files are accepted, and what the form field says of the others. How they are kept: test_kept_files.py."""

import hashlib
import io
import struct
import zipfile
import zlib

import docx
import openpyxl
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from proposals.attachments import (
    CONTENT_TYPES,
    AttachmentsField,
    check_upload,
    clean_name,
)

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
