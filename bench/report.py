"""The figures as Markdown."""

BEGIN, END = "<!-- 以下由 python -m bench --write 写入 -->", "<!-- 以上由 python -m bench --write 写入 -->"


def markdown(results, facts):
    """One table per database: a line per page or action, the sizes beside each other."""
    parts = [
        f"测于 {facts['day']}：{facts['cores']} 核，{facts['memory']} 内存，Python {facts['python']}；"
        f"每项先热身，再测 {facts['runs']} 轮、每轮 {facts['requests']} 次，取最好的一轮。命令：",
        f"```sh\n{facts['command']}\n```",
    ]
    for vendor in dict.fromkeys(result["facts"]["vendor"] for result in results):
        parts += _vendor([result for result in results if result["facts"]["vendor"] == vendor])
    return "\n\n".join(parts)


def _vendor(results):
    facts = [result["facts"] for result in results]
    heads = [
        f"{each['size']:,} 件：数据库 {each['bytes'] / 2**20:,.0f} MiB"
        + (f"，装入 {each['load_seconds']:.0f} 秒" if each["load_seconds"] else "")
        + f"，测量进程内存 {each['memory'] / 2**20:.0f} MiB，测量前后系统负载 "
        + "、".join(f"{load:.1f}" for load in each["load"])
        for each in facts
    ]
    sizes = [f"{each['size']:,} 件 p50/p95" for each in facts]
    columns = ["谁", "页或动作", *sizes, "其中 CPU", "其中等数据库", "查询", "KB", "倍数"]
    lines = ["| " + " | ".join(columns) + " |", "|---|---|" + "---:|" * (len(columns) - 2)]
    for figures in zip(*(result["figures"] for result in results), strict=True):
        lines.append("| " + " | ".join(_cells(figures)) + " |")
    return [f"### {facts[-1]['version']}", "\n".join(f"- {head}" for head in heads), "\n".join(lines)]


def _cells(figures):
    first, last = figures[0], figures[-1]
    notes = dict.fromkeys(figure["note"] for figure in figures if figure["note"])
    label = first["label"] + (f"（{'；'.join(notes)}）" if notes else "")
    return [
        first["who"],
        label,
        *(f"{figure['p50']:.1f} / {figure['p95']:.1f}" for figure in figures),
        f"{last['cpu']:.1f}",
        f"{last['sql']:.1f}",
        str(last["queries"]),
        f"{last['kilobytes']:.0f}",
        f"{last['p50'] / first['p50']:.2f}",
    ]


def put_into(path, text):
    """Replace what stands between the marks of a file; they must be there."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{path} 里没有标记，结果没有写入。")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
