"""``python -m tests.week``: play the week and print every step's effect."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.security.wire import ROOT, Wired
from tests.week.play import Week, play


def main() -> int:
    """Start a service with two workers over the demo corpus and play the week against it."""
    parser = argparse.ArgumentParser(prog="python -m tests.week", description="Play a knowledge manager's week.")
    parser.add_argument("--articles", type=int, default=2_500, help="pages of Monday's edition (2500)")
    parser.add_argument(
        "--sections", type=Path, default=None, help="JSONL.gz with title and body; without it they are made"
    )
    parser.add_argument("--encoder", default="packaged", help="packaged (default) or toy")
    parser.add_argument("--clients", type=int, default=2, help="clients that ask all week (2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Wired(
            Path(folder), ROOT / "corpus" / "demo", encoder=options.encoder, ASSIST_WORKERS="2", ASSIST_RATE_LIMIT="0"
        )
        try:
            service.wait_until_ready()
            week = Week(Path(folder), service, options.encoder)
            print(json.dumps(play(week, options.sections, options.articles, clients=options.clients), indent=2))
        finally:
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
