"""What pins do to suggestions, over a real index with the toy encoder; what stands behind them is as without them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assist.models import Filters, Suggestion, Suggestions, SuggestRequest
from assist.signing import SuggestionSigner
from assist.suggest import Suggester
from corpus.models import Action, AllOf, AnyOf, Article, Case, Kind, Not, Pin, Record, Template, Test, Use
from corpus.times import parse_time
from index.pins import Pins
from index.searcher import OpenSnapshot
from tests.layered_service import LayeringIndexer

NOW = parse_time("2026-12-01T12:00:00Z")
CHAT, POWER = Test("case.channel", "eq", "chat"), Test("case.product", "eq", "strom")
DOUBLE = Case(id="", description="Die Rechnung wurde doppelt abgebucht", language="de", channel="chat", product="strom")
REASON = "Preisänderung zum 1. Dezember"
PIN = Pin(id="p", kind="articles", item="preise", effect="pin", reason=REASON)
FORBID = replace(PIN, id="f", effect="forbid", item="rechnung")
TOPICS = ("Router", "Umzug", "Tarif", "Zähler", "Störung", "Mahnung", "Rufnummer", "Vollmacht")


def _article(name: str, title: str, body: str, **more: Any) -> Article:
    return Article(id=name, title=title, body=body, language="de", **more)


def world() -> dict[Kind, list[Record]]:
    """Some 130 articles, so that most are no candidates; a few actions and templates; three solved cases."""
    articles = [
        _article(
            "rechnung", "Doppelte Abbuchung einer Rechnung", "Wurde eine Rechnung doppelt abgebucht, erstatten wir."
        ),
        _article("mahnung", "Rechnung und Mahnung", "Eine Rechnung, die doppelt kam, mahnen wir nicht."),
        _article("preise", "Neue Preise", "Zum Jahresende gelten andere Tarife."),
        _article("intern", "Kulanz", "Nur intern.", audience=("second_level",)),
        _article("alt", "Advent", "Vorbei.", valid_until=parse_time("2026-01-01T00:00:00Z")),
        _article("gas", "Gas", "Nur für Gas.", products=("gas",)),
        _article("en", "Prices", "New prices.", products=()),
    ]
    articles[-1] = replace(articles[-1], language="en")
    articles += [
        _article(f"fern-{number:03d}", f"{topic} {number}", f"Zu {topic} gilt Regel {number} der Ordnung {number * 7}.")
        for number in range(120)
        for topic in [TOPICS[number % len(TOPICS)]]
    ]
    templates = [
        Template(id="t-gutschrift", name="Gutschrift", body="Wir erstatten die doppelte Rechnung.", language="de"),
        Template(id="t-umzug", name="Umzug", body="Wir ziehen mit.", language="de"),
    ]
    actions = [
        Action(id="gutschreiben", name="Rechnung gutschreiben", description="Doppelte Abbuchung erstatten"),
        Action(id="melden", name="Störung melden", max_per_case=1),
        Action(id="nur-email", name="Schreiben", when=Test("case.channel", "eq", "email")),
    ]
    cases = [
        Case(
            id=f"c{number}",
            description="Rechnung doppelt abgebucht",
            language="de",
            closed_at=parse_time(f"2026-03-0{number}T09:00:00Z"),
            articles=(Use(id="rechnung"),),
            actions=(Use(id="gutschreiben"),),
        )
        for number in (1, 2, 3)
    ]
    return {"articles": [*articles], "templates": [*templates], "actions": [*actions], "cases": [*cases]}


@pytest.fixture(scope="module")
def indexer(tmp_path_factory: pytest.TempPathFactory) -> LayeringIndexer:
    return LayeringIndexer(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def snapshot(indexer: LayeringIndexer) -> OpenSnapshot:
    return indexer.snapshot(world())


class Asking:
    """Asks a suggester about the same case, whatever pins there are."""

    def __init__(self, indexer: LayeringIndexer, snapshot: OpenSnapshot) -> None:
        self._indexer, self._snapshot = indexer, snapshot

    def suggester(self, *pins: Pin) -> Suggester:
        return self._indexer.suggester(replace(self._snapshot, pins=Pins.of(pins)))

    def answer(self, *pins: Pin, **fields: Any) -> Suggestions:
        asked = SuggestRequest(**{"case": DOUBLE, "min_confidence": 0.0, "as_of": NOW, **fields})
        return self.suggester(*pins).suggest(asked)

    def articles(self, *pins: Pin, **fields: Any) -> tuple[Suggestion, ...]:
        return self.answer(*pins, **fields).articles or ()

    def ids(self, *pins: Pin, kind: str = "articles", **fields: Any) -> list[str]:
        return [each.id for each in getattr(self.answer(*pins, **fields), kind)]


@pytest.fixture
def asking(indexer: LayeringIndexer, snapshot: OpenSnapshot) -> Asking:
    return Asking(indexer, snapshot)


def told(items: tuple[Suggestion, ...]) -> list[tuple[Any, ...]]:
    return [(each.id, each.score, each.confidence, each.reasons) for each in items]


def test_a_pinned_item_comes_first_and_says_why_and_until_when(asking: Asking) -> None:
    assert asking.ids()[0] == "rechnung"
    first = asking.articles(replace(PIN, valid_until=parse_time("2027-01-01T00:00:00+01:00")))[0]
    assert (first.id, first.rank) == ("preise", 1)
    assert first.reasons[0].kind == "pin"
    assert first.reasons[0].text == "festgelegt bis 31.12.2026: Preisänderung zum 1. Dezember"
    assert first.reasons[0].facts == {"pin": "p", "reason": REASON, "valid_until": "2026-12-31T23:00:00Z"}


def test_the_reason_is_framed_in_the_language_of_the_reader(asking: Asking) -> None:
    english = asking.articles(replace(PIN, valid_until=parse_time("2027-01-01T00:00:00Z")), language="en")[0]
    assert english.reasons[0].text == f"pinned until 2026-12-31: {REASON}"
    assert asking.articles(replace(PIN, language="de"))[0].reasons[0].text == f"festgelegt: {REASON}"
    assert asking.articles(replace(PIN, language="de"))[0].reasons[0].facts["language"] == "de"


def test_what_stands_behind_is_as_without_the_pin_to_the_last_digit(asking: Asking) -> None:
    for name in ("preise", "fern-077", "mahnung", "rechnung"):
        without = told(asking.articles(limits={"articles": 4}))
        pinned = told(asking.articles(replace(PIN, item=name), limits={"articles": 4}))
        assert pinned[0][0] == name
        assert pinned[1:] == [each for each in without if each[0] != name][: len(pinned) - 1]
        assert len(pinned) == 4


def test_an_item_that_is_no_candidate_can_be_pinned_all_the_same(asking: Asking) -> None:
    suggester = asking.suggester()
    case = suggester.understand(SuggestRequest(case=DOUBLE, as_of=NOW))
    considered = suggester.consider("articles", case, suggester.look_back(case))
    candidates = {considered.id_at(position) for position in considered.ranking}
    far = sorted({f"fern-{number:03d}" for number in range(120)} - candidates)[0]
    first = asking.articles(replace(PIN, item=far))[0]
    assert first.id == far
    assert 0.0 <= first.confidence < 0.5


def test_a_pinned_item_keeps_its_own_confidence_and_scores_never_rise(asking: Asking) -> None:
    alone = {each.id: each for each in asking.articles(limits={"articles": 20})}
    shown = asking.articles(replace(PIN, item="mahnung"), limits={"articles": 20})
    assert shown[0].confidence == alone["mahnung"].confidence
    assert shown[0].confidence < shown[1].confidence
    scores = [each.score for each in shown]
    assert scores == sorted(scores, reverse=True)
    assert [each.rank for each in shown] == list(range(1, len(shown) + 1))
    assert shown[0].score == alone["rechnung"].score


def test_the_signed_id_tells_the_rank_that_was_shown(asking: Asking) -> None:
    for each in asking.articles(PIN):
        read = SuggestionSigner(b"toy").read(each.suggestion_id)
        assert (read.id, read.rank, read.score, read.confidence) == (each.id, each.rank, each.score, each.confidence)


def test_several_pins_stand_by_how_closely_they_describe_the_case(asking: Asking) -> None:
    every = replace(PIN, id="a", item="fern-001")
    chat = replace(PIN, id="b", item="fern-002", when=CHAT)
    both = replace(PIN, id="c", item="fern-003", when=AllOf((CHAT, POWER)))
    newer = replace(PIN, id="d", item="fern-004", updated_at=NOW)
    assert asking.ids(every, chat, both, newer, limits={"articles": 5}) == [
        "fern-003",
        "fern-002",
        "fern-004",
        "fern-001",
        "rechnung",
    ]


def test_of_several_pins_of_an_item_the_first_gives_the_place_and_the_reason(asking: Asking) -> None:
    special = replace(PIN, id="q", reason="Nur im Chat", when=CHAT)
    shown = asking.articles(PIN, special, replace(PIN, id="r", item="fern-001"), limits={"articles": 3})
    assert [each.id for each in shown] == ["preise", "fern-001", "rechnung"]
    assert [reason.facts["pin"] for reason in shown[0].reasons if reason.kind == "pin"] == ["q"]


def test_pins_take_places_of_the_limit_and_never_more(asking: Asking) -> None:
    pins = [replace(PIN, id=f"p{number}", item=f"fern-{number:03d}") for number in range(8)]
    assert asking.ids(*pins, limits={"articles": 3}) == ["fern-000", "fern-001", "fern-002"]
    assert asking.ids(PIN, limits={"articles": 1}) == ["preise"]


def test_a_pinned_item_is_shown_where_the_kind_would_abstain_and_brings_nobody_else_with_it(asking: Asking) -> None:
    assert asking.answer(min_confidence=1.0).abstained == ("articles", "templates", "actions", "similar_cases")
    answer = asking.answer(PIN, min_confidence=1.0)
    assert [each.id for each in answer.articles or ()] == ["preise"]
    assert answer.abstained == ("templates", "actions", "similar_cases")


def test_behind_a_pinned_item_stands_what_would_be_shown_behind_it_anyway(asking: Asking) -> None:
    best = asking.articles()[0]
    threshold = {"min_confidence": best.confidence, "limits": {"articles": 5}}
    assert asking.ids(replace(PIN, item="rechnung"), **threshold) == asking.ids(**threshold)


@pytest.mark.parametrize(
    ("pin", "is_first"),
    [
        (PIN, True),
        (replace(PIN, valid_from=NOW), True),
        (replace(PIN, valid_from=parse_time("2026-12-01T12:00:01Z")), False),
        (replace(PIN, valid_until=NOW), False),
        (replace(PIN, valid_until=parse_time("2026-12-01T12:00:01Z")), True),
        (replace(PIN, status="draft"), False),
        (replace(PIN, status="archived"), False),
        (replace(PIN, when=CHAT), True),
        (replace(PIN, when=Test("case.channel", "eq", "email")), False),
        (replace(PIN, when=Test("customer.segment", "eq", "privat")), False),
        (replace(PIN, when=AllOf((CHAT, Test("case.product", "eq", "gas")))), False),
        (replace(PIN, when=AnyOf((Test("case.product", "eq", "gas"), CHAT))), True),
        (replace(PIN, when=AnyOf(())), False),
        (replace(PIN, when=AllOf(())), True),
        (replace(PIN, when=Not(CHAT)), False),
        (replace(PIN, when=Not(AllOf((CHAT, Not(POWER))))), True),
        (replace(PIN, item="never-was"), False),
        (replace(PIN, kind="templates"), False),
    ],
)
def test_a_pin_counts_while_it_is_valid_and_its_rule_holds(asking: Asking, pin: Pin, is_first: bool) -> None:
    assert (asking.ids(pin)[0] == "preise") is is_first


@pytest.mark.parametrize("item", ["intern", "alt", "gas"])
def test_a_pin_shows_nothing_that_may_not_be_suggested_and_changes_nothing_else(asking: Asking, item: str) -> None:
    pinned, without = asking.answer(replace(PIN, item=item)), asking.answer()
    assert replace(pinned, timings_ms={}) == replace(without, timings_ms={})


def test_whoever_may_see_an_item_gets_it_pinned(asking: Asking) -> None:
    audiences = frozenset({"public", "second_level"})
    assert asking.ids(replace(PIN, item="intern"), audiences=audiences)[0] == "intern"


def test_the_filters_of_the_question_hold_for_pinned_items(asking: Asking) -> None:
    assert "preise" not in asking.ids(PIN, filters=Filters(language=("en",)))


def test_an_action_is_pinned_only_where_its_own_rule_holds_and_as_often_as_it_may_be_done(asking: Asking) -> None:
    email = replace(PIN, kind="actions", item="nur-email")
    assert "nur-email" not in asking.ids(email, kind="actions")
    assert asking.ids(email, kind="actions", case=replace(DOUBLE, channel="email"))[0] == "nur-email"
    once = replace(PIN, kind="actions", item="melden")
    assert asking.ids(once, kind="actions")[0] == "melden"
    assert "melden" not in asking.ids(once, kind="actions", actions_done=("melden",))


def test_a_pin_of_one_kind_leaves_the_others_alone(asking: Asking) -> None:
    pinned, without = asking.answer(replace(PIN, kind="templates", item="t-umzug")), asking.answer()
    assert next(each.id for each in pinned.templates or ()) == "t-umzug"
    assert (pinned.articles, pinned.actions, pinned.similar_cases) == (
        without.articles,
        without.actions,
        without.similar_cases,
    )


def test_a_forbidden_item_is_as_if_the_corpus_lacked_it(indexer: LayeringIndexer, asking: Asking) -> None:
    suggester, bare = asking.suggester(FORBID), asking.suggester()
    case = bare.understand(SuggestRequest(case=DOUBLE, as_of=NOW))
    past = bare.look_back(case)
    forbidden, lacking = (
        suggester.consider("articles", case, past),
        bare.consider("articles", case, past, without={"rechnung"}),
    )
    assert "rechnung" not in {forbidden.id_at(position) for position in forbidden.ranking}
    assert [(forbidden.id_at(p), float(forbidden.parts.total[p])) for p in forbidden.ranking] == [
        (lacking.id_at(p), float(lacking.parts.total[p])) for p in lacking.ranking
    ]


def test_an_item_is_forbidden_only_in_the_cases_and_at_the_times_of_the_rule(asking: Asking) -> None:
    assert "rechnung" not in asking.ids(replace(FORBID, when=CHAT))
    assert "rechnung" in asking.ids(replace(FORBID, when=CHAT), case=replace(DOUBLE, channel="email"))
    assert "rechnung" in asking.ids(replace(FORBID, valid_until=NOW))


def test_a_forbid_wins_over_a_pin_of_the_same_item(asking: Asking) -> None:
    pins = (replace(FORBID, item="preise"), replace(PIN, when=AllOf((CHAT, POWER))))
    assert "preise" not in asking.ids(*pins, limits={"articles": 20})


def test_a_case_without_text_gets_nothing_not_even_what_is_pinned(asking: Asking) -> None:
    answer = asking.answer(PIN, case=Case(id="", channel="chat"))
    assert answer.articles == ()
    assert answer.warnings != ()


def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_pins(asking: Asking) -> None:
    pins = [replace(PIN, id=f"p{number}", item=f"fern-{number:03d}") for number in range(5)]
    one, other = asking.answer(*pins), asking.answer(*reversed(pins))
    assert replace(one, timings_ms={}) == replace(other, timings_ms={})
