#!/bin/sh
# Builds .venv from the requirements, only when they changed. Usage: scripts/env.sh [dev]
# Says in one sentence what is missing on this machine instead of showing a traceback.
set -eu
cd "$(dirname "$0")/.."

wanted=requirements.txt
[ "${1:-}" = dev ] && wanted=requirements-dev.txt

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$@"; exit 1; }

# The newest suitable interpreter wins only when the plain `python3` is too old or absent.
find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo '没有找到 python3')
    give_up "缺少 Python 3.11 或更高版本（本机：$found）。
请先安装：Debian 12、Ubuntu 24.04 及以后执行 apt-get install python3 python3-venv；其他系统见 https://www.python.org/downloads/ 。
已经装在别处时，用 PYTHON=解释器路径 make run 指明。"
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    give_up "缺少 Python 的 venv 模块（本机：Python $version）。
请先安装：Debian、Ubuntu 执行 apt-get install python$version-venv，然后再试一次。"
fi

# A list's stamp holds the sum of what was installed; the development list includes the other one.
sum_of() { cat requirements.txt "$1" | cksum; }
installed() { [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(sum_of "$1")" ]; }

if .venv/bin/python -c '' 2>/dev/null; then
    if installed requirements-dev.txt || installed "$wanted"; then
        .venv/bin/python -c 'import django, environ' 2>/dev/null && exit 0
    fi
elif [ -e .venv ]; then
    say "运行环境 .venv 已损坏，正在重新建立……"
    rm -rf .venv
fi

say "正在准备运行环境（首次约需一分钟）……"
[ -w . ] || give_up "文件夹 $(pwd) 不可写，无法建立运行环境。请换用可写的文件夹，或请管理员授权。"
[ -x .venv/bin/python ] || "$python" -m venv .venv || give_up "运行环境没有建成，请看上面的提示。"
if ! .venv/bin/python -m pip install -qq --disable-pip-version-check -r "$wanted"; then
    give_up "软件包没有装齐，请看上面的提示。常见原因：连不上软件源（可设 PIP_INDEX_URL 指向可用的镜像）、磁盘已满。"
fi
sum_of "$wanted" > ".venv/installed-$wanted"
