"""Urgency is used where later cases prove it, and nowhere else; agents and hidden cases teach nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from corpus.models import Case, Message, Outcome
from corpus.privacy.masking import MASKED
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from index.urgency import proof
from index.urgency.customers import opening_words
from index.urgency.fitting import LEAST_URGENT, judge, learn_urgency
from index.urgency.labels import labelled_cases, was_urgent
from index.urgency.logistic import fit_logistic
from index.urgency.model import UNKNOWN, UrgencyModel
from index.urgency.proof import average_precision, compare
from index.urgency.signals import presence
from index.urgency.ways import WAYS
from tests.made_urgency import made_cases


@dataclass
class Encode:
    """The toy encoder; keeps what it was asked."""

    asked: list[str] = field(default_factory=list)

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> NDArray[np.float32]:
        self.asked += texts
        return ToyEncoder().encode(texts, role=role)


NO_SIGNAL = presence(())


@pytest.fixture(autouse=True)
def _rougher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw less often: no test depends on the third digit of an interval."""
    monkeypatch.setattr(proof, "REPLICATES", 200)


def test_what_later_cases_prove_is_learned_and_serves() -> None:
    model = learn_urgency(made_cases("words"), Encode())
    assert model.serves == "learned"
    assert model.head is not None
    assert model.belief is not None
    assert model.belief.high > 0.7
    urgent, normal = ToyEncoder().encode(["Quarz Rechnung Zebra Vertrag", "Tarif Rechnung Kabel Vertrag"], role="query")
    assert model.head.chance(urgent, NO_SIGNAL) > model.head.threshold > model.head.chance(normal, NO_SIGNAL)


def test_rules_serve_where_signals_tell_all_there_is_to_know() -> None:
    model = learn_urgency(made_cases("signals"), Encode())
    assert model.serves == "rules"
    assert model.head is None
    assert model.belief is not None
    assert model.belief == model.rules_belief
    assert model.belief.high > 0.9
    assert model.belief.normal > 0.9


def test_what_is_chance_is_hardly_ever_proven() -> None:
    corpora = (made_cases("nothing", cases=150, seed=seed) for seed in range(100, 120))
    proven = sum(learn_urgency(cases, Encode()).serves != "off" for cases in corpora)
    assert proven <= 2


def test_what_is_not_proven_says_why() -> None:
    model = learn_urgency(made_cases("nothing"), Encode())
    assert model.serves == "off"
    assert model.head is None
    assert model.why.startswith("not proven: rules alone, average precision")


def test_the_same_cases_teach_the_same_whatever_their_order() -> None:
    cases = made_cases("words")
    assert learn_urgency(cases, Encode()).to_blobs() == learn_urgency(cases[::-1], Encode()).to_blobs()


def test_cases_that_are_not_for_everyone_teach_nothing() -> None:
    cases = made_cases("words")
    hidden = [replace(case, id=f"{case.id}-x", audience=("second_level",), priority="high") for case in cases]
    assert learn_urgency([*cases, *hidden], Encode()).to_blobs() == learn_urgency(cases, Encode()).to_blobs()


def test_unsolved_and_open_cases_teach_nothing() -> None:
    cases = made_cases("words")
    others = [
        replace(cases[0], id="open", closed_at=None),
        replace(cases[0], id="unsolved", outcome=Outcome(solved=False)),
    ]
    assert labelled_cases([*cases, *others]).cases == labelled_cases(cases).cases


def test_a_corpus_without_labels_knows_nothing_and_encodes_nothing() -> None:
    encode = Encode()
    model = learn_urgency([replace(case, priority=None) for case in made_cases("words")], encode)
    assert model.serves == "off"
    assert "no public solved case" in model.why
    assert encode.asked == []


def test_of_too_few_urgent_cases_nothing_is_judged() -> None:
    encode = Encode()
    judged = judge(made_cases("words", every=60), encode)
    assert judged.later_urgent < LEAST_URGENT
    assert judged.model.serves == "off"
    assert f"expected at least {LEAST_URGENT}" in judged.model.why
    assert judged.standings == {}
    assert encode.asked == []


def test_a_block_learns_only_from_cases_that_had_closed_before_it_began() -> None:
    late = [replace(case, closed_at=made_cases("words")[-1].closed_at) for case in made_cases("words")]
    judged = judge(late, Encode())
    assert judged.standings["both"].average_precision.value == pytest.approx(judged.later_urgent / judged.later)
    assert judged.model.serves == "off"


def test_baselines_are_judged_beside_the_rules() -> None:
    judged = judge(made_cases("words"), Encode(), ways=WAYS)
    assert tuple(judged.standings) == WAYS
    assert judged.standings["rules"].over_rules == (0.0, 0.0, 0.0)
    assert judged.standings["both"].over_chance.low > judged.standings["popularity"].over_chance.value


