"""`python -m bench.daily`: the daily job over so many open clocks, on PostgreSQL, in a process of its own.

Measures one morning on which nobody was reminded before (the worst there is), step by step, and the same
morning asked for again. No mail leaves: it goes to Django's dummy backend, so sending itself is not measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .databases import Absent, NotOurs, PostgreSQL

ROOT = Path(__file__).resolve().parent.parent
# Told one by one; more come in whole copies of these (bench.load).
BLOCK = 2000


def main():
    """Make the database, measure in a child, print, drop; return the exit status."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-daily-"))
    try:
        database = PostgreSQL(f"daily_{options.proposals}", folder)
        if not database.exists:
            database.make()
    except (NotOurs, Absent) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    report = folder / "daily.json"
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "VAR_DIR": str(folder),
        "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
        "EMAIL_URL": "dummymail://",
    }
    try:
        for step in ("load", "measure"):
            command = [sys.executable, "-m", "bench.daily_child", step, str(options.proposals), str(report)]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
    except subprocess.CalledProcessError:
        print("测量没有完成，请看上面的提示。", file=sys.stderr)
        return 1
    finally:
        if not options.keep:
            database.drop()
    for line in lines(json.loads(report.read_text(encoding="utf-8"))):
        print(line)
    return 0


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench.daily", description="测每日任务。")
    parser.add_argument("--proposals", type=int, default=42_000, help=f"在办件数，{BLOCK} 的整数倍")
    parser.add_argument("--keep", action="store_true", help="测完不删数据库，下次接着用")
    return parser.parse_args()


def lines(facts):
    """The figures as lines of Markdown."""
    yield (
        f"- {facts['version']}，开着的期限 {facts['clocks']:,} 个，"
        f"在办 {facts['proposals']:,} 件，账号 {facts['people']:,} 个"
    )
    yield f"- {os.cpu_count()} 核，测量前系统负载 {facts['load']:.1f}"
    for name, run in facts["runs"].items():
        yield f"- {name}：{run['seconds']:.1f} 秒；" + "，".join(
            f"{key} {count:,}" for key, count in run["counts"].items()
        )
    yield "- 其中：" + "，".join(f"{name} {seconds:.1f} 秒" for name, seconds in facts["steps"].items())
    yield f"- 进程内存最高 {facts['memory'] / 2**20:.0f} MiB（空载 {facts['idle'] / 2**20:.0f} MiB）"


if __name__ == "__main__":
    sys.exit(main())
