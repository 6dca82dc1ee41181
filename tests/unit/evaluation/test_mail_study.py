from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.casetext import case_text
from corpus.models import Article, Case
from corpus.training_problems import TrainingMessage, TrainingProblem
from evaluation import mail_study
from evaluation.mail_study import VIEWS, Cell, means_by_form, study
from evaluation.questions import JudgedSet, Question
from evaluation.systems import CONTENT_BASELINES, OURS
from evaluation.workbench import Workbench
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from index.fitting.customers import RELATED
from index.tokens import Encoded, TokenVectors
from tests.unit.evaluation.benches import bench_of, judged

INDUSTRY, RELATIVES = next(iter(RELATED.items()))
RELATIVE = sorted(RELATIVES)[0]
METER, PLEA = 0, 1


class WordCounts:
    """Counts the words of a plea and the words for a meter, whatever else a text says: the two components."""

    name = "word-counts"
    fingerprint = "57" * 32
    dimension = 2
    token_dimension = 0
    _words = (("zähler", "zählerstand"), ("bitte", "hilfe"))

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        found = [[sum(text.casefold().split().count(word) for word in some) for some in self._words] for text in texts]
        counts = np.array(found, dtype=np.float32).reshape(len(texts), 2) + 1e-6
        vectors: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        return [Encoded(vector, TokenVectors.none()) for vector in self.encode(texts, role=role)]


