"""Which templates and articles were used in a case that names none, told from what its agents sent.

Precision comes first: what two templates explain equally well was sent with neither of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from corpus.models import Article, Case, Template, Use
from corpus.recovery.alignment import Alignment
from corpus.recovery.catalogue import Catalogue, catalogues
from corpus.recovery.claims import Claim, believed
from corpus.recovery.sent import Sent, sent_messages
from corpus.recovery.shelf import Document
from corpus.recovery.words import GAP

RecoveredKind = Literal["articles", "templates"]
RECOVERED_KINDS: tuple[RecoveredKind, ...] = ("articles", "templates")
How = Literal["text", "link", "passage"]

# A template is believed when so much of it was sent, by weight; a short one must be nearly whole.
LONG_TEMPLATE, LONG_COVERAGE = 25, 0.6
SHORT_TEMPLATE, SHORT_COVERAGE = 12, 0.8
# One that an agent shortened is believed too where the message says little else.
SHORTENED_COVERAGE, SHORTENED_SHARE, SHORTENED_WORDS = 0.35, 0.7, 15
# Fewer words may be said without any template, and what many templates say weighs little.
MIN_TEMPLATE_WORDS, MIN_TEMPLATE_WEIGHT = 6, 4.0
# A passage of an article is believed when so many words were copied, so many of them in one run.
MIN_PASSAGE_WORDS, MIN_PASSAGE_WEIGHT, MIN_PASSAGE_RUN = 12, 5.0, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredUse:
    """An item that was used, and why it is believed.

    ``message`` is the number from 0 of the agent's message that shows it, which is how many messages there were
    before. ``how`` is the ``text`` of a template, a ``link`` to an article or a ``passage`` of one; ``coverage`` is the
    share of the item's own words that were sent, 1 for a link. ``public`` is whether everybody may see the item.
    """

    kind: RecoveredKind
    id: str
    message: int
    how: How
    coverage: float
    public: bool = True

    @property
    def use(self) -> Use:
        """The use as cases keep it.

        What is not for everybody counts from the opening on: a moment of its own in the history of the case would
        show, to those who may not see it, that something was used then.
        """
        return Use(id=self.id, after_message=self.message if self.public else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was recovered in one case, in the order of its messages, each item once."""

    articles: tuple[RecoveredUse, ...] = ()
    templates: tuple[RecoveredUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Recoverer:
    """Recovers uses of the templates and articles of one corpus; made once for many cases."""

    catalogues: tuple[Catalogue, ...]

    @classmethod
    def of(cls, templates: Iterable[Template], articles: Iterable[Article]) -> Recoverer:
        """Prepare the published templates and articles of a corpus."""
        return cls(catalogues(templates, articles))

    def uses(self, case: Case) -> Recovered:
        """Return the recovered uses of a case: of templates if it names none, of articles if it names none."""
        if not self.catalogues or (case.templates and case.articles):
            return Recovered()
        found = [use for sent in sent_messages(case) for each in self.catalogues for use in _uses_in(sent, each)]
        return Recovered(
            articles=() if case.articles else _firsts(use for use in found if use.kind == "articles"),
            templates=() if case.templates else _firsts(use for use in found if use.kind == "templates"),
        )

    def labelled(self, case: Case) -> Case:
        """Return a case with the recovered uses in place of those that it does not name."""
        found = self.uses(case)
        changed: dict[str, Any] = {
            kind: tuple(use.use for use in getattr(found, kind)) for kind in RECOVERED_KINDS if getattr(found, kind)
        }
        return replace(case, **changed) if changed else case


def labelled_cases(cases: Iterable[Case], templates: Iterable[Template], articles: Iterable[Article]) -> list[Case]:
    """Return cases with the recovered uses in place of those that they do not name.

    Where no case could show any, the templates and articles are not even read.
    """
    given = list(cases)
    if not any(_may_show(case) for case in given):
        return given
    recoverer = Recoverer.of(templates, articles)
    return [recoverer.labelled(case) for case in given]


def _may_show(case: Case) -> bool:
    return not (case.templates and case.articles) and any(message.role == "agent" for message in case.messages)


def recovered_uses(case: Case, templates: Iterable[Template], articles: Iterable[Article]) -> Recovered:
    """Return the recovered uses of one case; for many cases of a corpus make one ``Recoverer``."""
    return Recoverer.of(templates, articles).uses(case)


def _firsts(uses: Iterable[RecoveredUse]) -> tuple[RecoveredUse, ...]:
    first: dict[str, RecoveredUse] = {}
    for use in uses:
        first.setdefault(use.id, use)
    return tuple(first.values())


def _uses_in(sent: Sent, catalogue: Catalogue) -> Iterator[RecoveredUse]:
    """Yield what one message shows of the items meant for one audience."""
    claims = [_template_claim(document, common, sent) for document, common in catalogue.templates.compare(sent.words)]
    for claim in believed(claims):
        if claim.id in catalogue.own_templates:
            yield _use("templates", claim.id, sent, "text", claim.coverage, catalogue)
    for link in sent.links:
        meant = catalogue.links.meant(link)
        if meant in catalogue.own_articles:
            yield _use("articles", str(meant), sent, "link", 1.0, catalogue)
    # Who sends a template has not read the article that it repeats.
    explained = {word for claim in claims for word in claim.words}
    words = [GAP if place in explained else word for place, word in enumerate(sent.words)]
    for claim in believed([_passage_claim(document, common) for document, common in catalogue.passages.compare(words)]):
        if claim.id in catalogue.own_articles:
            yield _use("articles", claim.id, sent, "passage", claim.coverage, catalogue)


def _use(kind: RecoveredKind, item: str, sent: Sent, how: How, coverage: float, catalogue: Catalogue) -> RecoveredUse:
    return RecoveredUse(kind=kind, id=item, message=sent.number, how=how, coverage=coverage, public=catalogue.is_public)


def _template_claim(document: Document, common: Alignment, sent: Sent) -> Claim:
    coverage = document.coverage(common.document)
    enough = len(common.document) >= MIN_TEMPLATE_WORDS and document.weight(common.document) >= MIN_TEMPLATE_WEIGHT
    whole = coverage >= _needed(document.length)
    return Claim(
        id=document.text.id,
        coverage=coverage,
        words=common.message,
        convincing=enough and (whole or (coverage >= SHORTENED_COVERAGE and _says_little_else(sent, common))),
        replaces=document.text.replaces,
    )


def _says_little_else(sent: Sent, common: Alignment) -> bool:
    return len(common.message) >= SHORTENED_WORDS and len(common.message) >= SHORTENED_SHARE * sent.own


def _needed(length: int) -> float:
    """Return the coverage at which a template of so many words is believed."""
    place = (length - SHORT_TEMPLATE) / (LONG_TEMPLATE - SHORT_TEMPLATE)
    return SHORT_COVERAGE + (LONG_COVERAGE - SHORT_COVERAGE) * min(1.0, max(0.0, place))


def _passage_claim(document: Document, common: Alignment) -> Claim:
    convincing = (
        len(common.message) >= MIN_PASSAGE_WORDS
        and document.weight(common.document) >= MIN_PASSAGE_WEIGHT
        and _longest_run(sorted(common.message)) >= MIN_PASSAGE_RUN
    )
    return Claim(
        id=document.text.id,
        coverage=document.coverage(common.document),
        words=common.message,
        convincing=convincing,
        replaces=document.text.replaces,
    )


def _longest_run(places: Sequence[int]) -> int:
    longest = run = 0
    for number, place in enumerate(places):
        run = run + 1 if number and place == places[number - 1] + 1 else 1
        longest = max(longest, run)
    return longest
