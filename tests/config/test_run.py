"""`make run`: starts everything, keeps the data, ends every process, and says what is in the way."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class System:
    """One installation with a data folder and a port of its own."""

    def __init__(self, var, **environment):
        self.port = free_port()
        inherited = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        own = {"VAR_DIR": str(var), "PORT": str(self.port), "LOAD_DEMO": "false"}
        self.environment = {**inherited, **own, **environment}
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "scripts/run.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def refusal(self):
        """Run what should not start; return what it said."""
        self.start()
        said, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 1
        assert "Traceback" not in said
        return said

    def wait_until_up(self):
        deadline = time.monotonic() + 120
        while True:
            assert self.process.poll() is None, self.process.stdout.read()
            assert time.monotonic() < deadline, "没有启动"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login/", timeout=5) as page:
                    return page.read().decode()
            except OSError:
                time.sleep(0.2)

    def processes(self):
        """Process ids of everything that runs with this data folder."""
        mark = f"VAR_DIR={self.environment['VAR_DIR']}\0".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes() + b"\0":
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=60)
        return said


@pytest.fixture
def system(tmp_path):
    system = System(tmp_path / "var")
    yield system
    for pid in system.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.process
class TestInTheWay:
    def test_port_taken(self, system):
        with socket.create_server(("127.0.0.1", system.port)):
            said = system.refusal()
        assert f"端口 {system.port} 已被占用" in said
        assert f"PORT={system.port + 1} make run" in said

    @pytest.mark.parametrize("port", ["八千", "0", "65536", "80.5", ""])
    def test_port_wrong(self, system, port):
        system.environment["PORT"] = port
        assert f"端口 PORT={port} 不对" in system.refusal()

    def test_folder_not_writable(self, system, tmp_path):
        (tmp_path / "file").touch()
        system.environment["VAR_DIR"] = str(tmp_path / "file" / "var")
        assert "不可写" in system.refusal()

    def test_database_out_of_reach(self, system):
        system.environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/x"
        assert "连不上数据库，请检查 DATABASE_URL" in system.refusal()

    def test_setting_wrong(self, system):
        system.environment["DATABASE_URL"] = "nonsense://x"
        assert "设置有误" in system.refusal()

    def test_database_file_damaged(self, system, tmp_path):
        (tmp_path / "var").mkdir()
        (tmp_path / "var" / "db.sqlite3").write_bytes(b"no database" * 1000)
        assert "数据库用不了" in system.refusal()


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_runs_and_leaves_nothing_behind(system, number):
    system.start()
    assert "登录" in system.wait_until_up()
    assert len(system.processes()) >= 4  # ourselves, web server and its workers, queue worker
    said = system.end(number)
    assert f"已启动：http://127.0.0.1:{system.port}/" in said
    assert "已全部停止。" in said
    assert "Traceback" not in said
    assert system.process.returncode == 0
    assert system.processes() == []


@pytest.mark.slow
@pytest.mark.process
def test_stopped_while_preparing(system):
    system.start()
    assert "正在准备数据" in system.process.stdout.readline()
    assert "已停止。" in system.end()
    assert system.process.returncode == 130
    assert system.processes() == []


@pytest.mark.slow
@pytest.mark.process
def test_second_start_keeps_data_and_a_second_system_is_refused(system, tmp_path):
    system.start()
    system.wait_until_up()
    manage("createsuperuser", "--noinput", "--username", "keeper", "--name", "守护", system=system)

    other = System(tmp_path / "var")
    assert "里的系统已经在运行" in other.refusal()

    system.end()
    system.start()
    system.wait_until_up()
    system.end()
    count = "from accounts.models import User; print(User.objects.filter(username='keeper').count())"
    assert manage("shell", "-v", "0", "-c", count, system=system).strip() == "1"


@pytest.mark.slow
@pytest.mark.process
def test_a_part_that_dies_takes_the_rest_along(system):
    system.start()
    system.wait_until_up()
    own = system.process.pid
    children = [pid for pid in system.processes() if parent(pid) == own]
    os.kill(children[0], signal.SIGKILL)
    said, _ = system.process.communicate(timeout=60)
    assert "意外结束" in said
    assert system.process.returncode == 1
    assert system.processes() == []


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def manage(*arguments, system):
    command = [sys.executable, "manage.py", *arguments]
    environment = {**system.environment, "DJANGO_SUPERUSER_PASSWORD": "湖畔-四月-2026"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.slow
@pytest.mark.process
def test_what_outlives_its_starter_keeps_the_folder(system):
    """Killed alone, the starter leaves its programs running; a second worker beside them is one too many."""
    system.start()
    system.wait_until_up()
    os.kill(system.process.pid, signal.SIGKILL)
    system.process.wait()
    system.process.stdout.close()
    assert system.processes()
    second = System(system.environment["VAR_DIR"])
    assert "已经在运行" in second.refusal()
