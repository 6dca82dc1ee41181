"""Items that agents are shown and always send away."""

from __future__ import annotations

from evaluation.corpus_report.findings import Finding, Section, counted, ref_of
from evaluation.corpus_report.material import Material

LEAST_SHOWN = 20
LEAST_REFUSED = 0.8


def dismissed_section(material: Material) -> Section:
    """Find items that were shown often enough, refused nearly each time, and never taken."""
    about = (
        f"Items that were shown at least {LEAST_SHOWN} times, refused (dismissed or not helpful) in at least "
        f"{LEAST_REFUSED:.0%} of them, and never opened, copied, sent or found helpful."
    )
    title, name = "Always dismissed", "always_dismissed"
    if material.feedback is None:
        note = "A corpus folder holds no feedback: make this report without CORPUS, over the store."
        return Section(name=name, title=title, about=about, findings=(), notes=(note,))
    found, held_back = [], 0
    for each in material.feedback:
        item = material.items.get((each.kind, each.item_id))
        if item is None:
            continue
        if each.shown is None or each.taken is None or each.refused is None:
            held_back += 1
        elif each.shown >= LEAST_SHOWN and not each.taken and each.refused >= LEAST_REFUSED * each.shown:
            found.append(
                Finding(
                    sort=each.kind,
                    items=(ref_of(item),),
                    says=f"Shown {each.shown:,} times, refused {each.refused:,} times, never taken.",
                    todo="Read it with the eyes of an agent: does the title promise what the text does not hold? Make "
                    "the title narrower, set products or channels, or archive it.",
                    facts={"shown": each.shown, "refused": each.refused},
                )
            )
    found.sort(key=lambda finding: (-finding.facts["refused"], finding.items[0].id))
    notes = [f"Feedback tells of {counted(len(material.feedback), 'item')}."]
    if held_back:
        notes.append(
            f"{counted(held_back, 'item')} were seen by fewer than ten agents in each month, or by agents that "
            "nobody can tell apart: no figures about them are shown."
        )
    return Section(name=name, title=title, about=about, findings=tuple(found), notes=tuple(notes))
