"""`python -m bench`: see the options with -h. docs/measurements.md says what the figures mean."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .databases import KINDS, Absent, NotOurs
from .report import markdown, put_into

ROOT = Path(__file__).resolve().parent.parent


def main():
    """Measure what is asked for, print the table, drop the databases; return the exit status."""
    options = _options()
    folder = Path(options.folder or tempfile.mkdtemp(prefix="bench-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    try:
        for kind in options.databases:
            for size in options.sizes:
                results.append(_one(KINDS[kind](size, folder), size, folder, options))
    except (NotOurs, Absent) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("测量没有完成，请看上面的提示。", file=sys.stderr)
        return 1
    text = markdown(results, _facts(options))
    print(text)
    if options.write:
        put_into(Path(options.write), text)
    return 0


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench", description="装入大量建议，测量各页和办理动作。")
    parser.add_argument("--sizes", type=_numbers, default=[1000, 10_000, 100_000], help="件数，用逗号隔开")
    parser.add_argument(
        "--databases", type=_kinds, default=list(KINDS), help=f"用逗号隔开：{'、'.join(KINDS)}"
    )
    parser.add_argument("--requests", type=int, default=20, help="每轮请求次数")
    parser.add_argument("--runs", type=int, default=8, help="轮数；取最好的一轮")
    parser.add_argument("--only", default="", help="只测名称里有这几个字的")
    parser.add_argument("--folder", help="放 SQLite 文件和静态文件的文件夹，默认临时文件夹")
    parser.add_argument("--keep", action="store_true", help="测完不删数据库，下次（同一文件夹）接着用")
    parser.add_argument("--write", metavar="文件", help="把结果写进这个 Markdown 文件的标记之间")
    return parser.parse_args()


def _numbers(text):
    return [int(part) for part in text.split(",")]


def _kinds(text):
    kinds = text.split(",")
    if unknown := set(kinds) - set(KINDS):
        raise argparse.ArgumentTypeError(f"没有 {'、'.join(unknown)}")
    return kinds


def _one(database, size, folder, options):
    """Make the database unless it is kept from before, measure in a process of its own, drop it."""
    if not database.exists:
        database.make()
    print(f"── {database.vendor}，{size:,} 件", flush=True)
    report = folder / f"report_{database.vendor}_{size}.json"
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "VAR_DIR": str(folder),
        "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
    }
    command = [
        sys.executable,
        "-m",
        "bench.child",
        size,
        options.requests,
        options.runs,
        options.only,
        report,
    ]
    load = os.getloadavg()[0]
    try:
        subprocess.run(list(map(str, command)), cwd=ROOT, env=environment, check=True)
    finally:
        if not options.keep:
            database.drop()
    measured = json.loads(report.read_text(encoding="utf-8"))
    measured["facts"] |= {"vendor": database.vendor, "size": size, "load": (load, os.getloadavg()[0])}
    return measured


def _facts(options):
    """What the figures were taken on and how."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "command": f"python -m bench {' '.join(sys.argv[1:])}".strip(),
        "day": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "python": platform.python_version(),
        "requests": options.requests,
        "runs": options.runs,
    }


if __name__ == "__main__":
    sys.exit(main())
