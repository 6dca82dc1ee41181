"""Texts to measure with are distinct, of the length that is asked for, and the same every time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpora import changed, write_articles, write_service_corpus
from benchmarks.material import PASSAGE_WORDS, case_texts, demo_corpus, read_passages
from benchmarks.plan import ROOT
from benchmarks.random_encoder import RandomEncoder
from corpus.folder import Corpus, read_corpus
from index.article_passages import cut_articles
from index.encoders.toy import ToyEncoder


@pytest.fixture(scope="module")
def demo() -> Corpus:
    return demo_corpus(ROOT)


@pytest.fixture
def sections(tmp_path: Path) -> Path:
    rows = [
        {
            "title": f'<a name="x{number}"></a>Titel {number}',
            "body": " ".join(f"w{number}x{word}" for word in range(200)),
        }
        for number in range(10)
    ]
    path = tmp_path / "sections.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, [*rows, rows[0]])).encode("utf-8")))
    return path


def test_case_texts_have_exactly_the_words_asked_for_and_none_is_another(demo: Corpus) -> None:
    texts = case_texts(demo)
    made = [texts.text(number, 100) for number in range(3_000)]
    assert {len(text.split()) for text in made} == {100}
    assert len(set(made)) == len(made)


def test_sections_are_cut_without_markup_and_repetition(sections: Path, demo: Corpus) -> None:
    passages = read_passages(sections, 30, demo, 7)
    assert passages.source == "parts of sections.jsonl.gz"
    assert len(set(passages.rows)) == 30
    assert max(len(text.split()) for _, text in passages.rows) == PASSAGE_WORDS
    assert {title for title, _ in passages.rows} == {f"Titel {number}" for number in range(10)}


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(sections: Path, demo: Corpus) -> None:
    assert read_passages(sections, 12, demo, 7).rows == read_passages(sections, 60, demo, 7).rows[:12]


def test_where_sections_run_out_halves_are_joined_and_that_is_told(sections: Path, demo: Corpus) -> None:
    passages = read_passages(sections, 80, demo, 7)
    assert passages.source == "30 parts of sections.jsonl.gz, 50 of two halves joined"
    assert len(set(passages.rows)) == 80


def test_without_sections_texts_are_made_and_that_is_told(tmp_path: Path, demo: Corpus) -> None:
    passages = read_passages(tmp_path / "none.jsonl", 20, demo, 7)
    assert passages.source.startswith("made")
    assert len({text for _, text in passages.rows}) == 20
    assert passages == read_passages(None, 20, demo, 7)


def test_an_article_of_the_benchmark_is_one_passage(sections: Path, demo: Corpus, tmp_path: Path) -> None:
    rows = read_passages(sections, 40, demo, 7).rows
    articles = read_corpus(write_articles(tmp_path / "corpus", rows)).articles
    assert len(cut_articles(articles).texts) == 40


def test_one_article_in_so_many_changes(sections: Path, demo: Corpus) -> None:
    rows = read_passages(sections, 30, demo, 7).rows
    assert sum(one != other for one, other in zip(rows, changed(rows, 10), strict=True)) == 3


def test_solved_cases_use_what_the_case_did_that_they_begin_like(tmp_path: Path, demo: Corpus) -> None:
    texts = case_texts(demo)
    rows = read_passages(None, 5, demo, 7).rows
    made = read_corpus(write_service_corpus(tmp_path / "corpus", demo, rows, texts, 50))
    assert len(made.articles) == len(demo.articles) + 5
    assert len(made.cases) == 50
    for number, case in enumerate(made.cases):
        assert [use.id for use in case.articles] == [use.id for use in texts.case(number).articles]
    assert any(case.is_solved_history and case.templates for case in made.cases)


def test_random_vectors_have_the_form_of_the_encoder_that_they_stand_for() -> None:
    toy = ToyEncoder()
    stand_in = RandomEncoder(toy, seed=7)

    (short, long) = stand_in.encode_with_tokens(["Kein Netz", "Wort " * 400], role="passage")

    assert (stand_in.fingerprint, stand_in.name) == (toy.fingerprint, toy.name)
    assert short.vector.shape == (toy.dimension,)
    assert np.linalg.norm(short.vector) == pytest.approx(1.0, abs=1e-5)
    assert short.tokens.codes.shape == (3, toy.token_dimension)
    assert len(long.tokens) == 250
