"""How long from a case to painted suggestions, beside the time of the service: ``python -m tests.browser.timing``."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.chromium import ARGUMENTS, chromium
from tests.security.wire import ROOT, Wired

WARM_UP = 3
_MEASURE = """(open) => new Promise((done) => {
    const panel = document.querySelector("stichwort-panel");
    const begin = performance.now();
    panel.addEventListener("stichwort-suggestions", ({ detail }) => {
        requestAnimationFrame(() => setTimeout(() => done([performance.now() - begin, detail.suggestions.took_ms])));
    }, { once: true });
    panel.case = open;
})"""


def main() -> None:
    """Measure and print one JSON object."""
    options = _arguments()
    cases = _cases(options.runs)
    with tempfile.TemporaryDirectory() as folder:
        service = Wired(Path(folder), ROOT / "corpus" / "demo", encoder=options.encoder)
        try:
            service.wait_until_ready()
            found = _measured(f"http://127.0.0.1:{service.port}/embed", cases)
        finally:
            service.stop()
    painted, served = ([pair[part] for pair in found] for part in (0, 1))
    own = [whole - part for whole, part in found]
    told = {name: _percentiles(values) for name, values in (("painted", painted), ("service", served), ("panel", own))}
    size = (ROOT / "assist" / "static" / "stichwort-panel.js").stat().st_size
    print(json.dumps({"runs": len(found), "encoder": options.encoder, "module_bytes": size, "ms": told}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--encoder", default="toy", help="toy, or packaged for the one that serves (minutes to index)")
    return parser.parse_args()


def _cases(runs: int) -> list[dict[str, Any]]:
    lines = (ROOT / "corpus" / "demo" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    texts = [each["description"] for each in said if each.get("description")]
    return [{"id": f"zeit-{number}", "description": text} for number, text in enumerate(texts[: runs + WARM_UP])]


def _measured(address: str, cases: list[dict[str, Any]]) -> list[tuple[float, float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 400, "height": 900})
        page.goto(address)
        page.wait_for_timeout(500)
        found = [tuple(page.evaluate(_MEASURE, each)) for each in cases]
        browser.close()
    return found[WARM_UP:]


def _percentiles(values: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(statistics.median(values), 1), "p95": round(cut[-1], 1)}


if __name__ == "__main__":
    main()
