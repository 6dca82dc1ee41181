"""The main language of a snapshot is that of the items it was built from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.models import DEFAULT_LANGUAGE, Article
from index.main_language import commonest, main_language

GERMAN = Article(id="a", title="t", body="b", language="de-AT")
ENGLISH = replace(GERMAN, id="b", language="en")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], DEFAULT_LANGUAGE),
        ([GERMAN, ENGLISH, replace(ENGLISH, id="c")], "en"),
        ([GERMAN, ENGLISH], "de"),
        ([GERMAN, replace(ENGLISH, audience=("intern",)), replace(ENGLISH, id="c", audience=("intern",))], "de"),
    ],
)
def test_the_language_that_most_public_items_name_is_the_main_one(items: list[Article], expected: str) -> None:
    assert main_language(items) == expected


def test_of_languages_named_as_often_the_first_by_name_is_taken() -> None:
    assert commonest({"fr": 2, "en": 2, "de": 1}) == "en"
    assert commonest({}) == DEFAULT_LANGUAGE
