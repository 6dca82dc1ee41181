"""Sentences of templates that agents change or drop nearly every time.

Nothing of a case is shown: only the template's own sentence and how often, and the wording that takes its place where
the same words, masked, stand in cases of several customers. No number is about fewer than ten agents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.models import DEFAULT_LANGUAGE, Case, Template, primary_language
from corpus.nearness import words_of
from corpus.privacy.agent_figures import LEAST_AGENTS, AgentFigure, agents_of, shown_figure
from corpus.privacy.masker import mask
from corpus.privacy.masking import names_in
from corpus.recovery.sent import Sent, sent_messages
from corpus.text import normalise
from evaluation.corpus_report.findings import Finding, Quote, Section, counted, ref_of
from evaluation.corpus_report.material import Material
from evaluation.corpus_report.template_sentences import TemplateSentences, sentences_of
from index.sentences import sentences

MOST = 0.5
"""A sentence is told when it was changed or dropped in more than this share of the uses."""
RECOGNISED = 0.35
"""So much of a template must stand in a message before it is compared, as recovery asks (docs/recovery.md)."""
WORDING_CUSTOMERS = 3
_SAME_SENTENCE = 0.4


@dataclass(slots=True)
class _Tally:
    """What became of one sentence: how often it was judged, changed, dropped, and by which wordings in which cases."""

    uses: int = 0
    changed: int = 0
    dropped: int = 0
    wordings: dict[str, list[Case]] = field(default_factory=lambda: defaultdict(list))

    @property
    def edited(self) -> int:
        return self.changed + self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A template, the message it was sent in, and which of its words were found there."""

    template: TemplateSentences
    message: Sent
    found: frozenset[int]


def edited_section(material: Material) -> Section:
    """Compare what agents sent with the templates they used, sentence by sentence."""
    templates = {item.id: item for item in material.corpus.templates}
    cut = {key: sentences_of(item) for key, item in templates.items()}
    tallies: dict[str, list[_Tally]] = {key: [_Tally() for _ in each.sentences] for key, each in cut.items()}
    seen: dict[str, list[Case]] = {key: [] for key in cut}
    logged = 0
    for case in material.solved:
        used = sorted(material.used_in(case, "templates"))
        logged += len(used)
        for key in used:
            use = _recognised(cut[key], case)
            if use is not None:
                seen[key].append(case)
                _count(use, case, tallies[key])
    may_be_told = {key: cases for key, cases in seen.items() if _shown(len(cases), cases) is not None}
    findings = [
        finding
        for key, cases in sorted(may_be_told.items(), key=lambda each: (-len(each[1]), each[0]))
        for finding in _finding(templates[key], cut[key], tallies[key], len(cases))
    ]
    held_back = sum(bool(cases) for cases in seen.values()) - len(may_be_told)
    return Section(
        name="edited",
        title="Sentences agents always edit",
        about="Sentences of templates that were changed or left out in most of the messages sent with them. Merge "
        "fields and what stands on a condition are not compared.",
        findings=tuple(findings),
        notes=(
            f"{counted(logged, 'use')} of templates in solved cases; in {sum(map(len, seen.values())):,} of them the "
            "text was recognised in a message of the agent and compared. What agents write instead is shown only "
            f"where the same masked words went to {WORDING_CUSTOMERS} customers or more.",
            *_held_back(held_back),
        ),
    )


def _held_back(templates: int) -> tuple[str, ...]:
    if not templates:
        return ()
    return (
        f"Held back: {counted(templates, 'template')} that fewer than {LEAST_AGENTS} agents sent within a quarter, or "
        "in cases that do not say who solved them. Nothing about them is shown.",
    )


def _recognised(template: TemplateSentences, case: Case) -> _Use | None:
    """Return the message of a case that holds most of a template; ``None`` where none holds enough."""
    uses = [_Use(template=template, message=sent, found=template.found_in(sent.words)) for sent in sent_messages(case)]
    best = max(uses, key=lambda use: len(use.found), default=None)
    return best if best is not None and template.share(best.found) >= RECOGNISED else None


