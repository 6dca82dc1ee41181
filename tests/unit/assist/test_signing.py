from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from assist.signing import (
    MAX_CHANNEL,
    AskedFor,
    SuggestionKey,
    SuggestionSigner,
    UnknownSuggestionError,
    load_secret,
    secret_or_unavailable,
)
from assist.unavailable import Unavailable
from corpus.secret_files import SecretFileError

KEY = SuggestionKey(kind="articles", id="rechnung-doppelt", snapshot="ab12", rank=1, score=3.25, confidence=0.71)


def test_an_id_says_what_it_was_made_of() -> None:
    signer = SuggestionSigner(b"s" * 32)
    assert signer.read(signer.sign(KEY)) == KEY
    assert signer.sign(KEY) == SuggestionSigner(b"s" * 32).sign(KEY)


FOR = AskedFor(case_id="5003X00002AbCdEQAV", channel="email", language="de", agent="2026Q4-0123456789abcdef")


@pytest.mark.parametrize(
    "asked_for",
    [FOR, AskedFor(case_id="c1"), AskedFor(agent="2026Q4-0123456789abcdef"), AskedFor(language="en", channel="chat")],
)
def test_an_id_says_whom_it_was_made_for(asked_for: AskedFor) -> None:
    signer = SuggestionSigner(b"s" * 32)
    key = replace(KEY, asked_for=asked_for)
    assert signer.read(signer.sign(key)) == key


def test_an_id_of_an_earlier_version_is_still_read() -> None:
    serializer = URLSafeSerializer(b"s" * 32, salt="stichwort.suggestion")
    earlier = serializer.dumps(["articles", "rechnung-doppelt", "ab12", 1, 3.25, 0.71])
    assert SuggestionSigner(b"s" * 32).read(str(earlier)) == KEY


def test_an_id_is_short_where_the_ids_in_it_are_such_as_crms_give() -> None:
    key = replace(
        KEY,
        id="kündigung-außerordentlich-nach-preiserhöhung-gaszähler-österreich",
        snapshot="3d79df3d55f999a4",
        kind="similar_cases",
        score=-123.12345,
        confidence=0.12345678901234568,
        asked_for=replace(FOR, case_id="0f8fad5b-d9cb-469f-a165-70867728950e", channel="x" * MAX_CHANNEL),
    )
    assert len(SuggestionSigner(b"s" * 32).sign(key)) < 600


@pytest.mark.parametrize("forged", ["", "x", "WyJhcnRpY2xlcyJd.abc", "ä", "." * 500])
def test_an_id_of_another_hand_is_refused(forged: str) -> None:
    with pytest.raises(UnknownSuggestionError):
        SuggestionSigner(b"s" * 32).read(forged)


def test_an_id_signed_with_another_secret_is_refused() -> None:
    with pytest.raises(UnknownSuggestionError):
        SuggestionSigner(b"s" * 32).read(SuggestionSigner(b"t" * 32).sign(KEY))


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_secret(tmp_path / "var")
    assert load_secret(tmp_path / "var") == first
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["secret.key"]


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from assist.signing import load_secret; "
        "print(load_secret(Path(sys.argv[1])).hex())"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in running}) == 1


@pytest.mark.parametrize("content", ["abcd\n", "", "kein Schluessel", "ab" * 33])
def test_a_damaged_secret_is_named_with_the_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content, encoding="ascii")
    with pytest.raises(SecretFileError, match=r"secret\.key: found .*expected 32 bytes.*remove it"):
        load_secret(tmp_path)
    assert (tmp_path / "secret.key").read_text(encoding="ascii") == content


@pytest.mark.parametrize("damage", ["damaged", "no file can be made"])
def test_a_request_that_needs_a_secret_which_cannot_be_had_may_come_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = tmp_path / "var"
    if damage == "damaged":
        path.mkdir()
        (path / "token.key").write_text("x")
    else:
        path.write_text("a file where the folder should be")
    with pytest.raises(Unavailable) as told:
        secret_or_unavailable(path, "token.key")
    assert str(tmp_path) not in str(told.value)
    assert str(tmp_path) in caplog.text
