"""Steps of actions are read as strictly as templates, and their rules are looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.merge_syntax.maps import shipped_maps
from corpus.models import Action, Step
from corpus.quicktext.lint_actions import remarks_on_action
from corpus.records import RecordError, read_record

ROW = {"id": "a1", "name": "Konto öffnen"}
TEXT = {"id": "t1", "name": "Antwort", "body": "Guten Tag", "language": "de"}


def faults(step: object) -> list[str]:
    with pytest.raises(RecordError) as raised:
        read_record("actions", {**ROW, "steps": [step]})
    return [f"{problem.pointer}: {problem.message}" for problem in raised.value.problems]


def accepted(url: str) -> bool:
    action = read_record("actions", {**ROW, "steps": [{"text": "Öffnen", "url": url}]})
    return isinstance(action, Action) and action.steps[0].url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example/k?name={{ contact.last_name }}&fall={{ case.id | upcase }}",
        "http://crm.example/k",
        "mailto:team@crm.example?subject={{ case.id }}",
        "tel:+4930123",
        "/konto?id={{ case.id }}",
    ],
)
def test_links_of_browsers_and_telephones_may_hold_fields_in_their_query(url: str) -> None:
    assert accepted(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://crm.example/k", "found an address with ftp:, expected http, https, mailto or tel"),
        ("javascript:alert(1)", "found an address with javascript:"),
        ("https://{{ contact.company }}.example/", "outside the query of the address"),
        ("https://crm.example/{{ case.id }}?x=1", "outside the query of the address"),
        ("https://crm.example/?x=1#{{ case.id }}", "outside the query of the address"),
        ("https://crm.example/?x={% if true %}1{% endif %}", "a tag {% in the address"),
        ("https://crm.example/?x={{ case.id", "unclosed {{"),
        ("https://crm.example/ein fall", "an address without white space"),
    ],
)
def test_another_address_is_refused_with_its_place(url: str, message: str) -> None:
    (fault,) = faults({"text": "Öffnen", "url": url})
    assert fault.startswith("/steps/0/url: ")
    assert message in fault


def test_broken_liquid_in_a_step_is_refused_with_line_and_column() -> None:
    (in_object,) = faults({"text": "Konto\nvon {{ contact.last_name | }"})
    (in_text,) = faults("Konto von {% if %}")
    assert in_object.startswith("/steps/0/text: line 2, column 5")
    assert in_text.startswith("/steps/0: line 1")
    (in_url,) = faults({"text": "Öffnen", "url": "https://crm.example/?x={{ case.id | | }}"})
    assert in_url.startswith("/steps/0/url: ")


def test_unknown_fields_and_filters_and_odd_rules_are_warned_of() -> None:
    row = {
        **ROW,
        "steps": [
            "Konto von {{ contact.lastname }}",
            {"text": "Fall {{ case.id | loud }}", "url": "https://crm.example/?n={{ kunde.nr }}"},
        ],
        "when": {"field": "case.actions_done", "op": "eq", "value": "verify_identiy"},
    }
    action = read_record("actions", row)
    assert isinstance(action, Action)
    told = [(each.code, each.pointer) for each in remarks_on_action(action, shipped_maps(), {"a1"})]
    assert told == [
        ("unknown-field", "/steps/0/text"),
        ("unknown-filter", "/steps/1/text"),
        ("unknown-field", "/steps/1/url"),
        ("rule", "/when"),
    ]
    good = Action(id="a1", name="Konto", steps=(Step(text="Fall {{ case.id }}"),))
    assert remarks_on_action(good, shipped_maps(), {"a1"}) == ()


def test_the_command_names_file_line_and_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [ROW, {**ROW, "id": "a2", "steps": ["{{ contact.lastname }}"]}, {**ROW, "id": "a3", "steps": ["{{"]}]
    (tmp_path / "actions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "templates.jsonl").write_text(json.dumps(TEXT) + "\n", encoding="utf-8")
    assert main(["lint", "--corpus", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "actions.jsonl:2: a2: /steps/0/text line 1, column 4: warning, unknown-field" in printed
    assert "actions.jsonl:3: a3: /steps/0" in printed
    main(["lint", "--corpus", str(tmp_path), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"clean": 1, "warned": 0, "refused": 0}
    assert document["actions"]["counts"] == {"clean": 1, "warned": 1, "refused": 1}
