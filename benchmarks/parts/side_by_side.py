"""Other systems over the same documents with the same model: time beside precision, each in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judged import DEPTH, AskedSet, beir_set, demo_set
from benchmarks.material import demo_corpus
from benchmarks.percentiles import percentiles
from benchmarks.plan import ROOT, Found, Plan, Say, service_variables
from benchmarks.programs import ProgramError, output_of
from index.weights import ADAPTED, PACKAGED

NAME = "side-by-side"
_FOLDERS = {"packaged": ADAPTED, "plain": PACKAGED}
_WITHIN_S = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """A rival's module; ``dense`` ones need the model's folder, ``foreign`` ones an environment of their own."""

    module: str
    dense: bool = True
    foreign: bool = False


_SYSTEMS = {
    "stichwort": _System(module="stichwort", dense=False),
    "bm25s": _System(module="bm25", dense=False),
    "sentence-transformers + FAISS": _System(module="faiss_flat"),
    "txtai hybrid": _System(module="txtai_hybrid", foreign=True),
    "Haystack hybrid": _System(module="haystack_hybrid", foreign=True),
}


def run(plan: Plan, say: Say) -> Found:
    """Ask every system about every set of the plan; what cannot be run is named with the reason."""
    asked = _sets(plan)
    return {
        "threads": plan.threads,
        "model": _FOLDERS.get(plan.encoder),
        "sets": [
            {
                "name": each.name,
                "documents": len(each.documents),
                "questions": len(each.questions),
                "systems": {name: _asked(plan, system, name, each, say) for name, system in _SYSTEMS.items()},
            }
            for each in asked
        ],
        "missing_sets": [name for name in plan.sets if not (plan.data / name).is_dir()],
    }


def _sets(plan: Plan) -> Sequence[AskedSet]:
    if plan.quick:
        return [demo_set(demo_corpus(ROOT), plan.questions)]
    return [beir_set(plan.data / name, plan.questions, plan.seed) for name in plan.sets if (plan.data / name).is_dir()]


def _asked(plan: Plan, system: _System, name: str, asked: AskedSet, say: Say) -> Found:
    why_not = _obstacle(plan, system)
    if why_not is not None:
        return {"failed": why_not}
    say(f"{asked.name}: {name}")
    python = plan.rivals_python if system.foreign else Path(sys.executable)
    command: list[str | Path] = [python, "-m", f"benchmarks.rivals.{system.module}"]
    try:
        told = output_of(command, _variables(plan), given=json.dumps(_job(plan, asked)), within_s=_WITHIN_S)
    except ProgramError as error:
        return {"failed": str(error).splitlines()[-1]}
    answer = json.loads(told)
    return {
        "milliseconds": percentiles(answer["times"]),
        "build_seconds": answer["build_seconds"],
        "resident_mb": answer["resident_mb"],
        **asked.scores(name, answer["rankings"]),
        "libraries": answer["libraries"],
    }


def _obstacle(plan: Plan, system: _System) -> str | None:
    if system.dense and plan.encoder not in _FOLDERS:
        return f"the encoder {plan.encoder} has no folder that other systems could open"
    if system.foreign and not plan.rivals_python.is_file():
        return f"not installed: {plan.rivals_python} is missing; make bench PARTS=side-by-side installs it"
    return None


def _job(plan: Plan, asked: AskedSet) -> Found:
    return {
        "documents": asked.documents,
        "questions": asked.questions,
        "family": asked.family,
        "encoder": plan.encoder,
        "model": str((plan.models / _FOLDERS.get(plan.encoder, plan.encoder)).resolve()),
        "threads": plan.threads,
        "depth": DEPTH,
    }


def _variables(plan: Plan) -> dict[str, str]:
    offline = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return {**service_variables(plan), "OMP_NUM_THREADS": str(plan.threads), **offline}
