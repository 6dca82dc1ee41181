from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.folder import Corpus, CorpusErrors, Limits, read_cases, read_corpus

ARTICLE = {"id": "a1", "title": "Umzug melden", "body": "So geht es.", "language": "de"}
CASE = {"id": "c1", "subject": "Zählerstand"}


def write(folder: Path, name: str, *lines: Any) -> Path:
    data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def messages(folder: Path, limits: Limits | None = None) -> list[str]:
    with pytest.raises(CorpusErrors) as caught:
        read_corpus(folder, limits=limits)
    return str(caught.value).splitlines()


def test_a_folder_is_read_with_all_kinds_packed_or_not(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE, ARTICLE | {"id": "a2"})
    write(tmp_path, "templates.jsonl.gz", {"id": "t1", "name": "n", "body": "b", "language": "de"})
    write(tmp_path, "actions.jsonl", {"id": "x1", "name": "n"})
    write(tmp_path, "cases.jsonl.gz", CASE)
    write(tmp_path, "notes.jsonl", b"not JSON, and none of ours")

    corpus = read_corpus(tmp_path)

    assert [item.id for item in corpus.articles] == ["a1", "a2"]
    assert [item.id for item in corpus.templates] == ["t1"]
    assert [item.id for item in corpus.actions] == ["x1"]
    assert [case.id for case in corpus.cases] == ["c1"]
    assert corpus.dangling == {}


def test_kinds_are_optional_and_the_same_id_may_name_records_of_two_kinds(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE)
    write(tmp_path, "actions.jsonl", {"id": "a1", "name": "n"})

    corpus = read_corpus(tmp_path)

    assert (corpus.templates, corpus.cases) == ((), ())


def test_line_ends_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    first, second = json.dumps(ARTICLE), json.dumps(ARTICLE | {"id": "a2"})
    (tmp_path / "articles.jsonl").write_bytes(f"\n{first}\r\n \r\n\n{second}".encode())

    assert len(read_corpus(tmp_path).articles) == 2


def test_an_empty_file_is_a_kind_without_records(tmp_path: Path) -> None:
    write(tmp_path, "cases.jsonl")

    assert read_corpus(tmp_path) == Corpus(dangling={})


def test_ids_that_the_corpus_lacks_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE)
    write(
        tmp_path, "templates.jsonl", {"id": "t1", "name": "n", "body": "b", "language": "de", "articles": ["a1", "a9"]}
    )
    write(tmp_path, "actions.jsonl", {"id": "x1", "name": "n", "articles": ["a8"], "templates": ["t1"]})
    used = {"articles": ["a1", "a9", {"id": "a9", "after_message": 1}], "templates": ["t9"], "actions": ["x1"]}
    write(tmp_path, "cases.jsonl", CASE | used, CASE | {"id": "c2", "articles": ["a9"]})

    assert read_corpus(tmp_path).dangling == {
        "templates.articles": {"a9": 1},
        "actions.articles": {"a8": 1},
        "cases.articles": {"a9": 3},
        "cases.templates": {"t9": 1},
    }


def test_what_a_case_used_and_another_replaces_lacks_in_nothing_but_other_records_may_not_name_it(
    tmp_path: Path,
) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE | {"replaces": ["a0"]})
    write(tmp_path, "templates.jsonl", {"id": "t1", "name": "n", "body": "b", "language": "de", "articles": ["a0"]})
    write(tmp_path, "cases.jsonl", CASE | {"articles": ["a0"]})

    assert read_corpus(tmp_path).dangling == {"templates.articles": {"a0": 1}}


def test_every_message_names_file_line_and_key(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE, b"", ARTICLE | {"id": "a2", "valid_from": "2026-01-01"})
    write(tmp_path, "cases.jsonl.gz", CASE | {"subject": None}, b"[1]", b'{"id": "c3", "id": "c4"}')

    time = "expected an RFC 3339 time with zone such as 2026-01-01T00:00:00Z"
    something = "expected at least one that is not blank"
    assert messages(tmp_path) == [
        f'articles.jsonl:3: /valid_from: found "2026-01-01", {time}',
        f"cases.jsonl.gz:1: /messages: found neither subject, description nor messages, {something}",
        "cases.jsonl.gz:2: found a list, expected an object",
        'cases.jsonl.gz:3: column 14: found the key "id" twice in one object, expected each key once',
    ]


def test_an_id_that_is_there_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE, b"", ARTICLE, {"id": "a1"})

    found = messages(tmp_path)

    assert found[0] == 'articles.jsonl:3: /id: found "a1", which line 1 has already, expected each id once'
    assert found[1] == 'articles.jsonl:4: /id: found "a1", which line 1 has already, expected each id once'
    assert found[2] == "articles.jsonl:4: /title: required, but missing or null: add it"


def test_twenty_problems_of_a_file_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", *[b"oops"] * 25)
    write(tmp_path, "cases.jsonl", b"oops")

    with pytest.raises(CorpusErrors) as caught:
        read_corpus(tmp_path)

    shown = str(caught.value).splitlines()
    assert len(shown) == 22
    assert shown[20] == "articles.jsonl: and 5 more"
    assert shown[21].startswith("cases.jsonl:1: ")
    assert len(caught.value.problems) == 26
    assert caught.value.counts == {"articles.jsonl": 25, "cases.jsonl": 1}


