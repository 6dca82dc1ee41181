"""Made results of every part, as if measured at the sizes of the goals."""

from __future__ import annotations

from typing import Any

from benchmarks.results import Result

TIMES = {"n": 3, "mean": 4.0, "p50": 4.0, "p95": 9.0, "p99": 9.5}
_SEARCH = {"whole": TIMES, "words": TIMES, "vectors": TIMES}
_FACTS = {
    "passages": 10_000,
    "source": "parts of sections",
    "vectors": "real",
    "records": {"articles": 10_117, "cases": 10_000},
}
_WORDS = ("10", "60", "100", "150")


def found() -> dict[str, dict[str, Any]]:
    """What every part may have found: every goal is held."""
    return {
        "encoder": {
            "texts": 3,
            "milliseconds": {threads: dict.fromkeys(_WORDS, TIMES) for threads in ("1", "2")},
            "pytorch": {
                "compared": True,
                "threads": 2,
                "milliseconds": dict.fromkeys(_WORDS, TIMES),
                "ratio": {"10": 0.9, "60": 0.3, "100": 0.4, "150": 0.5},
                "cosine": {"mean": 0.9961, "least": 0.99},
            },
        },
        "search": {"depth": 30, "recall_depth": 50, "filter_keeps": 0.01, "sizes": [_search(100_000)]},
        "suggest": {
            **_FACTS,
            "milliseconds": {"whole": TIMES, "encoding_alone": TIMES},
            "again_milliseconds": TIMES,
            "stages": {"encode": TIMES},
            "ratio": 1.2,
            "ratio_to_own_encoding": 1.1,
            "p95_over_p50": 2.25,
            "kinds_shown": 4.0,
        },
        "throughput": {
            **_FACTS,
            "seconds": 20.0,
            "encoder_alone_per_second": {"spread": 50.0, "one_thread_a_core": 60.0},
            "steps": [step(1, 0.5), step(16, 0.95)],
        },
        "sustained": {
            **_FACTS,
            "rate": 50.0,
            "seconds": 60.0,
            "sent": 3_000,
            "milliseconds": TIMES,
            "statuses": {"200": 2_999, "503": 1},
            "errors": 1,
            "resident_mb": {"before": [500.0], "after": [510.0]},
            "answers": {"compared": 200, "different": 0, "tolerance": 1e-5},
        },
        "build": {
            "passages": 10_000,
            "source": "parts of sections",
            "encoder_batch_per_second": 100.0,
            "encoder_before_and_after": [98.0, 102.0],
            "full": {"seconds": 105.0, "imported": {}, "passages_per_second": 95.2},
            "changed": {"seconds": 9.0, "imported": {}, "share_of_articles": 0.01},
            "share_of_encoder": 0.952,
            "share_of_full": 0.086,
        },
        "start": {"sizes": [_start(10_000, 700.0), _start(100_000, 1_400.0)]},
        "side-by-side": {
            "threads": 2,
            "model": "e5",
            "sets": [
                {
                    "name": "faq",
                    "documents": 10,
                    "questions": 5,
                    "systems": {"stichwort": _system(), "other": {"failed": "not installed: it is missing"}},
                }
            ],
            "missing_sets": ["away"],
        },
    }


def result(part: str, found_there: dict[str, Any], *, encoder: str = "packaged", load: float = 0.1) -> Result:
    """A result as if measured on a free machine with the encoder that serves."""
    machine = {
        "processor": "Some CPU",
        "cores": 2,
        "flags": ["avx2"],
        "memory_gib": 16.0,
        "kernel": "6.1",
        "python": "3.11",
        "sqlite": "3.51",
        "stichwort": "1",
        "libraries": {"numpy": "2"},
        "thread_variables": {},
        "load_before": load,
    }
    plan = {
        "encoder": encoder,
        "quick": False,
        "samples": 3,
        "rounds": 1,
        "seed": 7,
        "settings": {"ASSIST_THREADS": "2"},
    }
    at = "2026-11-22T12:00:00+00:00"
    return Result(part=part, measured_at=at, seconds=1.0, machine=machine, plan=plan, found=found_there)


def results(**options: Any) -> dict[str, Result]:
    """A result of every part."""
    return {part: result(part, each, **options) for part, each in found().items()}


def step(clients: int, share: float) -> dict[str, Any]:
    """A step of the throughput part."""
    shares = {"per_second": 60 * share, "share_of_encoder": share}
    return {"clients": clients, **shares, "milliseconds": TIMES, "statuses": {"200": 100}, "errors": 0}


def _search(passages: int) -> dict[str, Any]:
    return {
        "passages": passages,
        "source": "parts of sections",
        "vectors": "real",
        "index": "HnswIndex",
        "milliseconds": {"all": _SEARCH, "filtered": _SEARCH},
        "recall": {"all": 0.99, "filtered": 1.0},
    }


def _start(passages: int, most: float) -> dict[str, Any]:
    memory = {"ready": [most - 50], "after_200_suggestions": [most], "most": most}
    facts = {**_FACTS, "passages": passages}
    return {**facts, "seconds_to_ready": [4.0, 5.5], "resident_mb_per_worker": memory, "torch_loaded": False}


def _system() -> dict[str, Any]:
    return {
        "milliseconds": TIMES,
        "build_seconds": 1.0,
        "resident_mb": 400.0,
        "nDCG@10": 0.7,
        "P@1": 0.6,
        "libraries": {},
    }
