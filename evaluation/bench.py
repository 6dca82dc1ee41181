"""A judged set ready to be asked: one index and one vector for each question, shared by all systems."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assist.models import SuggestRequest
from assist.parts import SuggesterParts
from assist.suggest import Suggester
from assist.understanding import Understanding, known_text
from evaluation.caching_encoder import CachingEncoder
from evaluation.questions import JudgedSet, Question
from evaluation.shelf import Shelf, shelf_of
from evaluation.workbench import Workbench
from index.encoder import Encoder
from index.filters import Mask
from index.searcher import OpenSnapshot
from index.situations import UsedKind

# How deep every system answers: as deep as the suggester may be asked.
DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the request that asks it of the suggester without abstaining, and the case as the ranking sees it."""

    question: Question
    request: SuggestRequest
    case: Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A judged set, indexed once.

    ``parts`` make the shipped suggester with remembered vectors, ``encoder`` is the one that takes its time.
    ``shelf`` holds what is ranked, ``asked`` every question by id.
    """

    judged: JudgedSet
    workbench: Workbench
    snapshot: OpenSnapshot
    parts: SuggesterParts
    encoder: Encoder
    shelf: Shelf
    asked: Mapping[str, Asked]

    @property
    def suggester(self) -> Suggester:
        """The suggester as shipped."""
        return Suggester(self.snapshot, self.parts)

    @property
    def used_kind(self) -> UsedKind:
        """The kind of item that is asked for; raises ``ValueError`` where similar cases are."""
        if self.judged.kind == "similar_cases":
            raise ValueError(f"{self.judged.name} asks for similar cases; expected articles, templates or actions")
        return self.judged.kind

    def ask(self, question: Question) -> Asked:
        """Return a question of this set as it is asked; raises ``ValueError`` for one of another set."""
        if question.id not in self.asked:
            raise ValueError(f"question {question.id} is not one of {self.judged.name}: open a bench for its own set")
        return self.asked[question.id]

    def allowed(self, asked: Asked, without: Collection[str] = ()) -> Mask:
        """Return which rows of the shelf may answer: seen by the public, valid, eligible, and not in ``without``.

        Every system ranks these rows and no others, so that a comparison tells rankings apart and nothing else.
        """
        if self.judged.kind != "similar_cases":
            return self.suggester.allowed(self.judged.kind, asked.case, without=without)
        return self.visible_cases(asked, without)

    def visible_cases(self, asked: Asked, without: Collection[str] = ()) -> Mask:
        """Return which solved cases, by row, a question may learn from: public, closed before, not in ``without``."""
        space, request = self.snapshot.cases, asked.request
        visible = space.masks.visible(request.audiences, closed_before=asked.case.as_of, without=request.case.id)
        visible[[space.row_of[each] for each in without if each in space.row_of]] = False
        return visible


def open_bench(judged: JudgedSet, workbench: Workbench) -> Bench:
    """Index the records of a judged set and encode its questions; vectors come from the embedding cache if known."""
    encoder = CachingEncoder(workbench.encoder, workbench.cache)
    snapshot = workbench.index(judged.records)
    requests = {question.id: request_of(judged, question) for question in judged.questions}
    with workbench.reporter.stage("encode questions") as update:
        encoder.learn([known_text(request).text for request in requests.values()], role="query", progress=update)
    parts = workbench.parts(encoder)
    return Bench(
        judged=judged,
        workbench=workbench,
        snapshot=snapshot,
        parts=parts,
        encoder=workbench.encoder,
        shelf=shelf_of(judged.kind, snapshot),
        asked=_understood(judged.questions, requests, Suggester(snapshot, parts), workbench),
    )


def request_of(judged: JudgedSet, question: Question) -> SuggestRequest:
    """Return the request that asks a question, for as many items as may be asked for and without abstaining."""
    return SuggestRequest(
        case=question.case,
        actions_done=question.done,
        limits={judged.kind: DEPTH},
        min_confidence=0.0,
        as_of=question.as_of,
    )


def without_history(bench: Bench) -> OpenSnapshot:
    """Return the snapshot as if no case had ever been solved; equal to one built without cases."""
    return replace(bench.snapshot, cases=bench.workbench.index({}).cases)


def _understood(
    questions: Sequence[Question], requests: Mapping[str, SuggestRequest], suggester: Suggester, workbench: Workbench
) -> dict[str, Asked]:
    asked = {}
    with workbench.reporter.stage("understand questions") as update:
        for number, question in enumerate(questions, start=1):
            request = requests[question.id]
            asked[question.id] = Asked(question=question, request=request, case=suggester.understand(request))
            update(number, len(questions))
    return asked
