"""Markdown tables of what each part found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from benchmarks.plan import Found


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a Markdown table, its first column to the left, the others to the right.

    >>> table(["words", "ms"], [[10, 2.5]])
    ['| words | ms |', '|---|---:|', '| 10 | 2.5 |']
    """
    marks = ["---", *["---:"] * (len(heads) - 1)]
    return [_line(heads), f"|{'|'.join(marks)}|", *(_line(row) for row in rows)]


def tables_of(part: str, found: Found) -> list[str]:
    """Return the lines that show what a part found."""
    return _TABLES[part](found)


def _line(cells: Iterable[object]) -> str:
    escaped = [str(cell).replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _encoder(found: Found) -> list[str]:
    twin = found["pytorch"]
    times = found["milliseconds"]
    heads = ["words", "int8, 1 thread: p50", "p95", "int8, 2 threads: p50", "p95"]
    rows = [[words, *_two(times["1"][words]), *_two(times["2"][words])] for words in times["1"]]
    if not twin["compared"]:
        return [*table(heads, rows), "", f"Not compared with PyTorch: {twin['why']}."]
    heads += ["PyTorch fp32, 2 threads: p50", "int8 / fp32"]
    rows = [[*row, twin["milliseconds"][row[0]]["p50"], twin["ratio"][row[0]]] for row in rows]
    cosine = twin["cosine"]
    return [*table(heads, rows), "", f"Cosine of int8 to fp32: mean {cosine['mean']}, least {cosine['least']}."]


def _search(found: Found) -> list[str]:
    heads = ["passages", "index", "vectors", "p50", "p95", "p99", "words p50", "vectors p50", "recall@50"]
    heads += ["filtered: p50", "p95", "recall@50"]
    rows = [_search_row(size) for size in found["sizes"]]
    return [*table(heads, rows), "", *_sources(found["sizes"])]


def _search_row(size: Found) -> list[object]:
    every, some = size["milliseconds"]["all"], size["milliseconds"]["filtered"]
    recall = size["recall"] or {"all": "–", "filtered": "–"}
    return [
        f"{size['passages']:,}",
        size["index"],
        size["vectors"],
        *_three(every["whole"]),
        every["words"]["p50"],
        every["vectors"]["p50"],
        recall["all"],
        *_two(some["whole"]),
        recall["filtered"],
    ]


def _sources(sizes: Iterable[Found]) -> list[str]:
    return [f"- {size['passages']:,} passages: {size['source']}" for size in sizes]


def _suggest(found: Found) -> list[str]:
    times = found["milliseconds"]
    rows = [
        ["whole service", *_three(times["whole"])],
        ["encoding its text alone, on all threads", *_three(times["encoding_alone"])],
    ]
    rows += [["whole service, asked again", *_three(found["again_milliseconds"])]]
    rows += [[f"stage {name}", *_three(stage)] for name, stage in found["stages"].items()]
    counts = ", ".join(f"{count:,} {kind}" for kind, count in found["records"].items())
    return [
        *table(["milliseconds", "p50", "p95", "p99"], rows),
        "",
        f"Whole over encoding: {found['ratio']}, over the service's own, whose requests share the threads: "
        f"{found['ratio_to_own_encoding']}; 95th percentile over median: {found['p95_over_p50']}. "
        f"{found['kinds_shown']} of four kinds shown on average. The index: {counts}; {found['source']}.",
    ]


def _throughput(found: Found) -> list[str]:
    rows = [
        [step["clients"], step["per_second"], step["share_of_encoder"], *_three(step["milliseconds"]), _told(step)]
        for step in found["steps"]
    ]
    alone = found["encoder_alone_per_second"]
    return [
        *table(["clients", "answers a second", "share of encoder", "p50 ms", "p95", "p99", "statuses"], rows),
        "",
        f"The encoder alone, on all cores: {alone['spread']} texts a second as a build spreads them, "
        f"{alone['one_thread_a_core']} with one thread a core. Each step lasted {found['seconds']:g} s; senders and "
        "service share the cores.",
    ]


def _sustained(found: Found) -> list[str]:
    memory, answers = found["resident_mb"], found["answers"]
    rows = [
        ["requests", f"{found['sent']:,} in {found['seconds']:g} s, {found['rate']:g} a second"],
        ["milliseconds from when due: p50, p95, p99", ", ".join(map(str, _three(found["milliseconds"])))],
        ["statuses", _told(found)],
        ["resident memory of the workers before, MB", ", ".join(map(str, memory["before"]))],
        ["and after", ", ".join(map(str, memory["after"]))],
        ["answers compared with those of the free service", answers["compared"]],
        [f"different (order, or a score by more than {answers['tolerance']:g})", answers["different"]],
    ]
    return table(["what", "found"], rows)


def _build(found: Found) -> list[str]:
    full, part = found["full"], found["changed"]
    rows = [
        ["full build, seconds", full["seconds"]],
        ["passages a second", full["passages_per_second"]],
        ["the encoder over many texts, a second", found["encoder_batch_per_second"]],
        ["the same before and after the build", " and ".join(map(str, found["encoder_before_and_after"]))],
        ["share of that", found["share_of_encoder"]],
        ["again after 1 % changed, seconds", part["seconds"]],
        ["share of a full build", found["share_of_full"]],
    ]
    return [*table([f"{found['passages']:,} passages", "found"], rows), "", f"Passages: {found['source']}."]


def _start(found: Found) -> list[str]:
    rows = [
        [
            f"{size['passages']:,}",
            size["vectors"],
            f"{size['records']['cases']:,}",
            ", ".join(map(str, size["seconds_to_ready"])),
            size["resident_mb_per_worker"]["most"],
            "loaded" if size["torch_loaded"] else "not loaded",
        ]
        for size in found["sizes"]
    ]
    return table(["passages", "vectors", "cases", "seconds to ready", "resident MB of a worker, most", "PyTorch"], rows)


def _side_by_side(found: Found) -> list[str]:
    lines = [f"Model: {found['model'] or 'none'}; {found['threads']} threads; one run.", ""]
    for asked in found["sets"]:
        lines += [f"### {asked['name']}: {asked['documents']} documents, {asked['questions']} questions", ""]
        heads = ["system", "p50 ms", "p95", "build s", "resident MB", "nDCG@10", "P@1"]
        lines += [*table(heads, [_system_row(name, each) for name, each in asked["systems"].items()]), ""]
        lines += [f"- {name}: {each['failed']}" for name, each in asked["systems"].items() if "failed" in each]
    return [*lines, *(f"- {name}: the set is not here" for name in found["missing_sets"])]


def _system_row(name: str, system: Found) -> list[object]:
    if "failed" in system:
        return [name, *["–"] * 6]
    measured = [system[each] for each in ("build_seconds", "resident_mb", "nDCG@10", "P@1")]
    return [name, *_two(system["milliseconds"]), *measured]


def _told(step: Found) -> str:
    return ", ".join(f"{count:,} × {status}" for status, count in step["statuses"].items())


def _two(times: Mapping[str, float]) -> list[object]:
    return [times["p50"], times["p95"]]


def _three(times: Mapping[str, float] | None) -> list[object]:
    return ["–"] * 3 if times is None else [times["p50"], times["p95"], times["p99"]]


_TABLES: Mapping[str, Callable[[Found], list[str]]] = {
    "encoder": _encoder,
    "search": _search,
    "suggest": _suggest,
    "throughput": _throughput,
    "sustained": _sustained,
    "build": _build,
    "start": _start,
    "side-by-side": _side_by_side,
}
