"""What recovery is made of: the fixed words of templates, alignments, and the choice between rivals."""

from __future__ import annotations

import pytest

from corpus.recovery.alignment import align
from corpus.recovery.claims import Claim, believed
from corpus.recovery.shelf import Shelf, Text
from corpus.recovery.template_text import literal_words
from corpus.recovery.words import GAP, shingles
from tests.unit.corpus.recovery.material import template


@pytest.mark.parametrize(
    "field",
    [
        "{{ contact.last_name | default: 'Kundin' }}",
        "{{{Recipient.FirstName}}}",
        '{!BLANKVALUE(Contact.FirstName, "Kunde")}',
        "${customerName}",
        "{FirstName{Customer}}",
        "{!User:First Name;}",
        "#{ticket.owner.firstname}",
        "{{- ticket.requester.first_name -}}",
    ],
)
def test_merge_fields_of_every_known_syntax_are_gaps(field: str) -> None:
    assert literal_words(template("t", f"Guten Tag {field}, danke")).words == ("guten", "tag", GAP, "danke")


def test_comments_are_not_sent_and_conditions_only_perhaps() -> None:
    found = literal_words(
        template(
            "t",
            "eins {% comment %}intern{% endcomment %}{% if a %}zwei {% for b in c %}drei{% endfor %}{% endif %} vier",
        )
    )
    said = {word: optional for word, optional in zip(found.words, found.optional, strict=True) if word != GAP}
    assert said == {"eins": False, "zwei": True, "drei": True, "vier": False}


def test_addresses_are_no_words() -> None:
    assert literal_words(template("t", "siehe https://x.example/a/b?c=d dort")).words == ("siehe", "dort")


def test_what_both_say_in_the_same_order_is_aligned() -> None:
    document = {shingle: [at] for at, shingle in shingles(["a", "b", "c", "d", "e", "f", "g", "h"], 2)}
    found = align(document, list(shingles(["x", "g", "h", "a", "b", "c", "y", "d", "e"], 2)), 2)
    assert sorted(found.document) == [0, 1, 2, 3, 4]
    assert sorted(found.message) == [3, 4, 5, 7, 8]


def test_nothing_in_common_aligns_nothing() -> None:
    assert align({"a b": [0]}, [(0, "c d")], 2).message == frozenset()


def test_words_that_many_documents_say_weigh_little() -> None:
    shared = ["wir", "danken", "für", "ihre", "nachricht"]
    texts = [
        Text(id=str(number), words=[*shared, GAP, f"a{number}", f"b{number}", f"c{number}"]) for number in range(10)
    ]
    first = Shelf.of(texts, size=3).documents[0]
    assert first.weights[:5] == [0.1] * 5
    assert first.weights[6:] == [1.0] * 3
    assert first.length == 8
    assert first.coverage(frozenset(range(5))) == pytest.approx(0.5 / 3.5)


def test_what_is_not_wanted_counts_but_is_never_compared() -> None:
    words = ["mit", "freundlichen", "grüßen", "ihre", "lindfunk"]
    shelf = Shelf.of([Text(id="t", words=words), Text(id="f", words=words, wanted=False)], size=3)
    assert set(shelf.documents[0].weights) == {0.5}
    assert [document.text.id for document, _ in shelf.compare(words)] == ["t"]


def _claim(name: str, words: range, coverage: float, **more: object) -> Claim:
    return Claim(**{"id": name, "words": frozenset(words), "coverage": coverage, "convincing": True, **more})  # type: ignore[arg-type]


def _ids(*claims: Claim) -> list[str]:
    return [claim.id for claim in believed(claims)]


def test_claims_to_different_words_are_both_believed() -> None:
    assert _ids(_claim("a", range(10), 0.9), _claim("b", range(8, 20), 0.7)) == ["a", "b"]


def test_the_better_explanation_is_believed() -> None:
    assert _ids(_claim("whole", range(20), 0.7), _claim("part", range(10), 1.0)) == ["whole"]
    assert _ids(_claim("whole", range(10), 0.4), _claim("part", range(10), 1.0)) == ["part"]
    assert _ids(_claim("old", range(19), 0.97), _claim("new", range(20), 1.0)) == ["new"]


def test_where_what_tells_two_apart_may_have_been_left_out_none_is_believed() -> None:
    assert _ids(_claim("a", range(20), 0.85), _claim("b", range(20), 0.7)) == []
    assert _ids(_claim("a", range(20), 1.0), _claim("b", range(20), 1.0)) == []


def test_a_claim_that_does_not_convince_still_keeps_its_equal_from_being_believed() -> None:
    assert _ids(_claim("a", range(20), 0.6), _claim("b", range(20), 0.59, convincing=False)) == []


def test_of_equals_the_heir_is_believed_and_a_circle_has_none() -> None:
    old, new = _claim("old", range(9), 1.0), _claim("new", range(9), 1.0, replaces=frozenset({"old"}))
    assert _ids(old, new) == ["new"]
    assert _ids(_claim("old", range(9), 1.0, replaces=frozenset({"new"})), new) == []