def _count(use: _Use, case: Case, tallies: list[_Tally]) -> None:
    wordings: list[str] | None = None
    for sentence, tally in zip(use.template.sentences, tallies, strict=True):
        if not sentence.is_judged:
            continue
        tally.uses += 1
        fate = sentence.fate(use.found)
        tally.changed += fate == "changed"
        tally.dropped += fate == "dropped"
        if fate == "changed":
            wordings = _masked_sentences(use.message, case) if wordings is None else wordings
            instead = _instead_of(sentence.text, wordings)
            if instead is not None:
                tally.wordings[instead].append(case)


def _masked_sentences(message: Sent, case: Case) -> list[str]:
    language = primary_language(case.language) or DEFAULT_LANGUAGE
    masked = mask(normalise(message.text), language=language, names=names_in(case.customer))
    return [sentence for line in masked.split("\n") for sentence in sentences(line)]


def _instead_of(sentence: str, said: list[str]) -> str | None:
    """Return the sentence of a message that shares most words with one of a template, if it shares enough."""
    own = words_of(sentence)
    shares = [(len(own & words_of(each)) / max(len(own | words_of(each)), 1), each) for each in said]
    share, wording = max(shares, default=(0.0, ""))
    return wording if share >= _SAME_SENTENCE else None


def _finding(item: Template, cut: TemplateSentences, tallies: list[_Tally], uses: int) -> Iterator[Finding]:
    told = [
        (sentence, tally)
        for sentence, tally in zip(cut.sentences, tallies, strict=True)
        if tally.edited > MOST * tally.uses
    ]
    if not told:
        return
    quotes = tuple(Quote(id=item.id, text=each.text, note=_told(tally)) for each, tally in told)
    facts = [
        {
            "sentence": each.text,
            "uses": tally.uses,
            "changed": tally.changed,
            "dropped": tally.dropped,
            "instead": _shown_wordings(tally),
        }
        for each, tally in told
    ]
    yield Finding(
        sort="edited",
        items=(ref_of(item),),
        says=f"Agents edit {counted(len(told), 'sentence')} in most of {counted(uses, 'message')} sent with it.",
        todo="Ask agents why. If the sentence is wrong or out of date, correct it; if it fits some cases only, put it "
        "behind a condition or into a template of its own; if it is never sent, drop it.",
        quotes=quotes,
        facts={"uses": uses, "sentences": facts},
    )


def _told(tally: _Tally) -> str:
    parts = [
        f"changed in {tally.changed:,}" if tally.changed else "",
        f"left out in {tally.dropped:,}" if tally.dropped else "",
    ]
    told = f"{' and '.join(part for part in parts if part)} of {tally.uses:,}"
    return told + "".join(f"; instead{_to(n)}: “{wording}”" for wording, n in _shown_wordings(tally).items())


def _to(customers: int | None) -> str:
    return "" if customers is None else f", to {customers:,} customers"


def _shown_wordings(tally: _Tally) -> Mapping[str, int | None]:
    """Return the wordings that several customers got, most first, and how many did where ten agents wrote it."""
    enough = {
        text: (customers, cases)
        for text, cases in tally.wordings.items()
        if (customers := _customers(cases)) >= WORDING_CUSTOMERS
    }
    most = sorted(enough.items(), key=lambda each: (-each[1][0], each[0]))[:2]
    return {text: _shown(customers, cases) for text, (customers, cases) in most}


def _customers(cases: Sequence[Case]) -> int:
    return len({case.customer_id or f"case {case.id}" for case in cases})


def _shown(number: int, cases: Sequence[Case]) -> int | None:
    """Return a number about cases if ten agents or more solved them."""
    shown = shown_figure(AgentFigure(number, agents_of(cases)))
    return None if shown is None else int(shown)
