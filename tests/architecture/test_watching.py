"""Alerts, dashboard and documents name only figures that the service tells, in expressions that Prometheus can read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from assist.metrics import READY_STATUSES, REFUSED_FOR, WorkerState
from assist.models import SUGGEST_KINDS
from assist.prometheus import STAGES, PrometheusMetrics
from corpus.feedback import FeedbackEvent

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "stichwort.json").read_text(encoding="utf-8"))
# What Prometheus adds to everything that it reads, and what the library adds for several workers.
ADDED = {"instance", "job", "pid"}
VALUES: dict[str, set[str]] = {
    "reason": set(REFUSED_FOR),
    "stage": set(STAGES),
    "kind": set(SUGGEST_KINDS),
    "event": set(get_args(FeedbackEvent)),
}
OF_WORKERS = set(READY_STATUSES)


def _told() -> dict[str, set[str]]:
    """Return the labels of every sample that the service can tell, by name."""
    state = WorkerState(status="ok", snapshot="s", encoder="e", built_at=datetime(2026, 11, 1, tzinfo=UTC))
    metrics = PrometheusMetrics(lambda: state, {"version": "1", "python": "3"})
    metrics.answered(endpoint="/v1/suggest", method="POST", status=200, seconds=0.1)
    metrics.took_feedback("articles", "opened", 10)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.page().decode("utf-8")):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


TOLD = _told()
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
PANELS = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
}
EXPRESSIONS = {name: rule["expr"] for name, rule in ALERTS.items()} | PANELS


def _selectors(expression: str) -> Iterator[Any]:
    found: list[Any] = []
    for name, value in (("$__rate_interval", "5m"), ("$instance", ".*")):
        expression = expression.replace(name, value)
    promql_parser.walk(promql_parser.parse(expression), lambda node: found.append(node) or True)
    for node in found:
        if isinstance(node, promql_parser.VectorSelector):
            yield node
        elif isinstance(node, promql_parser.MatrixSelector):
            yield node.vector_selector


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_names_only_what_the_service_tells(name: str) -> None:
    selectors = list(_selectors(EXPRESSIONS[name]))
    assert selectors
    for selector in selectors:
        assert selector.name in TOLD, f"{name} asks for {selector.name}"
        for matcher in selector.matchers.matchers:
            assert matcher.name in TOLD[selector.name] | ADDED, f"{name}: {selector.name} has no {matcher.name}"
            known = OF_WORKERS if selector.name == "stichwort_workers" else VALUES.get(matcher.name)
            if known is not None and matcher.name not in ADDED:
                assert set(matcher.value.split("|")) <= known, f"{name}: no {matcher.name} is {matcher.value}"


def test_every_alert_says_for_how_long_how_bad_it_is_and_what_it_means() -> None:
    for name, rule in ALERTS.items():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, name
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"]


def test_every_alert_is_in_the_handbook_with_what_to_do_and_the_handbook_names_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(Stichwort\w+)` \|", text, flags=re.MULTILINE)) == set(ALERTS)


def test_the_dashboard_asks_the_data_source_that_is_chosen_in_it() -> None:
    assert {variable["name"] for variable in DASHBOARD["templating"]["list"]} == {"datasource", "instance"}
    for panel in DASHBOARD["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}"
        assert panel["fieldConfig"]["defaults"]["unit"]
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)


def test_every_figure_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "observation.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(stichwort_\w+)` \|", text, flags=re.MULTILINE))
    told = {re.sub(r"_(bucket|count|sum)$", "", name) for name in TOLD if not name.endswith("_created")}
    assert documented == told
