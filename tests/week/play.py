"""The week, step by step: each step is a command or a request, and prints what it brought."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.security.wire import ROOT, Wired
from tests.week import world
from tests.week.traffic import Reply, Traffic, call

FRESH_CONNECTIONS = 20
PATIENCE_S = 20.0
CANARY = "Zwirbelhuber-Fernsehkabel"
CUSTOMER = "kd-week-4711"


class StepFailedError(AssertionError):
    """A step of the week did not do what it is for."""


@dataclass
class Week:
    """A service with two workers, the folders of the week, and what was told."""

    folder: Path
    service: Wired
    encoder: str
    tell: Callable[[str], None] = print
    facts: dict[str, Any] = field(default_factory=dict)

    def monday(self, sections: Path | None, size: int) -> None:
        """Import a whole edition: an importer, a check, one command that serves it."""
        world.write_export(self._export, sections, size)
        taken = self._import()
        self.say("Monday", f"{taken['taken']} of {taken['found']} pages became articles")
        check = self.run("index", "check", "--corpus", self._edition, "--mode", "upsert", "--no-effect", "--json")
        self.say("Monday", f"check-corpus: {json.loads(check)['diff']['articles']}")
        self.facts["first_build_s"] = self.build(self._edition, "upsert")
        self.say("Monday", f"built and served in {self.facts['first_build_s']} s")

    def tuesday(self) -> None:
        """Forty changes."""
        world.change(self._export, 40)
        self._import()
        self.facts["forty_changes_s"] = self.build(self._edition, "upsert")
        share = self.facts["forty_changes_s"] / self.facts["first_build_s"]
        self.say("Tuesday", f"forty changes served in {self.facts['forty_changes_s']} s, {share:.0%} of Monday's build")

    def wednesday(self) -> None:
        """A wrong price at 9:10, and two templates that become one."""
        places = self.run("index", "where", "--text", world.WRONG).strip().splitlines()
        self.say("Wednesday", f"where {world.WRONG}: {places[-1]}")
        path = f"/v1/articles/{world.PRICES}"
        before = self.ask("GET", path)
        body = {**before.body, "body": before.body["body"].replace(world.WRONG, world.RIGHT)}
        self.ask("PUT", path, body, If_Match=before.headers["ETag"])
        seconds = self.until(lambda: world.RIGHT in self.ask("GET", path).body["body"])
        self.facts["price_corrected_s"] = seconds
        self.say("Wednesday", f"{world.RIGHT} in every worker after {seconds} s")
        since = datetime.now(UTC).date().isoformat()
        told = self.run("index", "affected", "--item", f"articles/{world.PRICES}", "--since", since)
        self.say("Wednesday", f"affected: {told.strip().splitlines()[-1]}")
        self._merge_templates()

    def _merge_templates(self) -> None:
        first, second = "t-rechnung-doppelt-week", "t-rechnung-zweimal-week"
        body = {"body": "Guten Tag, die doppelte Abbuchung bekommen Sie zurück.", "language": "de"}
        for name in (first, second):
            self.ask("PUT", f"/v1/templates/{name}", {"name": f"Doppelte Abbuchung {name}", **body})
        merged = {"name": "Doppelte Abbuchung", "replaces": [first, second], **body}
        self.ask("PUT", "/v1/templates/t-abbuchung-week", merged)
        for name in (first, second):
            self.ask("DELETE", f"/v1/templates/{name}")
        seconds = self.until(lambda: "t-abbuchung-week" in self.suggested("templates", body["body"]))
        gone = not {first, second} & set(self.suggested("templates", body["body"]))
        self.hold(gone, "the merged templates are gone")
        self.say("Wednesday", f"two templates are one after {seconds} s; the old ones are suggested no more")

    def thursday(self) -> None:
        """A solved case becomes history, then its customer asks to be erased."""
        case = {
            "subject": f"{CANARY} defekt",
            "description": f"Mein {CANARY} ist seit gestern defekt, bitte um Rückruf.",
            "language": "de",
            "customer_id": CUSTOMER,
            "opened_at": "2026-05-04T09:00:00Z",
            "closed_at": "2026-05-04T10:00:00Z",
            "outcome": {"solved": True},
            "resolution": "Kabel getauscht.",
        }
        self.ask("PUT", "/v1/cases/c-week-1", case)
        seconds = self.until(lambda: "c-week-1" in self.suggested("similar_cases", f"{CANARY} defekt"))
        self.say("Thursday", f"a closed case is history after {seconds} s")
        receipt = self.ask("POST", "/v1/erasures", {"customer": CUSTOMER}).body["receipt"]
        seconds = self.until(lambda: call(self.service.port, "GET", "/v1/cases/c-week-1").status == 404)
        self.facts["erased_hidden_s"] = seconds
        self.say("Thursday", f"erased: hidden in every worker after {seconds} s, receipt {receipt}")
        self.run("assist", "erase", "--receipt", receipt)
        self.run("assist", "erase", "--verify", receipt, "--text", CANARY, "--text", CUSTOMER)
        self.say("Thursday", "after the build no file below VAR holds a word of it")

    def friday(self) -> None:
        """A launch at 8:00, an edition that broke off, undo and rollback."""
        launch = (datetime.now(UTC) + timedelta(days=3)).replace(hour=8, minute=0, second=0, microsecond=0)
        folder = self.folder / "launch"
        world.write_launch(folder, launch.isoformat())
        after = (launch + timedelta(hours=1)).isoformat()
        self.run("index", "check", "--corpus", folder, "--mode", "upsert", "--at", after, "--no-effect")
        self.build(folder, "upsert")
        question = "Glasfaser Start bestellen"
        now, then = self.suggested("articles", question), self.suggested("articles", question, as_of=after)
        self.hold(world.LAUNCH not in now and world.LAUNCH in then, "the launch shows from 8:00 on, not before")
        self.say("Friday", "the launch is indexed, and shows from Monday 8:00 on")
        self._broken_off()

    def _broken_off(self) -> None:
        broken = self.folder / "broken-off"
        world.write_broken_off(broken, self._edition, rows=5)
        self.run("index", "build", "--corpus", broken, expected=3)
        self.say("Friday", "an edition that broke off is refused by the shrink guard (exit code 3)")
        self.run("index", "build", "--corpus", broken, "--force")
        gone = len(self.suggested("articles", "Anschluss Lampe Gerät Funk L"))
        number = json.loads(self.run("index", "imports", "--json").strip().splitlines()[-1])["import"]
        self.run("index", "undo", "--import", str(number))
        self.until(lambda: call(self.service.port, "GET", f"/v1/articles/{world.LAUNCH}").status == 200)
        self.say("Friday", f"forced, it left {gone} articles to suggest; undo {number} brought all back")
        self._survived("undo")
        self.run("index", "rollback")
        self._survived("rollback")

    def _survived(self, what: str) -> None:

        def price() -> str:
            body = call(self.service.port, "GET", f"/v1/articles/{world.PRICES}").body
            return str(body.get("body", ""))

        self.until(lambda: world.RIGHT in price())
        erased = call(self.service.port, "GET", "/v1/cases/c-week-1").status == 404
        self.hold(erased, f"what was erased stays so after {what}")
        self.say("Friday", f"after {what} the price is {world.RIGHT}, and the erased case has not come back")

    def weekend(self) -> None:
        """What agents did, what can be learned, what is wrong with the corpus."""
        acceptance = json.loads(self.run("assist", "acceptance", "--json"))
        self.say("Weekend", f"acceptance: {len(json.dumps(acceptance))} characters of counts, no agent among them")
        self.run("index", "build")
        code, said = self.try_run("assist", "train")
        self.hold(code in (0, 1, 4), f"train ends with 0, 1 or 4, not {code}")
        self.say("Weekend", f"train: exit code {code} ({said.strip().splitlines()[-1][:100] if said.strip() else ''})")
        out = self.folder / "report"
        self.run("evaluation", "corpus-report", "--out", out)
        self.say("Weekend", f"corpus report: {', '.join(sorted(path.name for path in out.iterdir()))}")

    @property
    def _export(self) -> Path:
        return self.folder / "export"

    @property
    def _edition(self) -> Path:
        return self.folder / "edition"

    def _import(self) -> dict[str, Any]:
        said = self.run(
            "corpus", "import", "--from", self._export, "--kind", "markdown", "--corpus", self._edition, "--json"
        )
        counts: dict[str, Any] = json.loads(said)
        return counts

    def build(self, corpus: Path, mode: str) -> float:
        """Import a folder and let it serve; return the seconds until it does."""
        began = time.perf_counter()
        told = json.loads(self.run("index", "build", "--corpus", corpus, "--mode", mode, "--json"))
        self.until(lambda: self.ask("GET", "/readyz").body.get("snapshot") == told["snapshot"])
        return round(time.perf_counter() - began, 1)

    def suggested(self, kind: str, text: str, **fields: object) -> list[str]:
        """Return the ids of a kind that are suggested for a text."""
        asked = {"case": {"description": text, "language": "de"}, "kinds": [kind], "limit": 20, "min_confidence": 0}
        return [each["id"] for each in self.ask("POST", "/v1/suggest", {**asked, **fields}).body[kind]]

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Send a request that has to succeed."""
        reply = call(self.service.port, method, path, body, **headers)
        self.hold(reply.status < 400, f"{method} {path} answers {reply.status}: {reply.body}")
        return reply

    def until(self, holds: Callable[[], bool]) -> float:
        """Return the seconds until something holds over so many fresh connections in a row, that is in every worker."""
        began, in_a_row = time.perf_counter(), 0
        reached = began
        while in_a_row < FRESH_CONNECTIONS:
            if holds():
                in_a_row += 1
            else:
                in_a_row, reached = 0, time.perf_counter()
                self.hold(reached - began < PATIENCE_S, f"still not so after {PATIENCE_S} s")
                time.sleep(0.05)
        return round(reached - began, 2)

    def run(self, package: str, *arguments: object, expected: int = 0) -> str:
        """Run a command, which has to end with a code; return what it printed."""
        code, said = self.try_run(package, *arguments)
        self.hold(code == expected, f"python -m {package} {' '.join(map(str, arguments))} ended with {code}: {said}")
        return said

    def try_run(self, package: str, *arguments: object) -> tuple[int, str]:
        """Run a command and return its code and its stdout; its stderr where it failed."""
        command = [sys.executable, "-m", package, *map(str, arguments)]
        environment = {**os.environ, "ASSIST_ENCODER": self.encoder, "ASSIST_VAR": str(self.service.var)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout if done.returncode == 0 else done.stderr

    def hold(self, holds: bool, what: str) -> None:
        """Raise ``StepFailedError`` unless something holds."""
        if not holds:
            raise StepFailedError(what)

    def say(self, day: str, what: str) -> None:
        """Tell what a step brought."""
        self.tell(f"{day:10} {what}")


def play(week: Week, sections: Path | None, size: int, *, clients: int = 2) -> dict[str, Any]:
    """Play the week under load; return what was measured, with no failed request or ``StepFailedError``."""
    traffic = Traffic(week.service.port, clients)
    traffic.start()
    try:
        week.monday(sections, size)
        week.tuesday()
        week.wednesday()
        week.thursday()
        week.friday()
        week.weekend()
    finally:
        traffic.stop()
    ordered = sorted(traffic.seconds)
    load = {
        "suggestions": len(ordered),
        "statuses": dict(traffic.statuses),
        "failed": traffic.failed,
        "feedback_events": traffic.sent,
        "snapshots_served": len(traffic.snapshots),
        "p50_ms": round(statistics.median(ordered) * 1000),
        "p95_ms": round(ordered[int(0.95 * len(ordered))] * 1000),
    }
    week.say("Load", json.dumps(load))
    week.hold(traffic.failed == 0, f"no request fails all week, found {dict(traffic.statuses)}")
    return {**week.facts, "load": load}
