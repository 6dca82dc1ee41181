"""A case that names no template, but in which one was sent, votes for it as if it had been logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assist.models import Suggestions, SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.models import Case, Message, Template
from corpus.store import Store
from index.builder import build
from index.encoders import open_encoder
from index.labels import with_recovered_uses
from index.progress import SilentReporter
from index.settings import IndexSettings, SettingsError, read_index_settings
from index.situations import situations
from index.snapshot import load_current_or_last_good
from tests.conftest import Build, WriteCorpus, small_corpus

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ASKED = Case(id="", description="Die Rechnung wurde doppelt abgebucht, ich möchte mein Geld zurück.", language="de")
SENT = "Guten Tag Frau Yılmaz, wir erstatten die doppelte Abbuchung noch heute auf Ihr Konto."
LINK = "https://hilfe.example/rechnung-doppelt"


def _corpus(*, answer: str = SENT) -> dict[str, list[dict[str, Any]]]:
    """The small corpus, in which nobody logged templates and articles; two cases have their turns."""
    rows = small_corpus()
    rows["templates"][0]["body"] = (
        "Guten Tag {{ contact.last_name }}, wir erstatten die doppelte Abbuchung noch heute auf Ihr Konto."
    )
    rows["articles"][0]["url"] = LINK
    for row in rows["cases"]:
        row["templates"], row["articles"] = [], []
    for row in rows["cases"][:2]:
        turns = [("customer", row.pop("description")), ("agent", f"{answer} {LINK}"), ("customer", "Danke!")]
        row["messages"] = [{"role": role, "text": text} for role, text in turns]
    return rows


def _suggest(settings: IndexSettings, audiences: frozenset[str] = frozenset({"public"})) -> Suggestions:
    request = SuggestRequest(case=ASKED, min_confidence=0.0, as_of=NOW, audiences=audiences)
    return current_suggester(Settings(index=settings)).suggest(request)


def _supported(items: Any) -> dict[str, int]:
    """Return how many similar cases speak for each item."""
    return {
        item.id: reason.facts["supporters"]
        for item in items or ()
        for reason in item.reasons
        if reason.kind == "history"
    }


def test_a_sent_template_and_a_sent_link_vote_though_nobody_logged_them(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(_corpus()))
    answer = _suggest(index_settings)
    assert _supported(answer.templates) == {"t-gutschrift": 2}
    assert _supported(answer.articles) == {"rechnung-doppelt": 2}


def test_other_words_vote_for_nothing(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(_corpus(answer="Ich kümmere mich darum.")))
    assert _supported(_suggest(index_settings).templates) == {}


def test_switched_off_only_given_labels_teach(write_corpus: WriteCorpus, index_settings: IndexSettings) -> None:
    settings = replace(index_settings, recover_labels=False)
    build(settings, open_encoder("toy", settings.models), write_corpus(_corpus()), SilentReporter())
    answer = _suggest(settings)
    assert (_supported(answer.templates), _supported(answer.articles)) == ({}, {})


def test_similar_cases_and_the_store_keep_given_labels_only(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(_corpus()))
    verified, _ = load_current_or_last_good(index_settings.var)
    assert b"t-gutschrift" not in verified.blobs["cases.jsonl"]
    with Store.open(index_settings.database, create=False) as store:
        kept = [payload for _, _, payload in store.live_records("cases", of=store.live_state())]
    assert len(kept) == 6
    assert not any("t-gutschrift" in payload for payload in kept)


def test_the_reply_itself_is_not_known_when_its_template_is_learned() -> None:
    turns = (Message(role="customer", text="Die Rechnung stimmt nicht."), Message(role="agent", text=SENT))
    body = SENT.replace("Frau Yılmaz", "{{ contact.last_name }}")
    template = Template(id="t-gutschrift", name="Gutschrift", body=body, language="de")
    (labelled,) = with_recovered_uses([Case(id="c", messages=turns)], {"templates": [template], "articles": []})
    (only,) = situations(labelled, row=0)
    assert [use.id for use in only.uses] == ["t-gutschrift"]
    assert "stimmt nicht" in only.text
    assert "erstatten" not in only.text


@pytest.mark.parametrize(("raw", "on"), [("", True), ("on", True), ("off", False)])
def test_it_is_on_unless_it_is_switched_off(raw: str, on: bool) -> None:
    assert read_index_settings({"ASSIST_RECOVER_LABELS": raw}).recover_labels is on


def test_another_value_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="ASSIST_RECOVER_LABELS: found 'yes', expected on or off"):
        read_index_settings({"ASSIST_RECOVER_LABELS": "yes"})
