"""What a file really is, told from its first bytes and, for Office files, its table of contents.

Nothing is unpacked or decoded, so no content can grow, run or exhaust memory.
"""

import os
import re
import struct

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams by which the old Office formats are told apart; names in an OLE2 file are UTF-16.
OLE2_STREAMS = {
    "doc": ("WordDocument",),
    "xls": ("Workbook", "Book"),
    # WPS keeps several formats of its own in the same container.
    "wps": (),
    "et": (),
}
# The stream with the program of a document with macros, in every old format.
OLE2_MACROS = "_VBA_PROJECT"
OOXML_FOLDERS = {"docx": "word/", "xlsx": "xl/"}
MAX_ZIP_DIRECTORY = 4 * 1024 * 1024
MAX_SIDE = 30_000
MAX_PIXELS = 250_000_000  # the largest phone cameras make 200 million


class HasMacros(Exception):
    """The Office file carries a program."""


class Encrypted(Exception):
    """The Office file is locked with a password."""


def matches(file, kind):
    """Whether a seekable binary file holds what its extension (`kind`, lower case) says.

    Raises HasMacros or Encrypted for an Office file that carries macros or a password. Leaves the file at its
    beginning.
    """
    try:
        return _CHECKS[kind](file, kind)
    except (struct.error, IndexError):  # ends in the middle of a structure
        return False
    finally:
        file.seek(0)


def _read(file, offset, length):
    file.seek(offset)
    return file.read(length)


def _is_pdf(file, kind):
    return _read(file, 0, 1024).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-")


# --- Office ---------------------------------------------------------------------------------------------


def _is_ole2(file, kind):
    if _read(file, 0, 8) != OLE2:
        return False
    if _contains(file, [_stream_name(OLE2_MACROS)]):
        raise HasMacros
    streams = OLE2_STREAMS[kind]
    return not streams or _contains(file, [_stream_name(name) for name in streams])


def _stream_name(name):
    """How a stream stands in the directory: UTF-16, and a zero behind it."""
    return f"{name}\0".encode("utf-16-le")


def _contains(file, needles):
    file.seek(0)
    tail = b""
    while chunk := file.read(1024 * 1024):
        window = tail + chunk
        if any(needle in window for needle in needles):
            return True
        tail = window[-64:]
    return False


def _is_ooxml(file, kind):
    if _read(file, 0, 8) == OLE2 and _contains(file, [_stream_name("EncryptedPackage")]):
        raise Encrypted
    if _read(file, 0, 4) != b"PK\x03\x04":
        return False
    names = [name.lower() for name in _zip_names(file)]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise HasMacros
    return "[content_types].xml" in names and any(name.startswith(OOXML_FOLDERS[kind]) for name in names)


def _zip_names(file):
    """The names in a zip file's central directory; empty when there is none that can be read.

    Read by hand: zipfile would build an object for each of the half million entries that fit into 20 MB.
    """
    size = file.seek(0, os.SEEK_END)
    tail_at = max(size - 22 - 65535, 0)
    tail = _read(file, tail_at, size - tail_at)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        return []
    count, length, offset = struct.unpack_from("<HII", tail, end + 10)
    if length > MAX_ZIP_DIRECTORY:
        return []
    directory = _read(file, offset, length)
    names, at = [], 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02":
            return []
        name_length, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        names.append(directory[at + 46 : at + 46 + name_length].decode("utf-8", "replace"))
        at += 46 + name_length + extra + comment
    return names


# --- Images ---------------------------------------------------------------------------------------------


def _sane(width, height):
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS


def _is_png(file, kind):
    head = _read(file, 0, 24)
    return head[:16] == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" and _sane(*struct.unpack(">II", head[16:24]))


def _is_jpeg(file, kind):
    """Walk from marker to marker up to the frame header, which tells the size."""
    if _read(file, 0, 3) != b"\xff\xd8\xff":
        return False
    at = 2
    for _ in range(2000):
        prefix, marker, length = struct.unpack(">BBH", _read(file, at, 4))
        if prefix != 0xFF:
            return False
        if marker == 0xFF:  # padding
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", _read(file, at + 5, 4))
            return _sane(width, height)
        else:
            at += 2 + length
    return False


def _is_webp(file, kind):
    head = _read(file, 0, 30)
    if not re.match(rb"RIFF....WEBPVP8[ LX]", head, re.DOTALL):
        return False
    if head[12:16] == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", head[26:30]))
    elif head[12:16] == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
    return _sane(width, height)


_CHECKS = {
    "pdf": _is_pdf,
    "png": _is_png,
    "jpg": _is_jpeg,
    "jpeg": _is_jpeg,
    "webp": _is_webp,
    **dict.fromkeys(OLE2_STREAMS, _is_ole2),
    **dict.fromkeys(OOXML_FOLDERS, _is_ooxml),
}
