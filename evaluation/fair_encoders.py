"""The encoder that a set is measured with: as shipped, but fitted without the industry that is asked about.

The shipped adapter was trained on problems of many industries. Where one of them is measured, an adapter of the same
recipe takes its place that never saw it, in any language.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evaluation.questions import JudgedSet
from index.adapted import ensure_adapted
from index.adapter import read_adapter
from index.encoder import Encoder
from index.encoders import open_encoder
from index.model_folder import Report
from index.own_encoder import set_encoder
from index.settings import IndexSettings
from index.weights import PACKAGED

ADAPTERS = Path(__file__).with_name("adapters")
_SET = "mails_"
# The folder of an adapter says which industries its fit left out: ``without-banking-insurance``.
_WITHOUT = "without-"


class FairEncoders:
    """Opens the encoders of one evaluation, each once."""

    def __init__(self, settings: IndexSettings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._open: dict[str, Encoder] = {}

    def of(self, judged: JudgedSet) -> Encoder:
        """Return the encoder for a set; see the module. An encoder that was set otherwise is the same for all."""
        adapter = adapter_without(industry_of(judged.name))
        if self._settings.encoder != "packaged" or adapter is None:
            return self.set_one()
        if adapter.name not in self._open:
            self._open[adapter.name] = self._merged(adapter)
        return self._open[adapter.name]

    def set_one(self) -> Encoder:
        """Return the encoder that the settings, or a fit on own cases, put into use."""
        if "" not in self._open:
            self._open[""] = set_encoder(self._settings)
        return self._open[""]

    def named(self, name: str) -> Encoder:
        """Return the encoder of a name as ``index.encoders.open_encoder`` knows it."""
        if name not in self._open:
            self._open[name] = open_encoder(name, self._settings.models, threads=self._settings.threads)
        return self._open[name]

    def _merged(self, adapter: Path) -> Encoder:
        # Imported by need: an evaluation with the toy must not load onnxruntime.
        from index.encoders.onnx import OnnxEncoder

        folder = self._settings.var / "evaluation" / "encoders" / adapter.name
        ensure_adapted(self._settings.models / PACKAGED, read_adapter(adapter), folder, self._report)
        return OnnxEncoder(folder, threads=self._settings.threads)


def place_of(industries: Collection[str]) -> Path:
    """Return where the adapter belongs whose fit leaves industries out."""
    return ADAPTERS / f"{_WITHOUT}{'-'.join(sorted(industries))}"


def adapter_without(industry: str) -> Path | None:
    """Return the folder of the adapter that was fitted without an industry, perhaps without others too."""
    folders = sorted(ADAPTERS.glob(f"{_WITHOUT}*")) if industry else []
    return next((each for each in folders if industry in each.name.removeprefix(_WITHOUT).split("-")), None)


def industry_of(name: str) -> str:
    """Return the industry of a set of problems by its name, or nothing for another set.

    >>> industry_of("mails_energy"), industry_of("mail_cwa_de")
    ('energy', '')
    """
    return name.removeprefix(_SET) if name.startswith(_SET) else ""
