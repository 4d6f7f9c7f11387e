"""Small real files to attach: a one-page PDF, a Word document, a picture. Made, not stored."""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

from ..attachments import check_upload

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def make_file(name, lines, rng):
    """A CheckedFile of that name, its kind by the extension; `lines` are written into documents."""
    kind = name.rsplit(".", 1)[1]
    content = {"pdf": lambda: _pdf(lines), "docx": lambda: _docx(lines), "png": lambda: _png(rng)}[kind]()
    return check_upload(SimpleUploadedFile(name, content))


def _pdf(lines):
    """One page in the reader's own Chinese font, which needs no font inside the file."""
    shown = [
        f"1 0 0 1 60 {780 - 26 * n} Tm <{line.encode('utf-16-be').hex()}> Tj" for n, line in enumerate(lines)
    ]
    stream = f"BT /F1 13 Tf {' '.join(shown)} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(body), len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def _docx(lines):
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Target="word/document.xml" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
            "</Relationships>"
        ),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # A fixed date, so that the same demonstration has the same checksums.
            archive.writestr(
                zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + text
            )
    return held.getvalue()


def _png(rng, width=480, height=300):
    """A picture of a few coloured columns, as of a survey's figures."""
    columns = [(rng.randint(60, height - 40), [rng.randint(60, 200) for _ in range(3)]) for _ in range(6)]
    wide, paper = width // 6, b"\xf7\xf5\xf0"
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for tall, colour in columns:
            inside = bytes(colour) if height - y < tall else paper
            rows += paper * 20 + inside * (wide - 20)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
        for tag, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
    )