@pytest.mark.parametrize(
    ("priority", "escalated", "expected"),
    [
        ("high", None, True),
        ("URGENT ", None, True),
        ("dringend", None, True),
        ("normal", None, False),
        ("low", True, True),
        (None, True, True),
        (None, False, False),
        (None, None, None),
    ],
)
def test_a_case_was_urgent_by_its_priority_or_because_it_was_escalated(
    priority: str | None, escalated: bool | None, expected: bool | None
) -> None:
    case = Case(id="c", subject="x", priority=priority, outcome=Outcome(escalated=escalated))
    assert was_urgent(case) is expected


def test_what_agents_wrote_is_never_read() -> None:
    messages = (
        Message(role="customer", text="Mein Router blinkt rot."),
        Message(role="agent", text="Ist es dringend?"),
        Message(role="customer", text="Ja"),
    )
    case = Case(id="c", subject="Router", messages=messages, channel="chat")
    assert opening_words(case, MASKED) == "Router\nMein Router blinkt rot."
    noted = Case(id="c", subject="Kunde ungeduldig", description="Kunde sagt, es sei dringend.", channel="phone")
    assert opening_words(noted, MASKED) == ""


def test_personal_data_is_masked_before_it_is_read() -> None:
    case = Case(id="c", description="Mein Handy 0171 23125377 wurde gestohlen.", channel="email")
    assert "23125377" not in opening_words(case, MASKED)


def test_cases_of_one_customer_and_cases_in_the_same_words_count_as_one() -> None:
    one, two, three, four = made_cases("signals", every=1, cases=4)
    same = [
        replace(one, customer_id="k"),
        replace(two, customer_id="k"),
        replace(three, description=four.description),
        four,
    ]
    groups = labelled_cases(same).groups
    assert groups[0] == groups[1] != groups[2] == groups[3]


def test_a_model_is_read_as_it_was_written() -> None:
    for told in ("words", "signals", "nothing"):
        model = learn_urgency(made_cases(told), Encode())
        again = UrgencyModel.from_blobs(model.to_blobs())
        assert again.to_blobs() == model.to_blobs()
        assert (again.serves, again.why, again.belief) == (model.serves, model.why, model.belief)


def test_a_snapshot_that_says_nothing_of_urgency_knows_nothing_of_it() -> None:
    assert UrgencyModel.from_blobs({}) == UNKNOWN
    assert UNKNOWN.serves == "off"


def test_average_precision_is_that_of_the_textbook() -> None:
    urgent = np.array([True, False, True, False])
    once = np.ones(4)
    assert average_precision(np.array([4.0, 3.0, 2.0, 1.0]), urgent, once) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([1.0, 1.0, 1.0, 1.0]), urgent, once) == pytest.approx(1 / 2)
    assert average_precision(np.array([1.0, 2.0, 3.0, 4.0]), urgent, np.array([0.0, 1.0, 0.0, 1.0])) == 0.0


def test_intervals_hold_what_was_observed_and_chance_proves_nothing() -> None:
    chance = np.random.default_rng(0)
    urgent = np.arange(250) % 12 == 0
    names = [str(number) for number in range(250)]
    proven = 0
    for _ in range(20):
        standing = compare({"rules": np.zeros(250), "x": chance.normal(size=250)}, urgent, names, rules="rules")["x"]
        assert standing.average_precision.low <= standing.average_precision.value <= standing.average_precision.high
        proven += standing.over_chance.low > 0
    assert proven <= 2


def test_nothing_can_be_compared_without_urgent_cases() -> None:
    with pytest.raises(ValueError, match="no urgent case among 3"):
        compare({"rules": np.zeros(3)}, np.zeros(3, dtype=np.bool_), ["a", "b", "c"], rules="rules")


def test_the_logistic_fit_is_the_optimum_that_another_solver_finds() -> None:
    chance = np.random.default_rng(1)
    features = chance.normal(size=(200, 3))
    labels = chance.random(200) < 1 / (1 + np.exp(-(features @ [2.0, -1.0, 0.0] - 1)))
    weights, intercept = fit_logistic(features, labels, np.full(3, 0.5))
    other = LogisticRegression(C=0.25, tol=1e-10, max_iter=1000).fit(features, labels)
    assert weights == pytest.approx(other.coef_[0], abs=1e-4)
    assert intercept == pytest.approx(other.intercept_[0], abs=1e-4)


def test_the_logistic_fit_needs_both_labels() -> None:
    with pytest.raises(ValueError, match="found 0 of 3 examples"):
        fit_logistic(np.zeros((3, 1)), np.zeros(3, dtype=np.bool_), np.ones(1))
