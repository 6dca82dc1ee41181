"""Every check that the training data must pass, in one place."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.training_findings import TrainingFinding
from corpus.training_leaks import title_leaks
from corpus.training_names import brands, shared_names
from corpus.training_near import near_repeats
from corpus.training_problems import TrainingProblem


def check_training(problems: Sequence[TrainingProblem]) -> tuple[TrainingFinding, ...]:
    """Return what is wrong with the texts: repeats, words of the title, names in two messages, real companies."""
    return (*near_repeats(problems), *title_leaks(problems), *shared_names(problems), *brands(problems))
