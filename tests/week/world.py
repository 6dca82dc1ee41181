"""What the week brings: folders as the editorial team exports them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

PRICES = "preise-funk-l"
WRONG, RIGHT = "34,99", "39,99"
LAUNCH = "glasfaser-start"
STREET = "Der Anschluss {0} wird im Abschnitt {0} beschrieben: Kabel prüfen, Gerät {0} neu starten, Lampe {0} beachten."


def write_export(folder: Path, sections: Path | None, size: int) -> None:
    """Write Monday's edition: ``size`` Markdown files with front matter, the price list among them."""
    folder.mkdir(parents=True)
    texts = _sections(sections) if sections is not None else _made()
    for number, (title, body) in enumerate(islice(texts, size - 1)):
        _write(folder / f"seite-{number:05}.md", title, body)
    write_prices(folder, WRONG)


def write_prices(folder: Path, amount: str) -> None:
    """Write the price list with an amount."""
    _write(folder / f"{PRICES}.md", "Was kostet Funk L?", f"Der Tarif Funk L kostet {amount} Euro im Monat.")


def change(folder: Path, number: int) -> None:
    """Change so many pages, as a day of editing does."""
    for path in sorted(folder.glob("seite-*.md"))[:number]:
        path.write_text(path.read_text(encoding="utf-8") + "\nStand: neu geprüft.\n", encoding="utf-8")


def write_launch(folder: Path, valid_from: str) -> None:
    """Write a corpus folder with one article that holds from a moment on."""
    folder.mkdir(parents=True)
    article = {
        "id": LAUNCH,
        "title": "Glasfaser Start bestellen",
        "body": "Glasfaser Start bestellen Sie in der App. Der Techniker schließt die Dose an.",
        "language": "de",
        "valid_from": valid_from,
    }
    (folder / "articles.jsonl").write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")


def write_broken_off(folder: Path, source: Path, rows: int) -> None:
    """Write an edition that broke off: the first ``rows`` articles of a corpus folder, and nothing else."""
    folder.mkdir(parents=True)
    with (source / "articles.jsonl").open(encoding="utf-8") as file:
        (folder / "articles.jsonl").write_text("".join(islice(file, rows)), encoding="utf-8")


def _write(path: Path, title: str, body: str) -> None:
    front = f"---\nid: {path.stem}\ntitle: {json.dumps(title, ensure_ascii=False)}\nlanguage: de\n---\n\n"
    path.write_text(f"{front}{body}\n", encoding="utf-8")


def _sections(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            section = json.loads(line)
            yield section["title"][:200], section["body"]


def _made() -> Iterator[tuple[str, str]]:
    number = 0
    while True:
        yield f"Anschluss {number}", STREET.format(number)
        number += 1
