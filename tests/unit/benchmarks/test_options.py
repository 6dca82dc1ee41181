"""What the command line asks for."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.options import add_arguments, parts_of, plan_of
from benchmarks.plan import Plan, Sustained, service_variables
from benchmarks.results import PARTS


def _options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_what_needs_a_rate_or_other_systems_is_measured_on_request_only() -> None:
    assert parts_of(_options()) == ("encoder", "search", "suggest", "throughput", "build", "start")
    assert parts_of(_options("--parts", "start,encoder")) == ("encoder", "start")
    assert parts_of(_options("--sustained", "50", "60")) == (*parts_of(_options())[:4], "sustained", "build", "start")
    assert parts_of(_options("--parts", "none")) == ()
    assert parts_of(_options("--quick")) == PARTS


def test_sizes_and_rates_become_a_plan() -> None:
    plan = plan_of(_options("--sizes", "1000,60000", "--sustained", "50", "1800", "--clients", "1,16"))
    assert (plan.sizes, plan.clients) == ((1_000, 60_000), (1, 16))
    assert plan.sustained == Sustained(rate=50.0, seconds=1_800.0)


def test_a_smoke_run_takes_the_toy_encoder_and_tiny_sizes() -> None:
    plan = plan_of(_options("--quick"))
    assert (plan.encoder, plan.quick) == ("toy", True)
    assert max(*plan.sizes, plan.passages, plan.cases) < 1_000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--parts", "speed"), "found speed, expected some of encoder"),
        (("--sizes", "1000,many"), "found 'many', expected a whole number"),
        (("--seconds", "-1"), "found '-1', expected a number above 0"),
        (("--sustained", "fast", "60"), "found 'fast', expected a number above 0"),
    ],
)
def test_what_cannot_be_used_is_named(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        _options(*arguments)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_the_service_is_started_with_no_setting_that_leads_to_another_store() -> None:
    base = {"PATH": "/bin", "ASSIST_VAR": "elsewhere", "ASSIST_DATABASE_URL": "sqlite:///true.db"}
    variables = service_variables(Plan(encoder="toy", models=Path("m")), base)
    assert {name for name in variables if name.startswith("ASSIST_")} <= {
        "ASSIST_ENCODER",
        "ASSIST_MODELS",
        "ASSIST_RATE_LIMIT",
        "ASSIST_RECENT_ENCODINGS",
        "ASSIST_THREADS",
        "ASSIST_WORKERS",
        "ASSIST_REQUEST_THREADS",
        "ASSIST_QUEUE",
        "ASSIST_DEADLINE_MS",
        "ASSIST_MASKING",
    }
    assert (variables["PATH"], variables["ASSIST_ENCODER"]) == ("/bin", "toy")
