"""Start everything on this machine: prepare the database, then web server, queue worker and timer. See `make run`.

Ctrl-C, TERM or a closed terminal end every process. Says in one sentence what is in the way, if anything.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
environ.Env.read_env(ROOT / ".env")  # as the settings do; PORT, BIND and VAR_DIR may stand there
HOST = os.environ.get("BIND", "127.0.0.1")
STOP_SECONDS = 15


class GiveUp(Exception):
    """Something the person at the keyboard can put right; the message says what and how."""


def main():
    """Prepare, run until told to stop, and return the exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # while preparing, as good as Ctrl-C
    try:
        os.chdir(ROOT)
        port = wanted_port()
        var = writable_folder()
        with only_one(var) as lock:
            say("正在准备数据……")
            prepare()
            return supervise(port, lock)
    except GiveUp as reason:
        say(f"没有启动：{reason}")
        return 1
    except KeyboardInterrupt:
        say("已停止。")
        return 130


def say(text):
    print(text, flush=True)


def wanted_port():
    """Return the port from PORT, having seen that nobody else has it."""
    text = os.environ.get("PORT", "8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise GiveUp(f"端口 PORT={text} 不对，应为 1 到 65535 的整数，如 PORT=8080 make run。")
    port = int(text)
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise GiveUp(f"没有权限使用端口 {port}，请换一个 1024 以上的，如 PORT=8080 make run。") from None
        except OSError as error:
            if error.errno in (98, 48):  # EADDRINUSE on Linux, macOS
                raise GiveUp(
                    f"端口 {port} 已被占用。请先停掉占用它的程序，或换一个端口：PORT={port + 1} make run。"
                ) from None
            raise GiveUp(f"监听地址 BIND={HOST} 不可用（{error.strerror}）。") from None
    return port


def writable_folder():
    """Return the data folder, having seen that it can be written."""
    var = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = var / f".write-test-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise GiveUp(
            f"数据文件夹 {var} 不可写（{error.strerror}）。请授权，或用 VAR_DIR 指定另一个文件夹。"
        ) from None
    return var


def only_one(var):
    """Hold the folder's lock while running; the embedded queue bears one worker only.

    The lock belongs to the open file, which the programs started here inherit: it goes when the last of them
    ends, however that comes about. Were we killed alone, they would go on, and so must the lock.
    """
    lock = open(var / "run.lock", "a", encoding="ascii")  # noqa: SIM115 - the caller's `with` closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise GiveUp(
            f"数据文件夹 {var} 里的系统已经在运行。请先停掉它（在启动它的窗口按 Ctrl-C；"
            f"窗口已不在的，用 fuser -k -TERM {var / 'run.lock'}），或用 VAR_DIR 另指一个文件夹。"
        ) from None
    return lock


def prepare():
    """Bring database and static files up to date; on the first start, load the demonstration data."""
    done = subprocess.run(
        [sys.executable, "scripts/prepare.py"], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode == 0:
        return
    if done.returncode < 0:
        raise KeyboardInterrupt
    log = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "prepare.log"
    log.write_text(done.stderr, encoding="utf-8")
    last = (done.stderr.strip().splitlines() or ["没有更多说明"])[-1]
    raise GiveUp(f"数据没有准备好。{explain(done.stderr)}\n最后一行是：{last}\n全文在 {log}。")


def explain(trace):
    """Return a sentence on the likely cause of a failed preparation."""
    causes = {
        "ImproperlyConfigured": "设置有误，请检查环境变量和 .env 文件。",
        "ModuleNotFoundError": "运行环境不完整，请删除 .venv 文件夹后再执行 make run。",
        "Connection refused": "连不上数据库，请检查 DATABASE_URL，并确认数据库已启动。",
        "OperationalError": "数据库用不了，请检查 DATABASE_URL、权限和磁盘空间。",
        "DatabaseError": "数据库用不了，文件可能已损坏，请从备份恢复（见 docs/operations.md）。",
        "No space left": "磁盘已满。",
    }
    return next((words for sign, words in causes.items() if sign in trace), "")


def supervise(port, lock):
    """Run web server and worker until one of them ends or a signal comes; leave no process behind."""
    stopping = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    programs = {"网页服务": web(port), "后台任务": worker(), "定时器": beat()}
    # Sessions of their own, so that a Ctrl-C reaches only us and everybody is stopped in order.
    running = {
        name: subprocess.Popen(command, start_new_session=True, pass_fds=[lock.fileno()])
        for name, command in programs.items()
    }
    try:
        announced = False
        while not stopping:
            ended = next((name for name, process in running.items() if process.poll() is not None), None)
            if ended:
                say(
                    f"{ended}意外结束（退出码 {running[ended].returncode}），其余一并停止。原因见上面的输出。"
                )
                return 1
            if not announced and answers(port):
                announced = True
                announce(port)
            time.sleep(0.2)
        say("正在停止……")
        return 0
    finally:
        stop(running.values())
        say("已全部停止。")


def web(port):
    host = f"[{HOST}]" if ":" in HOST else HOST
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
        # A paragraph pasted into a search box travels in the address, nine bytes a character.
        *("--limit-request-line", "8190"),
    ]


def worker():
    return [
        *(sys.executable, "-W", "ignore:You're running the worker"),
        *("-m", "celery", "--quiet", "-A", "config", "worker"),
        *("--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def beat():
    # A program of its own: inside the worker it could die unnoticed, or outlive a worker that is killed.
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "beat"),
        *("--loglevel", "WARNING", "--pidfile", ""),
    ]


def answers(port):
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def announce(port):
    host = "127.0.0.1" if HOST in ("0.0.0.0", "::") else HOST
    say(f"\n已启动：http://{f'[{host}]' if ':' in host else host}:{port}/　（按 Ctrl-C 停止）\n")
    accounts = subprocess.run(
        [sys.executable, "manage.py", "demo_accounts"],
        capture_output=True,
        text=True,
        check=False,
    )
    if accounts.returncode == 0:
        say(accounts.stdout)


def stop(processes):
    """End each program and all its children: first politely, then not."""
    for process in processes:
        send(process, signal.SIGTERM)
    limit = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    for process in processes:
        send(process, signal.SIGKILL, group=True)
        process.wait()


def send(process, number, *, group=False):
    """Signal a program, or all that is left of its process group."""
    try:
        if group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    sys.exit(main())
