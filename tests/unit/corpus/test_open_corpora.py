"""The open history sets, read in place where they are: they are large, and they are real."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from corpus.codec import from_json, to_json
from corpus.folder import CorpusErrors, read_corpus
from corpus.models import KINDS

REPOSITORY = Path(__file__).parents[3]
HISTORY = Path(os.environ.get("STICHWORT_OPEN_DATA", REPOSITORY.parent / "shared" / "data")) / "history"

pytestmark = pytest.mark.skipif(not HISTORY.is_dir(), reason="the open data sets are not here: set STICHWORT_OPEN_DATA")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("roboai_de", (0, 207, 0, 3168, 0)),
        pytest.param("roboai_en", (0, 208, 0, 3903, 0), marks=pytest.mark.slow),
        pytest.param("star_en", (0, 0, 173, 4440, 0), marks=pytest.mark.slow),
    ],
)
def test_real_corpora_read_clean_and_survive_the_round_trip(name: str, counts: tuple[int, ...]) -> None:
    corpus = read_corpus(HISTORY / name)

    assert tuple(len(getattr(corpus, kind)) for kind in KINDS) == counts
    assert corpus.dangling == {}
    for kind in KINDS:
        for record in getattr(corpus, kind):
            assert from_json(kind, to_json(record)) == record


@pytest.mark.slow
def test_an_id_with_a_question_mark_is_the_only_fault_of_banking77(tmp_path: Path) -> None:
    """One of its 77 intents is called ``reverted_card_payment?``, which no id of the contract may be."""
    with pytest.raises(CorpusErrors) as caught:
        read_corpus(HISTORY / "banking77_en")
    assert all('found "reverted_card_payment?", expected an id' in problem.message for problem in caught.value.problems)

    for name in ("articles.jsonl", "cases.jsonl.gz"):
        data = (HISTORY / "banking77_en" / name).read_bytes()
        text = gzip.decompress(data) if name.endswith(".gz") else data
        (tmp_path / name.removesuffix(".gz")).write_bytes(
            text.replace(b'"reverted_card_payment?"', b'"reverted_card_payment"')
        )
    corpus = read_corpus(tmp_path)
    assert (len(corpus.articles), len(corpus.cases), corpus.dangling) == (77, 13_083, {})
