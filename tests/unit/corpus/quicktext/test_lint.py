"""What an import refuses, what it only warns of, and where in the text that is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.__main__ import main
from corpus.folder import CorpusErrors, read_corpus
from corpus.language import LanguageIdentifier
from corpus.merge_syntax.maps import shipped_maps
from corpus.models import Template
from corpus.quicktext.lint import remarks_on
from corpus.quicktext.neighbours import remarks_among
from corpus.quicktext.spoken import remarks_on_language
from corpus.records import RecordError, read_record


def template(body: str = "Guten Tag", **fields: Any) -> Template:
    return Template(**{"id": "t", "name": "n", "language": "de", "body": body} | fields)


def remarks(body: str, **fields: Any) -> list[tuple[str, int | None, int | None]]:
    found = remarks_on(template(body, **fields), shipped_maps())
    return [(remark.code, remark.line, remark.column) for remark in found]


def write(folder: Path, rows: list[dict[str, Any]], name: str = "templates.jsonl") -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


BROKEN = {
    "a\n{{ contact.first_name": "line 2, column 1: found {{, expected }}",
    "{% if contact.email %}x": "line 1, column 1: expected tag endif",
    "a\n  {% include 'kopf' %}": "line 2, column 6: unexpected tag 'include'",
    "{% render 'kopf' %}": "expected none that reaches other templates",
    "{% extends 'kopf' %}": "expected none that reaches other templates",
    "{% endif %}": "line 1, column 4: unexpected tag 'endif'",
    "Hallo\n{{ contact.email | }}": "line 2, column 1: expected word",
    "Hallo {{{Recipient.FirstName}}}": "name the `syntax`",
    "{{ x }}" * 502: "more than 500 merge marks",
}


@pytest.mark.parametrize("body", BROKEN)
def test_broken_liquid_and_forbidden_tags_are_refused_with_their_place(body):
    row = {"id": "t", "name": "n", "language": "de", "body": body}

    with pytest.raises(RecordError) as caught:
        read_record("templates", row)

    (problem,) = caught.value.problems
    assert problem.pointer == "/body"
    assert BROKEN[body] in problem.message


def test_a_broken_subject_is_refused_too_and_all_faults_of_a_row_are_told_at_once():
    row = {"id": "t", "name": "n", "language": "Deutsch", "subject": "{{ a", "body": "{% if %}", "nope": 1}

    with pytest.raises(RecordError) as caught:
        read_record("templates", row)

    assert {problem.pointer for problem in caught.value.problems} == {"/language", "/subject", "/body", "/nope"}


def test_a_foreign_syntax_is_never_refused_for_its_marks():
    row = {
        "id": "t",
        "name": "n",
        "language": "de",
        "body": "{{{Recipient.FirstName}}} {% nonsense",
        "syntax": "lightning",
    }

    assert read_record("templates", row).body == row["body"]  # type: ignore[union-attr]


def test_a_corpus_folder_names_file_line_and_place(tmp_path):
    good = {"id": "a", "name": "n", "language": "de", "body": "Guten Tag"}
    write(tmp_path, [good, {**good, "id": "b", "body": "Guten Tag\n{% if x %}"}])

    with pytest.raises(CorpusErrors, match=r"templates\.jsonl:2: /body: line 2, column 1: expected tag endif"):
        read_corpus(tmp_path)


def test_a_long_text_without_marks_is_not_broken():
    row = {"id": "t", "name": "n", "language": "de", "body": "x" * 60_000}

    assert read_record("templates", row).id == "t"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a\n {{ contact.iban }}", ("unknown-field", 2, 5)),
        ("{{ contact.first_name | fett }}", ("unknown-filter", 1, 25)),
        ("{{ now }}", ("unknown-field", 1, 4)),
        ("Hallo {!Contact.FirstName}", ("foreign-mark", 1, 7)),
        ("Hallo ${customerName}", ("foreign-mark", 1, 7)),
        ("x" * 4_097, ("too-long", None, None)),
    ],
)
def test_what_is_doubtful_is_a_warning_with_its_place(body, found):
    assert remarks(body) == [found]


def test_a_clean_template_has_no_remarks():
    body = (
        "{{ contact.greeting }},\n{% for x in (1..2) %}{{ forloop.index }}{% endfor %}{% assign a = case.id %}{{ a }}"
    )

    assert remarks(body + "{{ customer.end | date_long }} {{ customer.due | amount: 'EUR' }}") == []


def test_names_and_shortcodes_have_the_length_that_salesforce_takes():
    assert remarks("x", name="n" * 256, shortcode="kuendigung12") == [("too-long", None, None)] * 2
    assert remarks("x" * 4_096, name="n" * 255, shortcode="kuendigung1") == []


def test_a_warning_says_how_to_mend_it():
    (field,) = remarks_on(template("{{ contact.firstname }}"), shipped_maps())
    (zendesk,) = remarks_on(template("{{ ticket.requester.first_name }}"), shipped_maps())
    (filter_,) = remarks_on(template("{{ case.id | upcased }}"), shipped_maps())

    assert "perhaps contact.first_name" in field.message
    assert "zendesk knows it" in zendesk.message
    assert "perhaps upcase" in filter_.message


def test_foreign_marks_without_counterpart_and_unknown_syntaxes_are_warnings():
    assert remarks("Hallo\n{!Contact.X__c}", syntax="salesforce") == [("untranslated", 2, 1)]
    assert remarks("Hallo <<Name>>", syntax="serienbrief", subject="<<x>>") == [("unknown-syntax", None, None)]


def test_a_frame_that_fits_no_reply_is_an_orphan():
    reply = template(id="r", channels=("email",), address="sie")
    frames = [
        template(id="ok", kind="header"),
        template(id="chat", kind="header", channels=("chat",)),
        template(id="en", kind="footer", language="en"),
        template(id="du", kind="footer", address="du"),
        template(id="neutral", kind="footer", address="neutral", channels=("email", "chat")),
    ]

    assert set(remarks_among([reply, *frames])) == {"chat", "en", "du"}


def test_a_shortcode_means_one_thing_in_a_language_and_channel():
    rows = [
        template(id="a", shortcode="hallo", channels=("email",)),
        template(id="b", shortcode="Hallo", channels=("email", "chat")),
        template(id="c", shortcode="hallo", language="en"),
        template(id="d", shortcode="hallo", channels=("letter",)),
        template(id="e", shortcode="hallo", address="du"),
        template(id="f", shortcode="hallo", channels=("email",), status="archived"),
    ]

    assert set(remarks_among(rows)) == {"b"}


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier.load()


@pytest.mark.parametrize(
    ("body", "language", "warned"),
    [
        ("Please send us your invoice number and the date of the payment so that we can check it.", "de", True),
        ("Bitte senden Sie uns Ihre Rechnungsnummer und das Datum der Zahlung, damit wir das prüfen.", "de", False),
        ("Bitte senden Sie uns Ihre Rechnungsnummer und das Datum der Zahlung, damit wir das prüfen.", "en", True),
        ("Invoice is attached.", "de", False),
        ("Please send us your invoice number and the date of the payment so that we can check it.", "und", False),
    ],
)
def test_a_text_in_another_language_is_warned_of_only_when_that_is_clear(body, language, warned, identifier):
    found = list(remarks_on_language(template(body, language=language), ["de", "en"], identifier))

    assert [remark.code for remark in found] == (["language"] if warned else [])


def test_the_command_counts_clean_warned_and_refused(tmp_path, capsys):
    row = {"name": "n", "language": "de", "body": "Guten Tag {{ contact.last_name }}"}
    write(
        tmp_path,
        [
            {**row, "id": "gut"},
            {**row, "id": "fraglich", "body": "{{ contact.iban }}"},
            {**row, "id": "kaputt", "body": "{{"},
        ],
    )

    assert main(["lint", "--corpus", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "templates.jsonl:2: fraglich: /body line 1, column 4: warning, unknown-field: found contact.iban" in told
    assert "templates.jsonl:3: kaputt: /body line 1, column 1: refused, syntax: found {{, expected }}" in told
    assert "clean: 1, such as gut" in told

    assert main(["lint", "--corpus", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"clean": 1, "warned": 1, "refused": 1}
    assert document["templates"][1]["remarks"][0]["column"] == 4


def test_warnings_alone_are_no_failure(tmp_path):
    write(tmp_path, [{"id": "a", "name": "n", "language": "de", "body": "{{ contact.iban }}"}])

    assert main(["lint", "--corpus", str(tmp_path)]) == 0


def test_an_export_of_another_system_is_looked_at_and_its_marks_are_counted(tmp_path, capsys):
    rows = [
        {"id": "mail/a b.html", "body": "Hallo {!Contact.FirstName}, {!Contact.X__c}"},
        {"id": "2", "body": "Hallo {{ticket.requester.name}}", "syntax": "zendesk"},
        {"id": "3", "body": "Hallo {name}"},
    ]
    file = write(tmp_path, rows, "export.jsonl")

    assert main(["lint", "--templates", str(file)]) == 0
    told = capsys.readouterr().out
    assert "marks of salesforce: 1 of 2 placeholders translated" in told
    assert "marks of zendesk: 1 of 1 placeholders translated" in told
    assert "placeholders in all: 4, 2 translated (50.0%), 2 reported" in told


def test_a_folder_without_templates_is_told(tmp_path, capsys):
    assert main(["lint", "--corpus", str(tmp_path)]) == 1
    assert "found neither templates.jsonl nor templates.jsonl.gz" in capsys.readouterr().err


def test_the_demo_corpus_is_clean():
    from corpus.quicktext.lint_report import look_at
    from corpus.quicktext.lint_rows import rows_of, templates_file

    file = templates_file(Path(__file__).parents[4] / "corpus" / "demo")
    report = look_at(file, list(rows_of(file)), shipped_maps())

    assert len(report.looked) == len(report.with_verdict("clean")) > 0
