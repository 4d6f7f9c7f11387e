"""What all tests share: which of them run where, and a real Chromium.

Tests marked `postgres` or `redis` are left out where that server is not the one in use; `make test` runs
the suite once per database. With CI set, a skipped test is a failure.
"""

import os
import re
import shutil

import pytest
from django.conf import settings
from django.core.cache import cache

# Playwright's synchronous interface runs inside an event loop, where Django would refuse its ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM_FLAGS = [
    "--no-sandbox",  # as root the sandbox cannot start
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# Whole pages, forms and their bad input: thorough, and too slow for the inner loop (`make test-fast`).
THOROUGH = re.compile(
    r"tests/(accounts|bench|deputies|institutions|notifications|supervision|test_tenants|core/test_calendar_|"
    r"proposals/(actions|test_(attachments|bad_input|batch|case_page|clock_page|daily|deputy_pages|explain_due|"
    r"forged_forms|inbox|masking|overview|refusals|registry|reply_editor|rules_admin|search|signing|"
    r"verify_history|worklist|writing)))"
)
SMOKE = "test_works_and_leaves_one_event"  # of every action, kept in the inner loop


def pytest_collection_modifyitems(config, items):
    """Leave out what needs a server that this run does not use; mark what the inner loop leaves out."""
    for item in items:
        if THOROUGH.search(item.nodeid) and item.originalname != SMOKE:
            item.add_marker("slow")
    absent = set()
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        absent.add("postgres")
    if not os.environ.get("TEST_REDIS_URL"):
        absent.add("redis")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in absent)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_sessionfinish(session):
    """On the build machine everything is installed, so a skipped test hides something."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("CI 下不允许跳过测试。", red=True)
        session.exitstatus = 1


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """Put SQLite into a file when a browser test runs: the live server answers from threads of its own,
    and connections to one shared memory would lock each other out."""
    database = settings.DATABASES["default"]
    drives_browser = any(item.get_closest_marker("browser") for item in request.session.items)
    if drives_browser and database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(scope="session")
def chromium():
    """The machine's own Chromium, driven by Playwright."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("本机没有 Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server):
    """Return a function that opens a fresh page, as another person or device: `open_browser(width=390)`.

    Options: width, height in pixels; js=False for a browser without JavaScript; user= for somebody already
    signed in. Addresses are relative to the live server. Asking any other host, breaking the content
    security policy, or an error in a script fails the test; `open_browser.faults` holds what was noticed.
    """
    contexts, faults = [], []

    def watch(page):
        page.on(
            "request", lambda r: _is_local(r.url, live_server.url) or faults.append(f"请求外部地址 {r.url}")
        )
        page.on("pageerror", lambda e: faults.append(f"脚本出错 {e}"))
        page.on(
            "console",
            lambda m: "Content Security Policy" in m.text and faults.append(f"违反内容安全策略 {m.text}"),
        )

    def open_page(*, width=1360, height=900, js=True, user=None):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=js,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        # Long enough for a machine that is busy with other things; nothing ever waits for it on purpose.
        context.set_default_timeout(45_000)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        context.on("page", watch)
        return context.new_page()

    open_page.faults = faults
    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _is_local(url, base):
    return url.startswith((base, "data:", "blob:", "about:"))


def _session_cookie(user, url):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": url}