class RecordingEncoder(ToyEncoder):
    """Remembers what it was asked to encode, list by list."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return super().encode(texts, role=role)


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    return bench_of(tmp_path).workbench


def _pleading(form: str) -> JudgedSet:
    """A meter and a plea as articles; the message of one form is about the meter but pleads more."""
    case = Case(id="q", description="bitte hilfe bitte mein zähler", language="de")
    return JudgedSet(
        name="mails_energy",
        family="mails",
        source="beir",
        kind="articles",
        records={
            "articles": [
                Article(id="hilfe", title="Hilfe", body="bitte hilfe", language="de"),
                Article(id="stand", title="Zählerstand", body="zähler", language="de"),
            ]
        },
        questions=[Question(id="q", case=case, relevant=frozenset({"stand"}), group="q", slices={"form": form})],
        split={},
        dropped={},
    )


def _by_system(cells: Sequence[Cell], metric: str = "P@1") -> dict[str, float]:
    return {cell.system: cell.means[metric] for cell in cells}


def _vector(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_a_study_tells_set_setting_and_encoder_for_each_system(workbench: Workbench) -> None:
    cells = study(judged(), workbench, setting="toy")
    assert tuple(cell.system for cell in cells) == CONTENT_BASELINES
    assert {(cell.dataset, cell.kind, cell.encoder, cell.setting, cell.n) for cell in cells} == {
        ("small", "articles", "toy-64", "toy", 3)
    }


def test_the_suggester_is_measured_where_it_is_asked_as_shipped(workbench: Workbench) -> None:
    cells = study(judged(), workbench, setting="toy", ours=True)
    assert tuple(cell.system for cell in cells) == (OURS, *CONTENT_BASELINES)
    assert _by_system(cells)[OURS] == 1.0


def test_the_interval_holds_the_mean(workbench: Workbench) -> None:
    wrong = replace(judged().questions[0], relevant=frozenset({"esim"}))
    small = replace(judged(), questions=[wrong, *judged().questions[1:]])
    for cell in study(small, workbench, setting="toy"):
        for metric, mean in cell.means.items():
            low, high = cell.ci95[metric]
            assert 0.0 <= low <= mean <= high <= 1.0
            assert low < high


def test_centring_takes_away_what_all_messages_share(workbench: Workbench) -> None:
    pleas = replace(workbench, encoder=WordCounts())
    plain = study(_pleading("email"), pleas, setting="plain")
    centred = study(_pleading("email"), pleas, means={"": _vector(0.0, 0.9)}, setting="centred")
    assert (_by_system(plain)["dense"], _by_system(centred)["dense"]) == (0.0, 1.0)
    assert _by_system(plain)["bm25"] == _by_system(centred)["bm25"]


def test_a_zero_mean_changes_nothing(workbench: Workbench) -> None:
    nothing = {"": np.zeros(workbench.encoder.dimension, dtype=np.float32)}
    for small in (judged(), judged("similar_cases")):
        assert study(small, workbench, means=nothing, setting="a") == study(small, workbench, setting="a")


@pytest.mark.parametrize(("form", "right"), [("chat", 1.0), ("letter", 0.0)])
def test_a_message_is_centred_by_its_form_and_by_all_where_its_form_is_unknown(
    form: str, right: float, workbench: Workbench
) -> None:
    means = {"": _vector(0.0, 0.0), "chat": _vector(0.0, 0.9)}
    cells = study(_pleading(form), replace(workbench, encoder=WordCounts()), means=means, setting="centred")
    assert _by_system(cells)["dense"] == right


SUBJECT, BODY = "AW: Zählerstand", "Guten Tag,\nich finde den Stand nicht.\nViele Grüße\nEva Beispiel"


@pytest.mark.parametrize(
    ("view", "texts"),
    [
        ("all", ("Zählerstand\nich finde den Stand nicht.",)),
        ("body without subject", ("ich finde den Stand nicht.",)),
        ("subject alone", ("Zählerstand",)),
        ("as received", (f"{SUBJECT}\n{BODY}",)),
        ("all + subject", ("Zählerstand\nich finde den Stand nicht.", "Zählerstand")),
        ("all + its halves", ("Zählerstand\nich finde den Stand nicht.", "ich finde den", "Stand nicht.")),
    ],
)
def test_a_view_is_what_of_a_case_is_encoded(view: str, texts: tuple[str, ...]) -> None:
    case = Case(id="c", subject=SUBJECT, description=BODY, language="de")
    assert VIEWS[view](case, case_text(case)) == texts


@pytest.mark.parametrize(
    "case", [Case(id="c", subject="Zähler", language="de"), Case(id="c", description="Zähler", language="de")]
)
def test_no_view_of_a_case_is_empty_where_a_part_is_missing(case: Case) -> None:
    for view in VIEWS.values():
        assert set(view(case, case_text(case))) == {"Zähler"}


def test_seeing_all_is_what_is_measured_without_a_view(workbench: Workbench) -> None:
    assert study(judged(), workbench, view="all", setting="a") == study(judged(), workbench, setting="a")


def test_a_view_changes_what_is_found(workbench: Workbench) -> None:
    (question,) = _pleading("email").questions
    told = replace(question, case=Case(id="q", subject="Zähler", description="bitte hilfe, bitte", language="de"))
    pleas = replace(workbench, encoder=WordCounts())
    found = {
        view: _by_system(study(replace(_pleading("email"), questions=[told]), pleas, view=view, setting=view))["dense"]
        for view in ("all", "subject alone", "body without subject")
    }
    assert found == {"all": 0.0, "subject alone": 1.0, "body without subject": 0.0}


def _problem(industry: str, language: str, texts: Mapping[str, str]) -> TrainingProblem:
    return TrainingProblem(
        id=f"{industry}-{language}",
        industry=industry,
        language=language,
        title="Titel",
        article="Artikel",
        question=None,
        family=None,
        messages=tuple(TrainingMessage(form=form, subject=None, voice=None, text=text) for form, text in texts.items()),
    )


def test_means_leave_out_the_industry_its_relatives_and_other_languages() -> None:
    encoder = ToyEncoder()
    problems = [
        _problem(INDUSTRY, "de", {"email": "eigene"}),
        _problem(RELATIVE, "de", {"email": "verwandte", "chat": "verwandter"}),
        _problem("garden", "en", {"email": "foreign"}),
        _problem("garden", "de", {"email": "Rasen", "note": "Beet"}),
        _problem("zoo", "de", {"email": "Gehege"}),
    ]
    means = means_by_form(problems, encoder, without=INDUSTRY, language="de")
    vectors = encoder.encode(["Rasen", "Gehege", "Beet"], role="query")
    assert set(means) == {"", "email", "note"}
    np.testing.assert_allclose(means["email"], vectors[:2].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(means["note"], vectors[2], rtol=1e-6)
    np.testing.assert_allclose(means[""], vectors.mean(axis=0), rtol=1e-6)


def test_a_set_of_no_industry_leaves_nothing_out() -> None:
    problems = [_problem(INDUSTRY, "de", {"chat": "eigene"}), _problem(RELATIVE, "de", {"note": "verwandte"})]
    assert set(means_by_form(problems, ToyEncoder(), without="", language="de")) == {"", "chat", "note"}


def test_messages_are_read_as_a_case_is() -> None:
    encoder = RecordingEncoder()
    means_by_form([_problem("zoo", "de", {"email": BODY})], encoder, without="", language="de")
    assert encoder.asked == [["ich finde den Stand nicht."]]


def test_where_there_are_many_messages_those_encoded_are_spread_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_study, "MESSAGES_PER_FORM", 3)
    encoder = RecordingEncoder()
    words = ["eins", "zwei", "drei", "vier", "fünf"]
    means_by_form([_problem("zoo", "de", {"chat": word}) for word in words], encoder, without="", language="de")
    assert encoder.asked == [["eins", "zwei", "vier"]]
