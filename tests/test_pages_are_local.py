"""No page asks another host for anything, and none carries inline script or style (templates, own scripts,
stylesheets). The content security policy would block them; here it is noticed before a browser is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(
    path
    for path in ROOT.glob("**/templates/**/*.html")
    # Mail programs know no stylesheets, so mails carry their styles.
    if "email" not in path.name and not {".venv", "node_modules"} & set(path.relative_to(ROOT).parts)
)
OWN = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in (".css", ".js", ".svg"))

REMOTE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]""", re.I)
INLINE = {
    "style 属性": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style 元素": re.compile(r"<style\b", re.I),
    "事件属性": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "内联脚本": re.compile(r"<script(?![^>]*\b(?:src\s*=|type=\"application/json\"))", re.I),
    "javascript 地址": re.compile(r"(?:href|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "求值": re.compile(r"\shx-on\b|hx-vals=.js:", re.I),
}


def without_comments(text):
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.S)
    return re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.S | re.M)


def test_there_are_templates_to_look_at():
    assert TEMPLATES and OWN


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_template_has_nothing_remote_or_inline(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    assert not REMOTE.findall(text)
    assert not [name for name, pattern in INLINE.items() if pattern.search(text)]


@pytest.mark.parametrize("path", OWN, ids=lambda p: str(p.relative_to(ROOT)))
def test_static_file_asks_no_other_host(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    if path.suffix == ".js" and "vendor" in path.parts:
        # Vendored scripts name addresses in messages; whether they ask them is watched in the browser tests.
        assert "sourceMappingURL" not in text
    else:
        assert not REMOTE.findall(re.sub(r'xmlns(:\w+)?="[^"]*"', "", text))
        assert "@import" not in text


@pytest.mark.parametrize(
    "sample",
    [
        '<p style="color:red">',
        "<style>",
        '<a onclick="x()">',
        "<script>x</script>",
        '<a href="javascript:x">',
    ],
)
def test_the_check_sees_inline_code(sample):
    assert any(pattern.search(sample) for pattern in INLINE.values())


def test_the_check_allows_what_is_allowed():
    sample = '<script src="{% static "js/base.js" %}" defer></script><i class="on-time">style 一词</i>'
    assert not any(pattern.search(sample) for pattern in INLINE.values())
    assert REMOTE.search('src="//cdn.example.com/x.js"') and not REMOTE.search('href="/a//b"')
