"""What a fuzzed post is made of: values that no form expects, and bodies as only a program would send them."""

from urllib.parse import quote_plus

MARK = "<script>alert(1)</script>"
HUGE = "长" * 68_000  # about 200 kB
NUMBERS = (
    "-1", "0", "1", "1.5", "1e9", "NaN", "inf", "0x10", "９", "²", "①", "१२", "+7", " 3 ", "1_000", "true",
    "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "-" + "9" * 25,
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-29", "2028-02-29", "2026-02-30", "20260303",
    "2026-W05-1", "2026-1-1", "1899-12-31", "二〇二六年三月三日", "2026-03-03T08:00", "-2026-03-03", "31/12/2026",
)  # fmt: skip
TEXTS = (
    "", " ", "\u3000\n\t", "\x00", "甲\x00乙", "\x00" * 300, "\x07\x1b[31m", "甲\u202e乙\u2066丙", "שלום العربية",
    "👨‍👩‍👧🦄🏳️‍🌈", "𠮷㛃", "e\u0301\u0301\u0301" * 40, "\ud800", "甲\udfff乙", "\ufffe\uffff", "\u2028\u2029",
    MARK, "'\"><img src=x onerror=alert(1)>", "{{ 7|add:7 }}{% load static %}", "%s%n%d{0}{words}{title}", "'; --",
    "\\", "\\u0000", "../../../etc/passwd", "//example.org/", "/\r\nSet-Cookie: a=b", "javascript:alert(1)",
    "[1, 2, 3]", '{"a": {"b": [null]}}', "[" * 300, "None", "null", "undefined", "on", "yes", "甲" * 101, "甲" * 1001,
    "甲" * 5001, "a" * 255, "甲 " * 200, "=1+1", "-- \n--\n",
)  # fmt: skip
NASTY = NUMBERS + DATES + TEXTS
FILE_NAMES = (
    "签名件.pdf", "", ".", "..", "../../etc/passwd", "a.exe.pdf", "甲\x00.pdf", "长" * 300 + ".pdf", "\u202efdp.exe",
    'a";name="b.pdf', "a\r\nX: y.pdf", "a.PDF", ".pdf", "a.", "con.pdf", "a.docx", "a.zip", "\ud800.pdf", MARK + ".pdf",
)  # fmt: skip
FILE_BODIES = (
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", b"", b"\x00", b"%PDF-", b"MZ\x90\x00",
    b"PK\x03\x04" + b"\x00" * 60, b"PK\x05\x06" + b"\xff" * 18, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600,
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, b"\xff\xd8\xff", b"RIFF\xff\xff\xff\xffWEBP", "甲".encode() * 400,
    MARK.encode(), b"\x00" * 70_000,
)  # fmt: skip
BOUNDARY = "fuzz-7f3b"


def nasty(rng):
    """A value that no field expects; seldom a huge one."""
    return HUGE if rng.random() < 0.02 else rng.choice(NASTY)


def odd_file(rng):
    """A file as (name, content, type); one in three is a proper one."""
    if rng.random() < 0.35:
        return FILE_NAMES[0], FILE_BODIES[0], "application/pdf"
    types = ("application/pdf", "text/html", "", "application/x-\x00", "image/png")
    return rng.choice(FILE_NAMES), rng.choice(FILE_BODIES), rng.choice(types)


def spoil(rng, fields):
    """Change a well-filled form (a list of (name, value)) at one place or several."""
    fields = list(fields)
    names = [name for name, _ in fields] or ["words"]
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 6))):
        at = rng.randrange(len(fields)) if fields else 0
        way = rng.random()
        if way < 0.55 and fields:
            fields[at] = (fields[at][0], nasty(rng))
        elif way < 0.67 and fields:
            del fields[at]
        elif way < 0.79 and fields:  # the same name again, with something else
            fields.insert(at, (fields[at][0], nasty(rng)))
        elif way < 0.84 and fields:  # text where a file is expected, and the other way round
            name, value = fields[at]
            fields[at] = (name, odd_file(rng) if isinstance(value, str) else nasty(rng))
        elif way < 0.88:
            fields.append(
                (rng.choice(names) + rng.choice(("[]", "[0]", ".x", " ", "\x00", "-1")), nasty(rng))
            )
        elif way < 0.92 and len(fields) > 1:  # two values change places
            other = rng.randrange(len(fields))
            (a, x), (b, y) = fields[at], fields[other]
            fields[at], fields[other] = (a, y), (b, x)
        else:
            fields.append((rng.choice(("next", "status", "actor", "do", "pk", "_who", "now")), nasty(rng)))
    return fields


def body_of(rng, fields):
    """(body, content type): as browsers send it, seldom as something else or cut off in the middle."""
    way = rng.random()
    if way < 0.01:
        return b'{"version": 1}', "application/json"
    if way < 0.02:
        return b"\xff\xfe\x00" * 40, rng.choice(("text/plain", "", "multipart/form-data"))
    if way < 0.5 and all(isinstance(value, str) for _, value in fields):
        return _urlencoded(fields), "application/x-www-form-urlencoded"
    body = _multipart(fields)
    if way > 0.985:
        body = body[: rng.randrange(len(body) + 1)]
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def query_of(fields):
    """The fields as the question of an address."""
    return _urlencoded([(name, value) for name, value in fields if isinstance(value, str)]).decode()


def _urlencoded(fields):
    pairs = (f"{_quoted(name)}={_quoted(value)}" for name, value in fields)
    return "&".join(pairs).encode()


def _quoted(text):
    # Lone surrogates go out as the three bytes that no decoder accepts.
    return quote_plus(text, errors="surrogatepass")


def _multipart(fields):
    parts = []
    for name, value in fields:
        head = b'Content-Disposition: form-data; name="' + _raw(name) + b'"'
        content = value
        if not isinstance(value, str):
            file_name, content, kind = value
            head += b'; filename="' + _raw(file_name) + b'"\r\nContent-Type: ' + _raw(kind)
        content = content if isinstance(content, bytes) else _raw(content)
        parts.append(b"--" + BOUNDARY.encode() + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


def _raw(text):
    return text.encode(errors="surrogatepass")
