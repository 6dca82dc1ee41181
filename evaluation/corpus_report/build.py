"""All sections of a corpus report, in the order in which they are read."""

from __future__ import annotations

from corpus import VERSION
from evaluation.corpus_report.asking import ask_again
from evaluation.corpus_report.contradictions import contradictions_section
from evaluation.corpus_report.dismissed import dismissed_section
from evaluation.corpus_report.duplicates import duplicates_section
from evaluation.corpus_report.edited import edited_section
from evaluation.corpus_report.findings import CorpusReport
from evaluation.corpus_report.gaps import gaps_section
from evaluation.corpus_report.material import Material
from evaluation.corpus_report.staleness import stale_section
from evaluation.corpus_report.unused import unused_section


def build_report(material: Material, *, with_text: bool = False) -> CorpusReport:
    """Make the whole report. Texts of cases are in it only ``with_text``, masked."""
    asked = ask_again(material)
    corpus, limits = material.corpus, material.limits
    facts = {
        "version": VERSION,
        "of": material.name,
        "at": material.at.isoformat(timespec="seconds"),
        "encoder": material.encoder.name,
        "ranker": material.parts.scorer.name,
        "articles": len(corpus.articles),
        "templates": len(corpus.templates),
        "actions": len(corpus.actions),
        "cases": len(corpus.cases),
        "solved cases": len(material.solved),
        "solved cases in the period": len(material.period),
        "cases asked again": len(asked),
        "period ends": material.last_closed.isoformat(timespec="seconds"),
        "period days": limits.period_days,
        "sample": limits.sample,
        "seed": limits.seed,
        "audiences": sorted(material.audiences),
    }
    return CorpusReport(
        facts=facts,
        sections=(
            contradictions_section(material),
            gaps_section(material, asked, with_text=with_text),
            duplicates_section(material),
            stale_section(material),
            unused_section(material, asked),
            dismissed_section(material),
            edited_section(material),
        ),
    )
