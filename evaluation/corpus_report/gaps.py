"""What customers ask and nothing answers: clusters of such cases, with what they cost and why nothing was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from corpus.models import Kind
from evaluation.corpus_report.asking import AskedCase
from evaluation.corpus_report.clusters import LEAST_CASES, Vocabulary, clustered
from evaluation.corpus_report.findings import Finding, Section, counted, ref_of
from evaluation.corpus_report.gap_sorts import GAP_SORTS, UNSURE, UNSURE_BESIDE_OTHERS, Gap, gap_of, is_gap
from evaluation.corpus_report.material import Material
from index.space import shortened

EXAMPLES = 5
_TODO = {
    "missing": "Write an article or a template for this, with the customers' words in its title.",
    "unfindable": "There is an answer that is not found: put the customers' words into its title, keywords or summary, "
    "and check its products and channels.",
    "wrong language": "Translate the answer, and name the original in translation_of.",
    "restricted": "There is an answer that may not be shown: publish it, extend its validity, or write one for this "
    "audience.",
}


def gaps_section(material: Material, asked: Sequence[AskedCase], *, with_text: bool = False) -> Section:
    """Find cases that nothing answered well, cluster them, and say of each cluster why."""
    places = [place for place, each in enumerate(asked) if is_gap(each)]
    with material.reporter.stage("find gaps"):
        gaps = [gap_of(asked[place], material) for place in places]
        findings = list(_findings(gaps, places, asked, material, with_text=with_text))
    findings.sort(key=lambda each: (-each.facts["cases"], each.facts["examples"]))
    sorts = Counter(gap.sort for gap in gaps)
    alone = len(gaps) - sum(finding.facts["cases"] for finding in findings)
    return Section(
        name="gaps",
        title="Gaps",
        about="What customers asked and nothing answered well: for articles and for templates alike the service "
        f"abstained, or its first item was unsure (below {UNSURE:.0%}, or {UNSURE_BESIDE_OTHERS:.0%} where the agent "
        "used something else).",
        findings=tuple(findings),
        notes=(
            f"{len(gaps):,} of {counted(len(asked), 'case')} asked again found no answer: "
            + ", ".join(f"{sorts[sort]:,} {sort}" for sort in GAP_SORTS)
            + f". {alone:,} of them are too few of a kind to be listed: a gap is {LEAST_CASES} cases or more.",
            "A case was asked without what is known from it or from later ones. Words are told only where three "
            "customers said them.",
        ),
    )


def _findings(
    gaps: Sequence[Gap], places: Sequence[int], asked: Sequence[AskedCase], material: Material, *, with_text: bool
) -> Iterator[Finding]:
    if not gaps:
        return
    vectors = np.stack([each.understanding.vector for each in asked])
    words = Vocabulary(
        [each.understanding.text.text for each in asked],
        [each.understanding.language.code for each in asked],
        [each.case.customer_id or f"case {each.case.id}" for each in asked],
    )
    used = [frozenset(gap.answers) for gap in gaps]
    for rows in clustered(vectors[list(places)], vectors.mean(axis=0), used):
        told = words.distinguishing([places[row] for row in rows])
        yield _finding([gaps[row] for row in rows], told, material, with_text=with_text)


def _finding(gaps: Sequence[Gap], words: Sequence[str], material: Material, *, with_text: bool) -> Finding:
    sorts = Counter(gap.sort for gap in gaps)
    sort = min(sorts, key=lambda each: (-sorts[each], GAP_SORTS.index(each)))
    minutes = [
        gap.asked.case.outcome.handle_minutes
        for gap in gaps
        if gap.asked.case.outcome is not None and gap.asked.case.outcome.handle_minutes is not None
    ]
    ids = sorted(gap.asked.case.id for gap in gaps)[:EXAMPLES]
    answers = _answers(gaps, sort)
    about = f": {', '.join(words)}" if words else ""
    facts = {
        "cases": len(gaps),
        "sorts": {each: sorts[each] for each in GAP_SORTS if sorts[each]},
        "words": list(words),
        "examples": ids,
        "minutes": {"cases": len(minutes), "sum": round(sum(minutes), 1), "median": median(minutes)}
        if minutes
        else None,
    }
    if with_text:
        texts = {gap.asked.case.id: gap.asked.understanding.text.text for gap in gaps}
        facts["texts"] = {each: shortened(texts[each]) for each in ids}
    return Finding(
        sort=sort,
        items=tuple(ref_of(material.items[key]) for key in _best(answers) if key in material.items),
        says=f"{counted(len(gaps), 'case')}{about}. {_cost(minutes)}{_told(answers)}Examples: {', '.join(ids)}.",
        todo=_TODO[sort],
        facts=facts,
    )


def _cost(minutes: Sequence[float]) -> str:
    if not minutes:
        return ""
    known = counted(len(minutes), "case")
    return f"They took {sum(minutes):,.0f} minutes, half of them {median(minutes):,.0f} or more (known of {known}). "


def _answers(gaps: Sequence[Gap], sort: str) -> Counter[tuple[Kind, str]]:
    """Return the items that answer the cases of a sort after all, by how many."""
    return Counter(answer for gap in gaps if gap.sort == sort for answer in gap.answers)


def _told(answers: Counter[tuple[Kind, str]]) -> str:
    if not answers:
        return ""
    return (
        "What answers them: " + ", ".join(f"{each} in {answers[kind, each]:,}" for kind, each in _best(answers)) + ". "
    )


def _best(answers: Counter[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    return sorted(answers, key=lambda each: (-answers[each], each))[:3]
