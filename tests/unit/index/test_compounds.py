"""Compounds are cut into words that the corpus knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.analysis import analyzer_for
from index.compounds import MIN_PART, CompoundSplitter

COUNTS = {
    "rechnung": 10, "kopie": 4, "kunde": 20, "dienst": 5, "vertraege": 8, "ende": 3, "hausrat": 4, "haus": 30,
    "versicherung": 5, "aktion": 6, "plan": 9, "aktie": 7, "freitag": 2, "frei": 2, "grundstueck": 3,
}  # fmt: skip


def plain() -> CompoundSplitter:
    return CompoundSplitter.fit(COUNTS)


def stemmed() -> CompoundSplitter:
    return CompoundSplitter.fit(COUNTS, stem=analyzer_for("de").stem)


def test_linking_elements_belong_to_no_part() -> None:
    assert plain().parts("rechnungskopie") == ("rechnung", "kopie")
    assert plain().parts("kundendienst") == ("kunde", "dienst")


def test_the_most_frequent_parts_win_as_in_koehn_and_knight() -> None:
    # The paper's example: "Aktionsplan" is cut by the geometric means of its parts' frequencies.
    splitter = CompoundSplitter.fit({"aktion": 960, "plan": 710, "akt": 224, "ion": 1, "akti": 2, "onsplan": 2})

    assert splitter.parts("aktionsplan") == ("aktion", "plan")


def test_fewer_parts_win_among_equals() -> None:
    splitter = CompoundSplitter.fit({"hausrat": 3, "haus": 3, "rate": 3, "versicherung": 3, "hausrate": 3})

    assert splitter.parts("hausrateversicherung") == ("hausrate", "versicherung")


def test_three_parts_are_found() -> None:
    assert plain().parts("hausratversicherungsrechnung") == ("hausrat", "versicherung", "rechnung")


def test_inflected_parts_meet_their_stem() -> None:
    parts = stemmed().parts

    assert parts("rechnungskopien") == parts("rechnungskopie")
    assert parts("vertragsende") == (analyzer_for("de").stem("vertrag"), analyzer_for("de").stem("ende"))


def test_words_that_are_no_compounds_stay_whole() -> None:
    for word in ("rechnung", "haus", "unbekanntes", "", "plan", "a" * 500, "f1204"):
        assert plain().parts(word) == ()


@given(st.text(alphabet="abdehikloprstu", max_size=30))
def test_parts_are_known_words_in_their_order(word: str) -> None:
    rest = word
    for part in plain().parts(word):
        assert part in COUNTS
        assert len(part) >= MIN_PART
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


def test_blobs_hold_everything_and_are_the_same_whatever_the_order() -> None:
    backwards = CompoundSplitter.fit(dict(reversed(COUNTS.items())))

    assert backwards.to_blobs() == plain().to_blobs()
    assert CompoundSplitter.from_blobs(plain().to_blobs()).parts("kundendienst") == ("kunde", "dienst")
