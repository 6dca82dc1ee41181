"""Through the whole program: nobody is found in the index, the answers, the store's agents, or the logs."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assist.api.record_json import record_json
from assist.models import SearchRequest, SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.models import Case
from corpus.privacy.masking import Masking
from corpus.store import Store
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import load_current_or_last_good
from index.spaces import MASKING_BLOB
from tests.conftest import Build, WriteCorpus, small_corpus

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PUBLIC = frozenset({"public"})
SECRETS = ("Zwirbelhuber", "0171 2345678", "0532 0130", "4711-0815", "Kirchweg", "posteo", "agent-geheim")
OPEN = Case(
    id="",
    description="Zwirbelhuber: Router blinkt rot, nichts geht. Tel. 0171 2345678, IBAN DE89 3704 0044 0532 0130 00",
    language="de",
)
CONTACT = {"contact": {"salutation": "Herr", "last_name": "Zwirbelhuber"}, "agent": {"name": "agent-geheim"}}


def _corpus() -> dict[str, list[dict[str, Any]]]:
    rows = small_corpus()
    for row in rows["cases"]:
        closed = datetime.now(UTC).isoformat()
        row |= {"agent": "agent-geheim", "opened_at": closed, "closed_at": closed, "customer_id": "k-1"}
        row["customer"] = {"last_name": "Zwirbelhuber", "segment": "privat"}
        row["description"] += " Kundennummer 4711-0815, Kirchweg 14, 12345 Niederlohe."
        row["messages"] = [{"role": "customer", "text": f"{row['description']} z@posteo.example"}]
        row["resolution"] = "Herrn Zwirbelhuber unter 0171 2345678 erreicht, auf DE89 3704 0044 0532 0130 00 erstattet."
    return rows


@pytest.fixture
def suggester(write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings) -> Suggester:
    build_index(write_corpus(_corpus()))
    return current_suggester(Settings(index=index_settings))


def ask(**fields: Any) -> SuggestRequest:
    later = datetime(2100, 1, 1, tzinfo=UTC)
    return SuggestRequest(**{"case": OPEN, "context": CONTACT, "min_confidence": 0.0, "as_of": later, **fields})


def found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.casefold() in text.casefold()]


def test_no_file_of_the_snapshot_holds_personal_data(suggester: Suggester, index_settings: IndexSettings) -> None:
    verified, _ = load_current_or_last_good(index_settings.var)

    assert suggester.snapshot_id == verified.manifest.snapshot_id
    assert {name for name, blob in verified.blobs.items() if found(blob.decode("utf-8", "ignore"))} == set()


def test_similar_cases_are_shown_with_marks(suggester: Suggester) -> None:
    similar = suggester.suggest(ask()).similar_cases
    assert similar

    assert similar[0].case.resolution == "Herrn [Name] unter [Telefon] erreicht, auf [IBAN] erstattet."
    assert found(" ".join(str(each) for each in similar)) == []


def test_a_template_still_greets_the_customer_by_name(suggester: Suggester) -> None:
    rendered = [each.rendered.text for each in suggester.suggest(ask()).templates or ()]

    assert any("Zwirbelhuber" in text for text in rendered)


def test_a_record_is_shown_with_its_customer_id_but_without_agent(suggester: Suggester) -> None:
    record = suggester.record("cases", "c4", PUBLIC)
    assert record is not None
    shown = record_json(record)

    assert shown["customer_id"] == "k-1"
    assert "agent" not in shown
    assert found(json.dumps(shown, ensure_ascii=False)) == []


def test_a_search_finds_cases_and_shows_nobody(suggester: Suggester) -> None:
    hits = suggester.search(SearchRequest(query="Router blinkt rot", kinds=("cases",))).results["cases"]

    assert hits
    assert found(" ".join(f"{hit.title} {hit.excerpt}" for hit in hits)) == []


def test_personal_data_in_a_case_changes_nothing_in_what_is_suggested(suggester: Suggester) -> None:
    def ranked(case: Case) -> Mapping[str, list[tuple[str, float]]]:
        answer = suggester.suggest(ask(case=case))
        kinds = ("articles", "templates", "actions", "similar_cases")
        return {kind: [(each.id, each.score) for each in getattr(answer, kind)] for kind in kinds}

    other = "Brandt: Router blinkt rot, nichts geht. Tel. 030 23125377, IBAN NL91 ABNA 0417 1643 00"
    contact = {"contact": {"last_name": "Brandt"}}
    answer = suggester.suggest(ask(case=replace(OPEN, description=other), context=contact))

    assert ranked(OPEN)["articles"] == [(each.id, each.score) for each in answer.articles or ()]
    assert ranked(OPEN)["similar_cases"] == [(each.id, each.score) for each in answer.similar_cases or ()]


def test_the_store_keeps_agents_as_hashes_only(suggester: Suggester, index_settings: IndexSettings) -> None:
    with Store.open(index_settings.database) as store:
        agents = [json.loads(payload)["agent"] for _, _, payload in store.live_records("cases")]

    assert len(set(agents)) == 1
    assert agents[0].startswith(f"{datetime.now(UTC).year}Q")
    assert b"agent-geheim" not in index_settings.database_file.read_bytes()


def test_importing_the_same_folder_again_changes_no_case(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    folder = write_corpus(_corpus())
    build_index(folder)
    again = build_index(folder).imported

    assert again is not None
    assert (again.changed, again.unchanged) == (0, 5 + 3 + 4 + 6)


def test_the_logs_of_building_and_asking_name_nobody(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        build_index(write_corpus(_corpus()))
        current_suggester(Settings(index=index_settings)).suggest(ask())

    assert found(caplog.text) == []


def test_an_index_built_without_masking_is_masked_as_it_is_opened(
    write_corpus: WriteCorpus, index_settings: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    off = replace(index_settings, masking=Masking(enabled=False))
    build(off, open_encoder("toy", off.models), write_corpus(_corpus()), SilentReporter())
    as_given = current_suggester(Settings(index=off)).suggest(ask()).similar_cases
    masked = current_suggester(Settings(index=index_settings)).suggest(ask()).similar_cases
    assert as_given
    assert masked

    assert "Zwirbelhuber" in str(as_given[0])
    assert "agent-geheim" not in str(as_given[0])
    assert found(str(masked)) == []
    assert "build again with `make reindex`" in caplog.text


def test_masking_is_part_of_what_a_snapshot_is(write_corpus: WriteCorpus, index_settings: IndexSettings) -> None:
    def built(*, enabled: bool) -> tuple[str, bytes]:
        settings = replace(index_settings, masking=Masking(enabled=enabled))
        build(settings, open_encoder("toy", settings.models), write_corpus(small_corpus()), SilentReporter())
        verified, _ = load_current_or_last_good(settings.var)
        return verified.manifest.snapshot_id, verified.blobs[MASKING_BLOB]

    assert built(enabled=True)[0] != built(enabled=False)[0]
    assert json.loads(built(enabled=True)[1])["enabled"] is True
