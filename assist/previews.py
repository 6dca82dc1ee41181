"""A template as it would be, before anybody saves it: what is wrong with it, and how it reads filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assist.models import RenderedTemplate
from assist.templates import render
from corpus.merge_syntax.maps import MergeMaps, shipped_maps
from corpus.models import Case, Template, primary_language
from corpus.quicktext.lint import Remark, remarks_on
from corpus.quicktext.lint_rows import row_of

UNSAVED = "unsaved"
"""The id of a template that has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was found in a template, and its text filled; ``None`` where it is no template yet."""

    remarks: tuple[Remark, ...]
    rendered: RenderedTemplate | None


class Previews(Protocol):
    """Looks at templates that are not saved."""

    def look(
        self, template: Mapping[str, Any], case: Case, context: Mapping[str, Any], language: str | None
    ) -> Preview:
        """Return what is wrong with a template and how it reads; never raises because of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePreviews:
    """Looks at them as an import would, and fills them as a suggestion would."""

    company: Mapping[str, str] = field(default_factory=dict)
    maps: MergeMaps = field(default_factory=shipped_maps)

    def look(
        self, template: Mapping[str, Any], case: Case, context: Mapping[str, Any], language: str | None
    ) -> Preview:
        """Lint and fill a template; warnings are told in ``language``, else in that of the case or the template."""
        given = {key: value for key, value in template.items() if value is not None}
        row = row_of(1, {"id": UNSAVED, **given})
        if row.template is None:
            return Preview(remarks=row.refused, rendered=None)
        remarks = remarks_on(row.template, self.maps)
        told_in = language or case.language or row.template.language
        return Preview(remarks=remarks, rendered=self._fill(row.template, case, context, told_in))

    def _fill(self, template: Template, case: Case, context: Mapping[str, Any], language: str) -> RenderedTemplate:
        written_in = primary_language(language) or language
        return render(template, case, context, company=self.company, language=written_in, maps=self.maps)
