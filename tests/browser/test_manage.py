"""The manager's page in a real browser, over the real application and its store, with the toy encoder."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from assist.app import create_app
from assist.bootstrap import Runtime, build_runtime
from assist.gate import Gate
from assist.settings import Settings
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from tests.api.doors import Door
from tests.conftest import edition, small_corpus, write_folder

pytestmark = pytest.mark.slow

TABS = ("corpus", "snapshots", "imports", "items", "templates", "reports", "explain")
WAIT_MS = 20_000
JOB_MS = 120_000
OpenManager = Callable[..., Any]


class Desk:
    """One deployment behind a server of its own."""

    def __init__(self, runtime: Runtime, *, callers: Any = None) -> None:
        services = replace(runtime.services, gate=Gate(deadline_s=60))
        self.app = create_app(services if callers is None else replace(services, callers=callers))
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def rest(self) -> FlaskClient:
        return self.app.test_client()

    def stop(self) -> None:
        self._server.shutdown()


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Runtime]:
    folder = tmp_path_factory.mktemp("manage")
    index = IndexSettings(var=folder / "var", encoder="toy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSIST_ENCODER", "toy")
        build(
            index, open_encoder("toy", index.models), write_folder(folder / "corpus", small_corpus()), SilentReporter()
        )
        running = build_runtime(Settings(index=index))
        running.start()
        yield running
        running.stop()


@pytest.fixture(scope="module")
def desk(runtime: Runtime) -> Iterator[Desk]:
    running = Desk(runtime)
    assert wait_until(lambda: running.rest().get("/readyz").status_code == 200)
    yield running
    running.stop()


@pytest.fixture
def manager(browser: Any) -> Iterator[OpenManager]:
    """Open the page in a fresh context; what the browser complains of fails the test."""
    opened: list[Any] = []
    complaints: list[str] = []

    def open_(address: str, area: str = "corpus", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "de-DE", **options})
        context.set_default_timeout(WAIT_MS)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_fault(said) else None)
        page.goto(f"{address}/manage#{area}")
        page.wait_for_selector("main h1")
        return page

    yield open_
    for context in opened:
        context.close()
    assert complaints == []


def _is_fault(said: Any) -> bool:
    # A refusal of the service is a line in the console, too; those are what some of these tests are about.
    return said.type == "error" and "Failed to load resource" not in said.text


def wait_for(holds: Callable[[], bool]) -> None:
    assert wait_until(holds), "what was waited for did not come"


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    event = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if holds():
            return True
        event.wait(0.1)
    return False


def zip_of(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for kind, each in rows.items():
            archive.writestr(f"korpus/{kind}.jsonl", "".join(json.dumps(row) + "\n" for row in each))
    return {"name": "korpus.zip", "mimeType": "application/zip", "buffer": out.getvalue()}


def dialog(page: Any, button: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=button).click()
    page.wait_for_selector("dialog", state="detached")


@pytest.mark.parametrize("language", ["Deutsch", "English"])
def test_every_area_speaks_both_languages_and_fits_a_narrow_screen(
    manager: OpenManager, desk: Desk, language: str
) -> None:
    page = manager(desk.address, viewport={"width": 320, "height": 700})
    page.get_by_role("button", name=language).click()
    assert page.locator("html").get_attribute("lang") == ("de" if language == "Deutsch" else "en")
    for area in TABS:
        page.locator(f'nav a[href="#{area}"]').click()
        page.wait_for_selector(f'nav a[href="#{area}"][aria-current=page]')
        page.wait_for_load_state("networkidle")
        text = page.locator("body").inner_text()
        assert re.findall(r"\b(?:tab|lead|corpus|items|kind|field|job|reports|remedy)\.[a-z_]+", text) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), area


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_area_breaks_a_rule_of_accessibility(manager: OpenManager, desk: Desk, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    page = manager(desk.address, color_scheme=scheme)
    # The policy of the page lets nobody add a script to it: the checker comes through the debugger.
    for area in (*TABS, "items?kind=articles&id=kuendigung", "templates?id=t-gutschrift", "items?kind=pins"):
        page.goto(f"{desk.address}/manage#{area}")
        page.wait_for_load_state("networkidle")
        assert violations(axe, page) == []
    ask_why(page, desk)
    assert violations(axe, page) == []


def test_an_explanation_fits_a_narrow_screen(manager: OpenManager, desk: Desk) -> None:
    page = manager(desk.address, viewport={"width": 320, "height": 700})
    ask_why(page, desk)
    wide = (
        """[...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > innerWidth)"""
    )
    assert page.evaluate(f"{wide}.map((each) => each.outerHTML)") == []


def violations(axe: Any, page: Any) -> list[tuple[str, list[str]]]:
    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]]


def ask_why(page: Any, desk: Desk) -> None:
    """Let a case be explained, with the story of an item, and open the parts of all scores."""
    page.goto(f"{desk.address}/manage#explain")
    page.get_by_label("Betreff").fill("Rechnung doppelt")
    page.get_by_label("Geschichte eines Eintrags").fill("nur-geschaeft")
    page.get_by_role("button", name="Erklären").click()
    page.get_by_role("heading", name="Der gefragte Eintrag").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => each.open = true)")


def test_an_edit_shows_what_it_changes_and_does_not_overwrite_somebody_elses(manager: OpenManager, desk: Desk) -> None:
    rest = desk.rest()
    page = manager(desk.address, "items")
    page.get_by_label("Wörter oder Kennung").fill("Abbuchung einer Rechnung")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_role("row", name="rechnung-doppelt").get_by_role("button", name="Öffnen").click()
    page.get_by_label("Titel").fill("Doppelt abgebucht")
    theirs = rest.get("/v1/articles/rechnung-doppelt").get_json()
    rest.put("/v1/articles/rechnung-doppelt", json={**theirs, "keywords": ["Bankeinzug"]})
    assert wait_until(lambda: rest.get("/v1/articles/rechnung-doppelt").get_json()["keywords"] == ["Bankeinzug"])

    page.get_by_role("button", name="Speichern").click()
    shown = page.get_by_role("dialog").inner_text()
    assert "Doppelte Abbuchung einer Rechnung" in shown
    assert "Doppelt abgebucht" in shown
    dialog(page, "Speichern")
    conflict = page.get_by_role("alert").filter(has_text="Jemand war schneller")
    assert "Bankeinzug" in conflict.inner_text()
    assert "Doppelt abgebucht" in conflict.inner_text()
    assert rest.get("/v1/articles/rechnung-doppelt").get_json()["title"] == theirs["title"]

    page.get_by_role("button", name="Mit meiner weiterarbeiten").click()
    page.get_by_label("Schlagwörter").fill("Bankeinzug\nLastschrift, SEPA")
    page.get_by_role("button", name="Speichern").click()
    dialog(page, "Speichern")
    page.get_by_text("Gespeichert. Es gilt").wait_for()
    assert wait_until(lambda: rest.get("/v1/articles/rechnung-doppelt").get_json()["title"] == "Doppelt abgebucht")
    assert rest.get("/v1/articles/rechnung-doppelt").get_json()["keywords"] == ["Bankeinzug", "Lastschrift, SEPA"]


def test_a_fault_stands_beside_its_field_and_nothing_is_saved(manager: OpenManager, desk: Desk) -> None:
    page = manager(desk.address, "items?kind=actions&id=messen")
    page.get_by_label("Regel").fill('{"field": "kunde.alter", "op": "eq", "value": 1}')
    page.get_by_role("button", name="Speichern").click()
    dialog(page, "Speichern")
    rule = page.get_by_label("Regel")
    page.wait_for_selector("textarea[name=when][aria-invalid=true]")
    assert rule.evaluate("node => node === document.activeElement")
    assert "/when" in page.get_by_role("alert").inner_text()
    rule.fill("{")
    page.get_by_role("button", name="Speichern").click()
    assert "kein JSON" in page.locator(".fault:visible").inner_text()
    assert page.get_by_role("dialog").count() == 0
    assert desk.rest().get("/v1/actions/messen").get_json()["when"] is None


def test_an_item_is_created_and_withdrawn_by_keyboard_alone(manager: OpenManager, desk: Desk) -> None:
    page = manager(desk.address, "items")
    press = page.keyboard.press
    page.get_by_role("button", name="Neu").focus()
    press("Enter")
    page.keyboard.type("umzug")
    press("Tab")
    press("Tab")
    press("Enter")
    page.get_by_label("Titel").focus()
    page.keyboard.type("Umzug melden")
    press("Tab")
    page.keyboard.type("de")
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.type("Vier Wochen vorher.")
    page.get_by_role("button", name="Speichern").focus()
    press("Enter")
    page.get_by_role("dialog").wait_for()
    press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert desk.rest().get("/v1/articles/umzug").status_code == 404
    press("Enter")
    page.get_by_role("dialog").wait_for()
    press("Tab")
    press("Enter")
    page.get_by_text("Gespeichert. Es gilt").wait_for()
    assert wait_until(lambda: desk.rest().get("/v1/articles/umzug").status_code == 200)

    page.get_by_role("button", name="Zurückziehen").focus()
    press("Enter")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Abbrechen"
    press("Tab")
    press("Enter")
    page.get_by_text("umzug ist zurückgezogen.").wait_for()
    assert focused(page) == "umzug ist zurückgezogen."
    assert wait_until(lambda: desk.rest().get("/v1/articles/umzug").status_code == 404)


def test_what_an_item_holds_is_shown_as_text_and_never_run(manager: OpenManager, desk: Desk) -> None:
    attack = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    desk.rest().put("/v1/templates/angriff", json={"name": attack, "body": f"Mahngebühr {attack}", "language": "de"})
    assert wait_until(lambda: desk.rest().get("/v1/templates/angriff").status_code == 200)
    page = manager(desk.address, "items?kind=templates&q=Mahngeb%C3%BChr")
    page.get_by_role("row", name="angriff").get_by_role("button", name="Öffnen").click()
    assert page.get_by_label("Name", exact=True).input_value() == attack
    page.get_by_label("Name", exact=True).fill(f"{attack} neu")
    page.get_by_role("button", name="Speichern").click()
    assert attack in page.get_by_role("dialog").inner_text()
    dialog(page, "Abbrechen")
    page.goto(f"{desk.address}/manage#templates?id=angriff")
    page.locator("pre.letter").wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main script").count() == 0


def test_a_template_is_previewed_while_it_is_typed_and_faults_are_jumped_to(manager: OpenManager, desk: Desk) -> None:
    page = manager(desk.address, "templates")
    body = page.get_by_label("Text", exact=True)
    body.fill("Guten Tag {{ contact.last_name }},\n{{ contact.lastname }}")
    page.get_by_role("button", name="/body Zeile 2, Spalte 4").click()
    assert body.evaluate("node => node.selectionStart") == 38
    assert "Guten Tag Brandt," in page.locator("pre.letter").inner_text()
    body.fill("{% if %}")
    page.get_by_text("Fehler", exact=True).wait_for()
    assert page.locator("pre.letter").count() == 0


def test_where_keys_are_set_up_the_page_asks_for_one_and_keeps_it_only_where_that_is_wanted(
    manager: OpenManager, runtime: Runtime
) -> None:
    door = Door()
    door.add("manager", frozenset({"suggest", "manage"}))
    door.ring.refresh()
    guarded = Desk(runtime, callers=door.callers)
    try:
        page = manager(guarded.address, "snapshots")
        page.get_by_role("dialog").get_by_label("Schlüssel").fill("sw_falsch")
        page.get_by_role("dialog").get_by_role("button", name="Verwenden").click()
        page.get_by_role("dialog").get_by_label("Schlüssel").fill(str(door.texts["manager"]))
        page.get_by_role("dialog").get_by_role("button", name="Verwenden").click()
        page.get_by_role("cell", name="gilt").wait_for()
        assert page.evaluate("JSON.stringify([{...sessionStorage}, document.cookie])") == '[{},""]'
        assert str(door.texts["manager"]) not in page.content()
        page.reload()
        page.get_by_role("dialog").get_by_label("Schlüssel").fill(str(door.texts["manager"]))
        page.get_by_role("dialog").get_by_label("In diesem Tab behalten").check()
        page.get_by_role("dialog").get_by_role("button", name="Verwenden").click()
        page.get_by_role("cell", name="gilt").wait_for()
        page.reload()
        page.get_by_role("cell", name="gilt").wait_for()
    finally:
        guarded.stop()


def test_explaining_tells_pins_rules_and_the_parts_of_each_score(manager: OpenManager, desk: Desk) -> None:
    rest = desk.rest()
    pin = {"kind": "articles", "item": "stoerung", "effect": "pin", "reason": "Ausfall <b>Nord</b>"}
    when = {"field": "case.product", "op": "eq", "value": "internet"}
    rest.put("/v1/pins/ausfall", json={**pin, "when": when, "valid_until": "2999-02-01T00:00:00+01:00"})
    rest.put("/v1/pins/nie", json={**pin, "item": "kuendigung", "effect": "forbid", "reason": "Wird geprüft"})
    try:
        wait_for(lambda: len(rest.get("/v1/pins").get_json()["pins"]) == 2)
        page = manager(desk.address, "explain")
        page.get_by_label("Betreff").fill("Rechnung doppelt abgebucht")
        page.get_by_label("Produkt").fill("internet")
        page.get_by_label("Kundenmerkmale").fill('{"segment": "privat"}')
        page.get_by_label("Geschichte eines Eintrags").fill("nur-geschaeft")
        page.get_by_role("button", name="Erklären").click()

        story = card(page, "Der gefragte Eintrag")
        assert "die Regel trifft nicht zu: " in story
        assert "geschaeft" in story
        articles = card(page, "Artikel")
        assert "festgelegt bis 31.01.2999: Ausfall <b>Nord</b>" in articles
        assert "Festlegung: 1" in articles
        assert "durch die Festlegung nie gesperrt: Wird geprüft" in articles
        assert "die Regel trifft nicht zu" in card(page, "Aktionen")
        assert_parts_add_up(page)
        page.get_by_role("link", name="ausfall", exact=True).click()
        assert page.get_by_label("Begründung").input_value() == "Ausfall <b>Nord</b>"
    finally:
        for each in ("ausfall", "nie"):
            rest.delete(f"/v1/pins/{each}")
        wait_for(lambda: rest.get("/v1/pins").get_json()["pins"] == [])


def card(page: Any, heading: str) -> str:
    own = page.get_by_role("heading", name=heading, exact=True, level=2)
    return str(page.locator("main section.card").filter(has=own).inner_text())


def assert_parts_add_up(page: Any) -> None:
    """Each score is the sum of the summands that stand below it, as far as they are rounded."""
    places = page.locator("main .ranked details").all()
    assert len(places) >= 8
    for place in places:
        place.locator("summary").click()
        score = figure(re.findall(r"[+-]?[\d.]+,\d\d", place.locator("summary").inner_text())[0])
        summands = [figure(text) for text in place.locator("dl").first.locator("dd").all_inner_texts()]
        assert sum(summands) == pytest.approx(score, abs=0.005 * (len(summands) + 1))


def figure(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def test_explaining_an_unknown_item_or_facts_that_are_no_json_says_what_to_do(manager: OpenManager, desk: Desk) -> None:
    page = manager(desk.address, "explain")
    page.get_by_label("Betreff").fill("Rechnung doppelt")
    page.get_by_label("Geschichte eines Eintrags").fill("gibt-es-nicht")
    page.get_by_role("button", name="Erklären").click()
    assert "Prüfen Sie die Kennung" in page.get_by_role("alert").inner_text()
    page.get_by_label("Kontext").fill("{")
    page.get_by_role("button", name="Erklären").click()
    page.get_by_role("alert", name="").filter(has_text="Das ist kein JSON").wait_for()
    assert page.evaluate("document.activeElement.labels[0].textContent") == "Kontext"


def test_a_pin_is_written_found_changed_and_taken_back_as_any_other_record(manager: OpenManager, desk: Desk) -> None:
    rest = desk.rest()
    page = manager(desk.address, "items")
    page.get_by_label("Art", exact=True).select_option("pins")
    page.get_by_text("Keine Festlegung gefunden.").wait_for()
    page.get_by_role("button", name="Neu").click()
    page.get_by_label("Kennung des neuen Eintrags").fill("ausfall")
    dialog(page, "Weiter")
    page.get_by_label("Kennung des Eintrags").fill("stoerung")
    page.get_by_label("Begründung").fill("Regionaler Ausfall")
    page.get_by_label("Regel").fill('{"field": "case.wetter", "op": "eq", "value": 1}')
    page.get_by_label("Gültig bis").fill("2999-02-01T00:00:00+01:00")
    page.get_by_role("button", name="Speichern").click()
    dialog(page, "Speichern")
    page.wait_for_selector("textarea[name=when][aria-invalid=true]")
    page.get_by_label("Regel").fill('{"field": "case.product", "op": "eq", "value": "internet"}')
    page.get_by_role("button", name="Speichern").click()
    dialog(page, "Speichern")
    page.get_by_text("Gespeichert. Es gilt").wait_for()
    wait_for(lambda: rest.get("/v1/pins/ausfall").status_code == 200)

    page.get_by_label("Wörter oder Kennung").fill("regional")
    page.get_by_role("button", name="Suchen").click()
    row = page.get_by_role("row", name="ausfall")
    assert "pin – kommt zuerst" in row.inner_text()
    row.get_by_role("button", name="Öffnen").click()
    page.get_by_label("Begründung").fill("Ausfall im Norden")
    page.get_by_role("button", name="Speichern").click()
    dialog(page, "Speichern")
    page.get_by_text("Gespeichert. Es gilt").wait_for()
    wait_for(lambda: rest.get("/v1/pins/ausfall").get_json()["reason"] == "Ausfall im Norden")
    assert rest.get("/v1/pins/ausfall").get_json()["when"]["field"] == "case.product"

    page.get_by_role("button", name="Zurückziehen").click()
    assert "ohne diese Festlegung" in page.get_by_role("dialog").inner_text()
    dialog(page, "Zurückziehen")
    page.get_by_text("ausfall ist zurückgezogen.").wait_for()
    wait_for(lambda: rest.get("/v1/pins").get_json()["pins"] == [])


def test_the_whole_round_of_an_import_takes_a_keyboard_alone(manager: OpenManager, desk: Desk) -> None:
    rest = desk.rest()
    page = manager(desk.address)
    before = page.locator("#serving").inner_text()
    tab_to(page, "Datei")
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Enter")
    asked.value.set_files(files=[zip_of(edition(2))])
    choose(page, "Senden")
    page.get_by_role("button", name="Prüfen").wait_for()
    choose(page, "Prüfen")
    page.get_by_role("heading", name="Änderungen").wait_for(timeout=JOB_MS)
    choose(page, "Einspielen …")
    agree(page, "Einspielen …")
    running = page.get_by_label("Auftrag").filter(has_text="läuft")
    running.wait_for(timeout=JOB_MS)
    assert running.get_by_role("progressbar").is_visible()
    page.get_by_text("ist eingespielt, es gilt Stand").wait_for(timeout=JOB_MS)
    wait_for(lambda: page.locator("#serving").inner_text() != before)
    wait_for(lambda: rest.get("/v1/cases/neu-2").status_code == 200)
    number = rest.get("/v1/imports").get_json()["imports"][0]["id"]

    choose(page, "Zu den Importen")
    page.get_by_role("button", name=f"Import {number} zurücknehmen").wait_for()
    choose(page, f"Import {number} zurücknehmen …")
    page.get_by_role("heading", name=f"Ohne Import {number} würde sich das ändern").wait_for()
    choose(page, "Import zurücknehmen")
    agree(page, "Import zurücknehmen")
    page.get_by_text(f"Import {number} ist zurückgenommen").wait_for(timeout=JOB_MS)
    wait_for(lambda: rest.get("/v1/cases/neu-2").status_code == 404)
    assert focused(page) == "Zurücknehmen"


def focused(page: Any) -> str:
    """Return the name of what has the focus; empty where it was lost."""
    name: str = page.evaluate(
        """() => {
            const at = document.activeElement;
            if (at === document.body) return "";
            return at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
        }"""
    )
    return name


def tab_to(page: Any, name: str) -> None:
    """Go on with the Tab key, from where the focus is, to what has this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def choose(page: Any, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def agree(page: Any, name: str) -> None:
    """Agree to what a dialog asks: its harmless answer has the focus."""
    page.get_by_role("dialog").wait_for()
    assert focused(page) == "Abbrechen"
    choose(page, name.removesuffix(" …"))
    page.wait_for_selector("dialog", state="detached")


def test_a_round_from_upload_to_undo(manager: OpenManager, runtime: Runtime, desk: Desk) -> None:
    page = manager(desk.address)
    before = desk.rest().get("/v1/snapshots").get_json()["snapshots"][0]["id"]
    page.get_by_label("Datei").set_input_files(files=[zip_of(edition(3))])
    page.get_by_role("button", name="Senden").click()
    page.get_by_role("button", name="Prüfen").click()
    page.get_by_role("heading", name="Änderungen").wait_for(timeout=JOB_MS)
    page.reload()  # a job is found again by its address
    page.get_by_role("button", name="Einspielen").click(timeout=JOB_MS)
    assert "nur-geschaeft" in page.get_by_role("dialog").inner_text()
    dialog(page, "Einspielen")
    page.get_by_label("Auftrag").get_by_text("läuft").first.wait_for(timeout=JOB_MS)
    page.get_by_text("ist eingespielt, es gilt Stand").wait_for(timeout=JOB_MS)
    number = desk.rest().get("/v1/imports").get_json()["imports"][0]["id"]

    page.get_by_role("link", name="Stände").click()
    page.get_by_role("row", name=before).get_by_role("button", name="Vergleichen").click()
    page.get_by_role("button", name="Diesen Stand gelten lassen").click()
    dialog(page, "Diesen Stand gelten lassen")
    page.get_by_text(f"Stand {before} gilt.").wait_for()
    assert wait_until(lambda: desk.rest().get("/readyz").get_json()["snapshot"] == before)

    page.get_by_role("link", name="Importe").click()
    page.get_by_role("button", name=f"Import {number} zurücknehmen").click()
    page.get_by_role("heading", name=f"Ohne Import {number} würde sich das ändern").wait_for()
    page.get_by_role("button", name="Import zurücknehmen", exact=True).click()
    dialog(page, "Import zurücknehmen")
    page.get_by_text(f"Import {number} ist zurückgenommen, es gilt Stand").wait_for(timeout=JOB_MS)
    assert desk.rest().get("/v1/imports").get_json()["imports"][0]["undone_at"] is not None

    page.get_by_role("link", name="Berichte").click()
    page.get_by_role("button", name="Bericht erstellen").click()
    page.get_by_role("heading", name="corpus-").wait_for(timeout=JOB_MS)
    with page.expect_download() as saved:
        page.get_by_role("button", name="HTML speichern").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_corpus_with_faults_is_told_and_a_refused_one_can_be_forced_on_purpose(
    manager: OpenManager, desk: Desk
) -> None:
    page = manager(desk.address)
    rows = small_corpus()
    rows["articles"][0]["status"] = "offen"
    page.get_by_label("Datei").set_input_files(files=[zip_of(rows)])
    page.get_by_role("button", name="Senden").click()
    page.get_by_role("button", name="Prüfen").click()
    fault = page.get_by_role("alert").filter(has_text="articles.jsonl:1 /status")
    fault.wait_for(timeout=JOB_MS)
    assert 'found "offen", expected one of' in fault.inner_text()
    assert page.get_by_role("button", name="Einspielen").count() == 0

    few = {kind: each[:0] if kind == "cases" else each for kind, each in small_corpus().items()}
    page.get_by_label("Datei").set_input_files(files=[zip_of(few)])
    page.get_by_role("button", name="Senden").click()
    page.get_by_role("button", name="Prüfen").click()
    page.get_by_role("button", name="Einspielen").click(timeout=JOB_MS)
    dialog(page, "Einspielen")
    page.get_by_text("Eine Sperre hat es verhindert").wait_for(timeout=JOB_MS)
    page.get_by_role("button", name="Trotzdem einspielen").click()
    assert page.get_by_role("dialog").get_by_role("heading", name="Gegen die Prüfungen einspielen?").count() == 1
    page.get_by_role("dialog").get_by_role("button", name="Abbrechen").click()
    assert len(desk.rest().get("/v1/imports").get_json()["imports"]) >= 1