def test_a_flood_of_problems_is_counted_but_not_kept(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", *[b"oops"] * 3_000)

    with pytest.raises(CorpusErrors) as caught:
        read_corpus(tmp_path)

    assert len(caught.value.problems) == 1_000
    assert str(caught.value).endswith("articles.jsonl: and 2980 more")


def test_text_that_is_not_utf_8_is_told_with_line_and_byte(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", ARTICLE, '{"id": "ü"}'.encode("latin-1"))
    write(tmp_path, "cases.jsonl", b"\xef\xbb\xbf" + json.dumps(CASE).encode())
    (tmp_path / "actions.jsonl").write_bytes(json.dumps(CASE).encode("utf-16"))

    found = messages(tmp_path)

    assert found[0].startswith("articles.jsonl:2: column 9: found byte 0xFC at byte 9, which is not UTF-8")
    assert found[1].startswith("actions.jsonl:1: found UTF-16")
    assert found[2].startswith("cases.jsonl:1: found a byte order mark")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-10],
        lambda data: data[:60] + b"\x00" * 20 + data[80:],
        lambda data: data + b"more",
        lambda _: b"{}",
        lambda _: b"",
    ],
)
def test_damaged_gzip_data_is_refused(tmp_path: Path, damage: Any) -> None:
    path = write(
        tmp_path,
        "cases.jsonl.gz",
        *[CASE | {"id": f"c{number}", "agent": f"agent-{number**3}"} for number in range(200)],
    )
    path.write_bytes(damage(path.read_bytes()))

    found = messages(tmp_path)

    assert "damaged gzip data" in found[-1]
    assert found[-1].startswith("cases.jsonl.gz:")


def test_overlong_lines_are_refused_and_the_others_still_checked(tmp_path: Path) -> None:
    write(tmp_path, "cases.jsonl", CASE | {"description": "x" * 5_000}, b"oops", CASE | {"id": "c2"})

    found = messages(tmp_path, Limits(line=1_000))

    assert found == [
        "cases.jsonl:1: found a line longer than 1000 bytes, expected at most that: split the record",
        'cases.jsonl:2: column 1: found "oops", expected a JSON value',
    ]


def test_a_line_may_be_as_long_as_its_bound(tmp_path: Path) -> None:
    line = json.dumps(CASE).encode()
    (tmp_path / "cases.jsonl").write_bytes(line + b"\r\n" + line.replace(b"c1", b"c2"))

    assert len(read_corpus(tmp_path, limits=Limits(line=len(line))).cases) == 2
    assert len(messages(tmp_path, Limits(line=len(line) - 1))) == 2


@pytest.mark.parametrize("content", [[CASE], [b"\n" * 100_000], [b"x" * 1_000_000]])
def test_a_small_packed_file_cannot_unpack_without_end(tmp_path: Path, content: list[Any]) -> None:
    write(tmp_path, "cases.jsonl.gz", *content, *[b"y" * 100] * 1_000)

    found = messages(tmp_path, Limits(line=1_000, file=50_000))

    assert (
        found[-1].endswith("found more than 50000 bytes (unpacked), expected at most that: split the corpus")
        or "more" in found[-1]
    )


def test_both_forms_of_a_kind_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "cases.jsonl", CASE)
    write(tmp_path, "cases.jsonl.gz", CASE)

    assert messages(tmp_path) == [
        "cases.jsonl: found beside cases.jsonl.gz, expected one of the two: remove the one that is out of date"
    ]


def test_a_folder_without_any_kind_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "corpus.jsonl", CASE)

    assert "found none of articles.jsonl, templates.jsonl, actions.jsonl, cases.jsonl" in messages(tmp_path)[0]
    assert "found no folder of this name" in messages(tmp_path / "absent")[0]
    assert "found no folder of this name" in messages(tmp_path / "corpus.jsonl")[0]


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").mkdir()
    (tmp_path / "articles.jsonl").symlink_to(tmp_path / "nowhere")

    assert messages(tmp_path) == [
        "articles.jsonl: found no regular file of this name, expected JSON Lines",
        "cases.jsonl: found no regular file of this name, expected JSON Lines",
    ]


def test_progress_is_told_by_file_and_ends_with_its_size(tmp_path: Path) -> None:
    path = write(tmp_path, "cases.jsonl.gz", *[CASE | {"id": f"c{number}"} for number in range(2_500)])
    told: list[tuple[str, int, int]] = []

    read_corpus(tmp_path, progress=lambda *values: told.append(values))

    size = path.stat().st_size
    assert told[-1] == ("cases.jsonl.gz", size, size)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_single_file_of_cases_is_read_as_strictly(tmp_path: Path) -> None:
    good = write(tmp_path, "heute.jsonl", CASE)
    packed = write(tmp_path, "heute.jsonl.gz", CASE)
    bad = write(tmp_path, "bad.jsonl", CASE, CASE)

    assert [case.id for case in read_cases(good)] == ["c1"]
    assert read_cases(packed) == read_cases(good)
    with pytest.raises(CorpusErrors, match=r'bad\.jsonl:2: /id: found "c1", which line 1 has already'):
        read_cases(bad)
    with pytest.raises(CorpusErrors, match=r"absent\.jsonl: found no regular file"):
        read_cases(tmp_path / "absent.jsonl")
