"""The machine and the versions with which something was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.plan import Found, cores
from corpus import VERSION

# What makes 8-bit arithmetic, or the comparison of vectors, fast.
_FLAGS = ("avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimd", "asimddp", "i8mm")
_LIBRARIES = (
    "numpy",
    "onnxruntime",
    "sentencepiece",
    "faiss-cpu",
    "scikit-learn",
    "torch",
    "sentence-transformers",
    "bm25s",
    "Flask",
    "gunicorn",
)
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")


def machine(load_before: float) -> Found:
    """Return processor, memory, kernel, versions, settings of threads, and the load average before the measuring."""
    processor = fields(Path("/proc/cpuinfo"))
    flags = set((processor.get("flags") or processor.get("Features") or "").split())
    return {
        "processor": processor.get("model name") or platform.processor() or platform.machine(),
        "cores": cores(),
        "flags": [flag for flag in _FLAGS if flag in flags],
        "memory_gib": round(int(fields(Path("/proc/meminfo"))["MemTotal"].split()[0]) / 2**20, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "stichwort": VERSION,
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name)) is not None},
        "thread_variables": {name: os.environ[name] for name in _THREADS if name in os.environ},
        "load_before": round(load_before, 2),
    }


def fields(path: Path) -> dict[str, str]:
    """Return what stands first behind each name in a file of ``name: value`` lines; nothing where there is no file."""
    fields: dict[str, str] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    return fields


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
