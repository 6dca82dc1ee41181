from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import CorpusErrors
from corpus.training_problems import TrainingMessage, TrainingProblem, read_training

FIRST = {"form": "email", "subject": "Wärme", "voice": "elderly", "text": "Es bleibt kalt in der Stube."}
SECOND = {"form": "note", "text": "Kd. friert, fragt was zu tun ist."}
ROW: dict[str, Any] = {
    "id": "energy-001",
    "industry": "energy",
    "language": "de",
    "title": "Störung der Fernwärme melden",
    "article": "Melden Sie Ausfälle bei der Leitstelle.",
    "question": "Warum wird es nicht warm?",
    "family": "waerme",
    "mails": [FIRST, SECOND],
}


def write(folder: Path, *lines: Any, name: str = "energy.de.jsonl") -> None:
    data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    (folder / name).write_bytes(data)


def faults(folder: Path) -> list[str]:
    with pytest.raises(CorpusErrors) as caught:
        read_training(folder)
    return str(caught.value).splitlines()


def fault(folder: Path, **changed: Any) -> str:
    write(folder, {key: value for key, value in (ROW | changed).items() if value is not ...})
    (message,) = faults(folder)
    return message


def test_problems_are_read_with_all_that_is_told_of_them(tmp_path: Path) -> None:
    write(tmp_path, ROW)

    (problem,) = read_training(tmp_path)

    assert problem == TrainingProblem(
        id="energy-001",
        industry="energy",
        language="de",
        title="Störung der Fernwärme melden",
        article="Melden Sie Ausfälle bei der Leitstelle.",
        question="Warum wird es nicht warm?",
        family="waerme",
        messages=(
            TrainingMessage(form="email", subject="Wärme", voice="elderly", text="Es bleibt kalt in der Stube."),
            TrainingMessage(form="note", subject=None, voice=None, text="Kd. friert, fragt was zu tun ist."),
        ),
    )
    assert [message.whole for message in problem.messages] == [
        "Wärme\nEs bleibt kalt in der Stube.",
        "Kd. friert, fragt was zu tun ist.",
    ]


def test_files_are_read_in_the_order_of_their_names_and_lines(tmp_path: Path) -> None:
    write(tmp_path, ROW | {"id": "z", "industry": "travel"}, name="travel.de.jsonl")
    write(tmp_path, ROW | {"id": "y", "language": "en"}, name="energy.en.jsonl")
    write(tmp_path, ROW | {"id": "c"}, ROW | {"id": "b"})

    assert [problem.id for problem in read_training(tmp_path)] == ["c", "b", "y", "z"]


def test_question_and_family_may_be_absent_and_messages_many(tmp_path: Path) -> None:
    write(
        tmp_path,
        {key: value for key, value in ROW.items() if key not in ("question", "family")} | {"mails": [FIRST] * 5},
    )

    (problem,) = read_training(tmp_path)

    assert (problem.question, problem.family, len(problem.messages)) == (None, None, 5)


@pytest.mark.parametrize("key", ["id", "industry", "language", "title", "article"])
def test_what_must_be_there_is_missed(tmp_path: Path, key: str) -> None:
    assert fault(tmp_path, **{key: ...}) == (
        f"energy.de.jsonl:1: /{key}: found no such key, expected a text that is not blank"
    )


@pytest.mark.parametrize("key", ["title", "article", "question", "family"])
@pytest.mark.parametrize(("value", "shown"), [(" ", '" "'), (None, "null"), (3, "3")])
def test_texts_are_neither_blank_nor_anything_else(tmp_path: Path, key: str, value: Any, shown: str) -> None:
    assert fault(tmp_path, **{key: value}) == (
        f"energy.de.jsonl:1: /{key}: found {shown}, expected a text that is not blank"
    )


