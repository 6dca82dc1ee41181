"""What an agent is told before a text is sent that should not be sent as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assist.sendable import Sending, sending_warnings
from assist.template_warnings import _TEXTS
from corpus.models import Article, Template

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def warnings(articles: tuple[Article, ...] = (), *, words: str = "de", **fields: Any) -> tuple[str, ...]:
    case = {"case_language": fields.pop("case_language", "de"), "channel": fields.pop("channel", "email")}
    template = Template(**{"id": "t", "name": "n", "language": "de", "body": "x"} | fields)
    return sending_warnings(template, articles, Sending(**case, as_of=NOW, language=words))


def article(**fields: Any) -> Article:
    return Article(**{"id": "a", "title": "Umzug", "body": "x", "language": "de"} | fields)


def test_a_text_that_can_be_sent_has_no_warnings():
    assert warnings((article(),), valid_from=NOW, valid_until=NOW + DAY) == ()


@pytest.mark.parametrize(("case_language", "language"), [("en", "de"), ("de-AT", "en-GB"), ("fr", "de")])
def test_another_language_than_that_of_the_case_is_told(case_language, language):
    assert len(warnings(case_language=case_language, language=language)) == 1


def test_languages_are_compared_by_their_main_part_and_only_if_known():
    assert warnings(case_language="de-CH", language="de-AT") == ()
    assert warnings(case_language=None, language="en") == ()


def test_languages_are_named_in_the_language_of_the_warning():
    assert warnings(language="en") == ("Die Vorlage ist auf Englisch geschrieben, das Anliegen auf Deutsch.",)
    assert warnings(language="en", words="en") == ("The template is written in English, the case in German.",)


def test_a_template_out_of_its_time_or_unpublished_is_told():
    assert warnings(valid_until=NOW) == ("Die Vorlage gilt seit 1. Juni 2026, 12:00 Uhr (UTC) nicht mehr.",)
    assert warnings(valid_from=NOW + DAY, words="en") == ("The template is not valid before 2 June 2026, 12:00 (UTC).",)
    assert warnings(status="archived") == ("Die Vorlage ist nicht veröffentlicht (archiviert).",)


def test_an_article_out_of_its_time_or_unpublished_is_named():
    assert warnings((article(valid_until=NOW - DAY),)) == (
        "Der zugehörige Artikel „Umzug“ gilt seit 31. Mai 2026, 12:00 Uhr (UTC) nicht mehr.",
    )
    told = warnings((article(valid_from=NOW + DAY), article(status="draft")), words="en")
    assert told == (
        "Its article “Umzug” is not valid before 2 June 2026, 12:00 (UTC).",
        "Its article “Umzug” is not published (draft).",
    )


@pytest.mark.parametrize("channel", ["email", "chat", "social", "letter"])
def test_an_internal_text_is_not_meant_for_a_channel_that_reaches_the_customer(channel):
    (told,) = warnings(audience=("level2",), channel=channel)

    assert "level2" in told
    assert channel in told


@pytest.mark.parametrize("channel", ["phone", None])
def test_on_the_telephone_an_internal_text_guides_the_agent(channel):
    assert warnings(audience=("level2",), channel=channel) == ()


def test_public_texts_are_for_every_channel():
    assert warnings(audience=("level2", "public")) == ()


def test_every_warning_exists_in_both_languages():
    assert set(_TEXTS["de"]) == set(_TEXTS["en"])
