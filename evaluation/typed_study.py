"""What is suggested while an agent still types a note: mails cut to their first words, beside the whole message.

An agent notes what the matter is, so the greeting is left out, as understanding a case leaves it out, and so is the
subject line, which nobody who calls has. The words themselves stay the customer's: a note would be terser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpus.casetext import clean
from corpus.models import Case
from evaluation.mail_study import Cell, study
from evaluation.questions import JudgedSet
from evaluation.workbench import Workbench

METRICS = ("P@1", "Success@3", "nDCG@10")
WORDS = (3, 6, 12)
WHOLE = "whole message"


def typed(case: Case, words: int) -> Case:
    """Return the case as it is known after so many words of a note; one of fewer words is there as a whole.

    >>> typed(Case(id="1", description="Guten Tag, mein Router blinkt seit gestern rot."), 3).description
    'mein Router blinkt'
    """
    said = clean(case.description or "") or clean(case.subject or "")
    return replace(case, subject=None, description=" ".join(said.split()[:words]), messages=())


def typed_study(judged: JudgedSet, workbench: Workbench) -> Iterator[Cell]:
    """Measure the suggester and the content baselines after each number of words, and on the whole message.

    Encoder and scorer are those that may be measured on the set: their fits left its like out.
    """
    fair = workbench.fair_to(judged)
    for words in WORDS:
        questions = tuple(replace(each, case=typed(each.case, words)) for each in judged.questions)
        cut = replace(judged, questions=questions)
        yield from study(cut, fair, setting=f"{words} words", ours=True, metrics=METRICS)
    yield from study(judged, fair, setting=WHOLE, ours=True, metrics=METRICS)
