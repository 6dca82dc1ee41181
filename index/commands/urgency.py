"""``python -m index urgency``: what the serving snapshot may say of how urgent cases are, and why no more."""

from __future__ import annotations

import argparse
import json

from index.cli import DONE
from index.settings import IndexSettings
from index.snapshot import load_current_or_last_good
from index.urgency.model import Belief, UrgencyModel


def run_urgency(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print the verdict of the build."""
    verified, _ = load_current_or_last_good(settings.var)
    model = UrgencyModel.from_blobs(verified.blobs)
    snapshot = verified.manifest.snapshot_id
    if options.json:
        told = {"snapshot": snapshot, "setting": settings.urgency, "serves": model.serves, "why": model.why}
        print(json.dumps(told, ensure_ascii=False))
        return DONE
    print(f"snapshot {snapshot}: {model.serves} ({model.why})")
    print(f"ASSIST_URGENCY is {settings.urgency}")
    for name, belief in (("what serves", model.belief), ("rules", model.rules_belief)):
        if belief is not None:
            print(_line(name, belief))
    return DONE


def _line(name: str, belief: Belief) -> str:
    return f"{name}: right in {belief.high:.1%} of the later cases called high and {belief.normal:.1%} of the others"