@pytest.mark.parametrize(("key", "found", "expected"), [("industry", "retail", "energy"), ("language", "en", "de")])
def test_industry_and_language_agree_with_the_name_of_the_file(
    tmp_path: Path, key: str, found: str, expected: str
) -> None:
    assert fault(tmp_path, **{key: found}) == (
        f'energy.de.jsonl:1: /{key}: found "{found}", expected "{expected}" as the name of the file says'
    )


@pytest.mark.parametrize("name", ["energy.jsonl", "energy.fr.jsonl", "Energy.de.jsonl", "energy.de.old.jsonl"])
def test_files_are_named_by_industry_and_language(tmp_path: Path, name: str) -> None:
    write(tmp_path, ROW, name=name)

    expected = "expected a name such as energy.de.jsonl: industry, then one of de, en"
    assert faults(tmp_path) == [f"{name}: {expected}"]


def test_unknown_keys_are_faults(tmp_path: Path) -> None:
    remedy = "unknown key: remove it or correct its spelling"
    assert fault(tmp_path, **{"a/b": 1}) == f"energy.de.jsonl:1: /a~1b: {remedy}"
    assert fault(tmp_path, mails=[FIRST, SECOND | {"from": "x"}]) == f"energy.de.jsonl:1: /mails/1/from: {remedy}"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"form": "fax"}, '/mails/1/form: found "fax", expected one of email, note, chat, letter'),
        ({"form": None}, "/mails/1/form: found null, expected a text that is not blank"),
        ({"text": ""}, '/mails/1/text: found "", expected a text that is not blank'),
        ({"subject": ""}, '/mails/1/subject: found "", expected a text that is not blank'),
        ({"voice": ["shy"]}, "/mails/1/voice: found a list, expected a text that is not blank"),
    ],
)
def test_faults_of_a_message_are_told_with_its_place(tmp_path: Path, changed: dict[str, Any], expected: str) -> None:
    assert fault(tmp_path, mails=[FIRST, SECOND | changed]) == f"energy.de.jsonl:1: {expected}"


@pytest.mark.parametrize(
    ("mails", "expected"),
    [
        ([FIRST], "found 1, expected at least 2: a problem is met by several people"),
        ([], "found 0, expected at least 2: a problem is met by several people"),
        ("none", 'found "none", expected a list of objects with form, subject, voice and text'),
        ([FIRST, "second"], "found a list, expected a list of objects with form, subject, voice and text"),
    ],
)
def test_a_problem_has_two_messages_at_least(tmp_path: Path, mails: Any, expected: str) -> None:
    assert fault(tmp_path, mails=mails) == f"energy.de.jsonl:1: /mails: {expected}"


def test_an_id_names_one_problem_in_all_files(tmp_path: Path) -> None:
    write(tmp_path, ROW, ROW)
    write(tmp_path, ROW | {"language": "en"}, name="energy.en.jsonl")

    assert faults(tmp_path) == [
        'energy.de.jsonl:2: /id: found "energy-001", which line 1 has already, expected each once',
        'energy.en.jsonl:1: /id: found "energy-001", which energy.de.jsonl:1 has already, expected each id once',
    ]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, b"", b"oops", ROW | {"title": "", "mails": [FIRST | {"form": "fax"}, SECOND]}, b"[]")
    write(tmp_path, ROW | {"id": "x", "article": ""}, name="energy.en.jsonl")

    found = faults(tmp_path)

    assert [line.split(" found ")[0] for line in found] == [
        "energy.de.jsonl:2: column 1:",
        "energy.de.jsonl:3: /title:",
        "energy.de.jsonl:3: /mails/0/form:",
        "energy.de.jsonl:4:",
        "energy.en.jsonl:1: /language:",
        "energy.en.jsonl:1: /article:",
    ]


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"

    assert faults(folder) == [
        f"{folder}: found no files of JSON Lines in this folder, expected some such as energy.de.jsonl"
    ]


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "energy.de.jsonl").mkdir()

    (found,) = faults(tmp_path)

    assert found.startswith("energy.de.jsonl: cannot be opened (")
