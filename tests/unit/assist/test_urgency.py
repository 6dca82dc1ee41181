"""What an agent is told of a case's urgency: only what is proven, by the customer's words, with reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assist.models import SuggestRequest, Urgency
from assist.understanding import Understanding, known_text, moment_of
from assist.urgency import urgency_of
from corpus.language import Language
from corpus.models import Case, Message
from corpus.privacy.masking import MASKED
from index.encoders.toy import ToyEncoder
from index.lexicon import AskedText
from index.settings import UrgencySetting
from index.tokens import TokenVectors
from index.urgency.model import UNKNOWN, Belief, UrgencyHead, UrgencyModel
from index.urgency.signals import KINDS

ENCODER = ToyEncoder()
BELIEF = Belief(high=0.8, normal=0.95)
STOLEN = Case(id="", description="Mein Handy wurde gestohlen, es ist dringend.", language="de", channel="email")
CALM = Case(id="", description="Wo finde ich meine Rechnung?", language="de", channel="email")
RULES = UrgencyModel(serves="rules", why="rules", belief=BELIEF, rules_belief=BELIEF)


def _learned(urgent: str) -> UrgencyModel:
    """A model for which texts like this one are urgent, and signals only where they say so themselves."""
    effects = np.zeros(len(KINDS), dtype=np.float32)
    effects[KINDS.index("stated")] = 3.0
    effects[KINDS.index("security")] = -1.0
    vector = ENCODER.encode([urgent], role="query")[0]
    head = UrgencyHead(weights=10 * vector, mean=np.zeros_like(vector), effects=effects, intercept=-6.0, threshold=0.5)
    return UrgencyModel(serves="learned", why="learned", head=head, belief=BELIEF, rules_belief=None)


def _asked(case: Case, model: UrgencyModel, setting: UrgencySetting = "auto", language: str = "de") -> Urgency | None:
    request = SuggestRequest(case=case)
    text = known_text(request)
    understood = Understanding(
        request=request,
        text=text,
        language=Language(code="de", confidence=1.0, source="given"),
        vector=ENCODER.encode([text.text], role="query")[0],
        tokens=TokenVectors.none(),
        words=AskedText(text.text),
        as_of=moment_of(request),
    )
    return urgency_of(understood, model, setting, ENCODER, MASKED, "de" if language == "de" else "en")


def test_proven_rules_tell_level_confidence_and_reasons() -> None:
    found = _asked(STOLEN, RULES)
    assert found is not None
    assert (found.level, found.confidence) == ("high", 0.8)
    assert [reason.text for reason in found.reasons] == [
        "Diebstahl, Betrug oder fremder Zugriff: gestohlen",
        "selbst als dringend bezeichnet: dringend",
    ]
    assert _asked(CALM, RULES) == Urgency(level="normal", confidence=0.95, reasons=())


def test_reasons_are_english_where_that_is_wanted() -> None:
    found = _asked(STOLEN, RULES, language="en")
    assert found is not None
    assert found.reasons[0].text == "theft, fraud or access by others: gestohlen"


@pytest.mark.parametrize("model", [UNKNOWN, replace(RULES, serves="off")])
def test_what_is_not_proven_is_not_told(model: UrgencyModel) -> None:
    assert _asked(STOLEN, model) is None


def test_switched_off_nothing_is_told_however_proven() -> None:
    assert _asked(STOLEN, RULES, "off") is None


def test_rules_that_are_wanted_unproven_tell_signals_without_confidence_and_never_that_a_case_is_normal() -> None:
    found = _asked(STOLEN, UNKNOWN, "rules")
    assert found is not None
    assert (found.level, found.confidence) == ("high", None)
    assert _asked(CALM, UNKNOWN, "rules") is None


def test_rules_that_are_wanted_are_believed_as_far_as_cases_tell() -> None:
    model = UrgencyModel(serves="off", why="not proven", rules_belief=Belief(high=0.1, normal=0.9))
    found = _asked(STOLEN, model, "rules")
    assert found is not None
    assert found.confidence == 0.1


def test_what_was_learned_names_only_what_moved_it() -> None:
    found = _asked(STOLEN, _learned(STOLEN.description or ""))
    assert found is not None
    assert (found.level, found.confidence) == ("high", 0.8)
    assert [reason.kind for reason in found.reasons] == ["stated", "learned"]
    assert found.reasons[-1].text == "ähnelt gelösten Fällen, die dringend waren"
    assert _asked(CALM, _learned(STOLEN.description or "")) == Urgency(level="normal", confidence=0.95, reasons=())


def test_with_rules_wanted_what_was_learned_is_not_asked() -> None:
    assert _asked(CALM, _learned(CALM.description or ""), "rules") is None


@pytest.mark.parametrize("model", [RULES, _learned("Ist es dringend, wurde Ihr Handy gestohlen?")])
def test_what_an_agent_asked_does_not_make_a_case_urgent(model: UrgencyModel) -> None:
    messages = (
        Message(role="customer", text="Ich habe eine Frage zu meinem Gerät und der Rechnung."),
        Message(role="agent", text="Ist es dringend, wurde Ihr Handy gestohlen?"),
        Message(role="customer", text="Nein danke"),
    )
    found = _asked(Case(id="", messages=messages, language="de", channel="chat"), model)
    assert found is not None
    assert found.level == "normal"


def test_a_call_note_is_an_agents_text_and_not_read() -> None:
    assert _asked(replace(STOLEN, channel="phone"), RULES) is None
    said = replace(STOLEN, channel="phone", messages=(Message(role="customer", text="Meine Karte wurde geklaut"),))
    found = _asked(said, RULES)
    assert found is not None
    assert [reason.kind for reason in found.reasons] == ["security"]


def test_a_reason_quotes_masked_words_alone() -> None:
    case = replace(STOLEN, description="Ich muss bis Freitag 0171 23125377 erreichen, mein Handy wurde gestohlen.")
    found = _asked(case, RULES)
    assert found is not None
    assert all("23125377" not in reason.text for reason in found.reasons)
