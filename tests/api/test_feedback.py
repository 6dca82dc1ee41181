"""``POST /v1/feedback``: each event once, all of a body or nothing, and nothing acknowledged is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assist.api.body import MAX_BODY_BYTES
from assist.app import create_app
from assist.feedback import CLOCK_SKEW, FeedbackDesk
from assist.schema_feedback import MAX_EVENTS
from assist.signing import AskedFor, SuggestionKey, SuggestionSigner
from corpus.feedback import FeedbackEvent
from corpus.feedback_store import FeedbackStore
from tests.api.conftest import FakeSource
from tests.api.doors import Door
from tests.local_services import local_services

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
SIGNER = SuggestionSigner(b"s" * 32)
SUGGESTED = SuggestionKey(
    kind="articles",
    id="rechnung-doppelt",
    snapshot="3d79df3d55f999a4",
    rank=2,
    score=3.25,
    confidence=0.71,
    asked_for=AskedFor(case_id="c-77", channel="email", language="de", agent="2026Q4-0123456789abcdef"),
)
ID = SIGNER.sign(SUGGESTED)


def event(**parts: Any) -> dict[str, Any]:
    return {"key": "k1", "suggestion_id": ID, "event": "sent", "at": "2026-11-05T11:59:00+01:00", **parts}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stichwort.db"
    FeedbackStore.open(path).close()
    return path


@pytest.fixture
def desk(path: Path) -> Iterator[FeedbackDesk]:
    desk = FeedbackDesk(f"sqlite:///{path}", lambda: SIGNER, clock=lambda: NOW, busy_timeout_s=0.2)
    yield desk
    desk.close()


@pytest.fixture
def client(source: FakeSource, desk: FeedbackDesk) -> FlaskClient:
    return create_app(local_services(source, feedback=desk)).test_client()


def tell(client: FlaskClient, *events: dict[str, Any], **more: Any) -> TestResponse:
    return client.post("/v1/feedback", json={"events": list(events)}, **more)


def counts(reply: TestResponse) -> tuple[int, int]:
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json["accepted"], reply.json["duplicates"]


def kept(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM feedback_events ORDER BY key")]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield


def test_an_event_is_kept_with_what_its_suggestion_says(client: FlaskClient, path: Path) -> None:
    assert counts(tell(client, event(reason="passt_genau", text_length=412, position=1))) == (1, 0)

    (row,) = kept(path)
    assert row["at"].startswith("2026-11-05 10:59:00")
    assert {name: row[name] for name in ("event", "kind", "item_id", "snapshot", "rank", "score", "confidence")} == {
        "event": "sent",
        "kind": "articles",
        "item_id": "rechnung-doppelt",
        "snapshot": "3d79df3d55f999a4",
        "rank": 2,
        "score": 3.25,
        "confidence": 0.71,
    }
    assert {name: row[name] for name in ("case_id", "channel", "language", "agent", "api_key")} == {
        "case_id": "c-77",
        "channel": "email",
        "language": "de",
        "agent": "2026Q4-0123456789abcdef",
        "api_key": None,
    }
    assert (row["reason"], row["text_length"], row["position"]) == ("passt_genau", 412, 1)


def test_the_answer_is_the_documented_one(client: FlaskClient) -> None:
    reply = tell(client, event())

    assert reply.json == {"request_id": reply.headers["X-Request-ID"], "accepted": 1, "duplicates": 0}


@pytest.mark.parametrize("name", FeedbackEvent.__args__)  # type: ignore[attr-defined]  # of a Literal
def test_every_event_of_the_contract_is_taken(client: FlaskClient, path: Path, name: str) -> None:
    assert counts(tell(client, event(event=name))) == (1, 0)
    assert kept(path)[0]["event"] == name


def test_what_is_sent_again_counts_once(client: FlaskClient, path: Path) -> None:
    body = [event(), event(key="k2", event="opened")]

    assert counts(tell(client, *body)) == (2, 0)
    assert counts(tell(client, *body)) == (0, 2)
    assert counts(tell(client, *body, event(key="k3"))) == (1, 2)
    assert len(kept(path)) == 3


def test_the_same_event_in_other_words_is_the_same(client: FlaskClient) -> None:
    tell(client, event())

    assert counts(tell(client, event(at="2026-11-05T10:59:00.000Z", reason=None))) == (0, 1)


def test_the_same_key_fifty_times_at_once_is_one_row(source: FakeSource, desk: FeedbackDesk, path: Path) -> None:
    app = create_app(local_services(source, feedback=desk))

    # The machine may be busy: who is told to come back comes back.
    def send(_: int) -> tuple[int, int]:
        reply = tell(app.test_client(), event())
        while reply.status_code == 503:
            reply = tell(app.test_client(), event())
        return counts(reply)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))

    assert sorted(answers) == [(0, 1)] * 49 + [(1, 0)]
    assert len(kept(path)) == 1


@pytest.mark.parametrize(
    "other",
    [{"event": "dismissed"}, {"at": "2026-11-05T10:58:00Z"}, {"reason": "veraltet"}, {"text_length": 1}],
)
def test_a_known_key_with_another_event_is_a_conflict_and_keeps_nothing(
    client: FlaskClient, path: Path, other: dict[str, Any]
) -> None:
    tell(client, event())
    reply = tell(client, event(key="k2"), event(**other))

    assert reply.status_code == 409
    assert [error["pointer"] for error in reply.json["errors"]] == ["/events/1"]
    assert [row["key"] for row in kept(path)] == ["k1"]


def test_one_key_for_two_events_of_a_body_is_a_conflict(client: FlaskClient, path: Path) -> None:
    reply = tell(client, event(), event(event="opened"))

    assert reply.status_code == 409
    assert [error["pointer"] for error in reply.json["errors"]] == ["/events/1"]
    assert kept(path) == []


def test_a_suggestion_of_another_service_is_named_and_nothing_is_kept(client: FlaskClient, path: Path) -> None:
    foreign = SuggestionSigner(b"t" * 32).sign(SUGGESTED)
    reply = tell(client, event(), event(key="k2", suggestion_id=foreign), event(key="k3", suggestion_id="x"))

    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json["errors"]] == [
        "/events/1/suggestion_id",
        "/events/2/suggestion_id",
    ]
    assert foreign not in reply.get_data(as_text=True)
    assert kept(path) == []


def test_a_clock_may_be_ahead_by_minutes_and_not_by_more(client: FlaskClient, path: Path) -> None:
    ahead = (NOW + CLOCK_SKEW).isoformat()
    assert counts(tell(client, event(at=ahead))) == (1, 0)

    reply = tell(client, event(key="k2", at=(NOW + CLOCK_SKEW + timedelta(seconds=1)).isoformat()))
    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json["errors"]] == ["/events/0/at"]
    assert len(kept(path)) == 1


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"at": "2026-11-05T12:00:00"}, "/events/0/at"),
        ({"event": "liked"}, "/events/0/event"),
        ({"key": "mit leerzeichen"}, "/events/0/key"),
        ({"key": None}, "/events/0/key"),
        ({"reason": "Frau Weber will das nicht."}, "/events/0/reason"),
        ({"text_length": -1}, "/events/0/text_length"),
        ({"text_length": 1.5}, "/events/0/text_length"),
        ({"position": 0}, "/events/0/position"),
        ({"agent": "Jana"}, "/events/0/agent"),
    ],
)
def test_a_wrong_part_is_named(client: FlaskClient, path: Path, wrong: dict[str, Any], place: str) -> None:
    reply = tell(client, event(**wrong))

    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json["errors"]] == [place]
    assert kept(path) == []


def test_a_body_holds_one_event_to_five_hundred(client: FlaskClient) -> None:
    many = [event(key=f"k{number}") for number in range(MAX_EVENTS + 1)]

    assert tell(client).status_code == 422
    assert tell(client, *many).status_code == 422
    assert counts(tell(client, *many[:-1])) == (MAX_EVENTS, 0)


def test_a_full_body_of_long_ids_is_small_enough_to_be_sent() -> None:
    longest = SIGNER.sign(
        SuggestionKey(
            kind="similar_cases",
            id="ß" * 200,
            snapshot="3d79df3d55f999a4",
            rank=20,
            score=-13.12345,
            confidence=0.123456789,
            asked_for=AskedFor(case_id="ä" * 200, channel="k" * 40, language="de", agent="2026Q4-0123456789abcdef"),
        )
    )
    assert MAX_EVENTS * (len(longest) + 300) < MAX_BODY_BYTES


def test_while_the_store_is_locked_the_sender_is_told_to_come_back(client: FlaskClient, path: Path) -> None:
    tell(client, event())
    with locked(path):
        for _ in range(2):
            reply = tell(client, event(key="k2"))
            assert reply.status_code == 503
            assert int(reply.headers["Retry-After"]) >= 1

    assert [row["key"] for row in kept(path)] == ["k1"]


def test_after_the_lock_the_same_event_is_taken(
    source: FakeSource, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assist.feedback.BUSY_FOR_S", 0.0)
    desk = FeedbackDesk(f"sqlite:///{path}", lambda: SIGNER, clock=lambda: NOW, busy_timeout_s=0.05)
    client = create_app(local_services(source, feedback=desk)).test_client()
    with locked(path):
        assert tell(client, event()).status_code == 503

    assert counts(tell(client, event())) == (1, 0)
    assert len(kept(path)) == 1


def test_without_a_store_the_sender_is_told_to_come_back(source: FakeSource, tmp_path: Path) -> None:
    desk = FeedbackDesk(f"sqlite:///{tmp_path / 'fehlt.db'}", lambda: SIGNER, clock=lambda: NOW)
    reply = tell(create_app(local_services(source, feedback=desk)).test_client(), event())

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1
    assert str(tmp_path) not in reply.get_data(as_text=True)


def test_feedback_needs_its_scope_and_is_kept_under_its_key(
    source: FakeSource, door: Door, desk: FeedbackDesk, path: Path
) -> None:
    services = local_services(source, callers=door.callers, tokens=door.tokens, feedback=desk)
    client = create_app(services).test_client()

    assert tell(client, event()).status_code == 401
    assert tell(client, event(), headers=door.headers("suggest")).status_code == 403
    assert counts(tell(client, event(), headers=door.headers("feedback"))) == (1, 0)
    assert kept(path)[0]["api_key"] == door.keys["feedback"].id
