from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest

from corpus.training_checks import check_training
from corpus.training_findings import TrainingFinding
from corpus.training_leaks import LeakFigures, leak_figures, title_leaks
from corpus.training_names import brands, names_of, numbers_of, shared_names
from corpus.training_near import near_pairs, near_repeats
from corpus.training_problems import TrainingMessage, TrainingProblem

SHORT = "Wo bleibt denn der Herr mit dem Werkzeug?"


def problem(
    *texts: str,
    id: str = "energy-001",  # noqa: A002 - the field is called so
    industry: str = "energy",
    language: str = "de",
    title: str = "Titel",
    article: str | None = None,
    question: str | None = None,
) -> TrainingProblem:
    return TrainingProblem(
        id=id,
        industry=industry,
        language=language,
        title=title,
        article=article or f"Artikel {id}",
        question=question,
        family=None,
        messages=tuple(TrainingMessage(form="email", subject=None, voice=None, text=text) for text in texts),
    )


def places(findings: Iterable[TrainingFinding]) -> list[tuple[str, int | None]]:
    return [(finding.problem, finding.message) for finding in findings]


def test_a_finding_says_where_and_what() -> None:
    finding = TrainingFinding(problem="energy-001", message=1, what="it is too short")

    assert str(finding) == "energy-001, message 1: it is too short"
    assert str(TrainingFinding(problem="energy-001", message=None, what="it is old")) == "energy-001: it is old"


def test_all_checks_are_run() -> None:
    problems = [
        problem("Gruß\nFenja", "Fenja rief an", title="Störung der Fernwärme melden", question="Fernwärme-Störung?"),
        problem("Ich zahle mit PayPal", "Gruß\nFenja", id="energy-002"),
    ]

    found = [(finding.problem, finding.message, finding.what) for finding in check_training(problems)]

    assert found == [
        ("energy-002", 1, "its message nearly repeats that of energy-001: tell it otherwise, or drop one"),
        (
            "energy-001",
            None,
            "the question has stoerung, fernwaerme of the title, expected at most 1 such: say it plainly",
        ),
        ("energy-001", 1, "it has fenja as an earlier message has: change one of the two"),
        ("energy-002", 0, "it has PayPal: name the kind of company or product instead"),
    ]


class TestNear:
    def test_the_bound_is_met_from_three_fifths_of_the_words(self) -> None:
        assert list(near_pairs(["a b c d", "A, b! c e"], Fraction(3, 5))) == [(0, 1)]
        assert list(near_pairs(["a b c d", "a b e f"], Fraction(3, 5))) == []
        assert list(near_pairs(["a b c d", "a b c e"], Fraction(4, 5))) == []

    def test_no_pair_is_missed(self) -> None:
        texts = [" ".join(str(number % step) for number in range(9)) for step in range(1, 12)]
        sets = [set(text.split()) for text in texts]
        expected = {
            (low, high)
            for high in range(len(sets))
            for low in range(high)
            if 5 * len(sets[low] & sets[high]) >= 3 * len(sets[low] | sets[high])
        }

        assert set(near_pairs(texts, Fraction(3, 5))) == expected
        assert expected

    def test_texts_without_words_are_near_to_none(self) -> None:
        assert list(near_pairs(["", "…", "a", "a"], Fraction(3, 5))) == [(2, 3)]

    def test_messages_of_any_two_problems_are_compared_and_of_one(self) -> None:
        one = problem(SHORT, f"{SHORT} Bitte!")
        other = problem("Ganz andere Sorgen habe ich.", SHORT.upper(), id="retail-001", industry="retail")

        assert places(near_repeats([one, other])) == [("energy-001", 1), ("retail-001", 1), ("retail-001", 1)]

    def test_articles_are_compared_in_all_industries_and_titles_in_their_own(self) -> None:
        same = {"title": "Auskunft über gespeicherte Daten", "article": "Wir geben Auskunft binnen eines Monats."}
        problems = [
            problem(id="a", **same),
            problem(id="b", industry="retail", title=same["title"], article="Ganz anders"),
            problem(id="c", title=same["title"], article="Wieder anders"),
            problem(id="d", title="Umzug melden", article=same["article"]),
        ]

        found = list(near_repeats(problems))

        assert places(found) == [("d", None), ("c", None)]
        assert [finding.what.split(" nearly")[0] for finding in found] == ["its article", "its title"]


class TestLeaks:
    @pytest.mark.parametrize(
        "text",
        [
            "Die Rechnung ist falsch, ich will kündigen.",  # as they are
            "DIE RECHNUNGEN! Gekuendigt wurde nicht, wir kuendigen erst.",  # inflected, umlauts spelled out
            "Ihre Schlussrechnung liest keiner. Das Kündigen geht so nicht.",  # a part of a compound
        ],
    )
    def test_words_of_the_title_are_found(self, text: str) -> None:
        leaking = problem(text, SHORT, title="Kündigen bei zu hoher Rechnung", question="Was nun?")

        assert places(title_leaks([leaking])) == [("energy-001", 0)]

    @pytest.mark.parametrize(
        ("title", "text"),
        [
            ("Nicht bei uns durch eine andere", "Das ist nicht durch eine andere"),  # no matter
            ("Kontovollmacht Girovertrag", "Mein Konto, mein Vertrag"),  # parts of the title's compounds
            ("Post, Bus und Bahn", "Post, Bus und Bahn"),  # short
            ("Kündigen der Rechnung", "Die Rechnung ist mir zu hoch"),  # one of them
        ],
    )
    def test_other_words_are_no_leaks(self, title: str, text: str) -> None:
        assert list(title_leaks([problem(text, SHORT, title=title, question="Was nun?")])) == []

    def test_english_titles_have_their_own_stems(self) -> None:
        text, title = "They cancelled my payments", "Payment Cancellation"

        assert places(title_leaks([problem(text, "ok", language="en", title=title, question="why")])) == [
            ("energy-001", 0)
        ]

    def test_problems_without_a_question_may_have_one_word_more(self) -> None:
        two, three = "Rechnung kündigen", "Rechnung kündigen, bitte im Portal"
        title = "Rechnung im Portal kündigen"

        assert places(title_leaks([problem(two, three, title=title)])) == [("energy-001", 1)]
        assert places(title_leaks([problem(two, three, title=title, question="?")])) == [
            ("energy-001", 0),
            ("energy-001", 1),
        ]

    def test_the_share_is_of_the_title_words_of_every_message(self) -> None:
        leaking = problem("Rechnung", "Rechnung im Portal", title="Rechnung im Portal kündigen")

        assert leak_figures([leaking]) == LeakFigures(messages={1: 1, 2: 1}, share=0.5)
        assert leak_figures([]) == LeakFigures(messages={}, share=0.0)


class TestNames:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("Was tun?\n\nMit freundlichen Grüßen\nIsbert Kallweit\nTel. 0999", {"isbert", "kallweit"}),
            ("was tun?\nlg jonas", {"jonas"}),
            ("Was tun?\nGruß, Rolf-Peter Maurus", {"rolf", "peter", "maurus"}),
            ("So what?\n\nKind regards,\n\nFergal Mac Giolla", {"fergal", "mac", "giolla"}),
            ("Anrufer Herr Wollnik will raus", {"wollnik"}),
            ("Mrs Applegarth-Stone called", {"applegarth", "stone"}),
            ("Das war's.\nHenrike von Sallmann", {"henrike", "von", "sallmann"}),
            ("Das macht C. Rauschenbach.\nHochachtungsvoll, Dr. C. Rauschenbach", {"rauschenbach"}),
            ("Ich war bei Frau Hünerbein. Bitte melden Sie sich.", {"hünerbein"}),
            ("Grüß Gott nach Deutschland,\nich warte.", set()),
            ("Vielen Dank im Voraus!", set()),
            ("Danke für Ihre Hilfe und bis bald, ich warte hier auf Antwort.", set()),
            ("Grüße\nGesendet von meinem Handy", set()),
        ],
    )
    def test_names_stand_behind_formulas_and_titles_and_at_the_end(self, text: str, names: set[str]) -> None:
        assert names_of(text) == names - {"von"}

    def test_numbers_are_found_however_they_are_grouped(self) -> None:
        assert numbers_of("Kd.-Nr. 4471-902, bis 3.4. 1.250 €, 12 34") == {"4471902"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Was tun?\nGruß\nIsbert Kallweit", "Hr. Kallweit fragt, was er tun soll"),
            ("Ihr Herr Wollnik war da", "wollnik kam nicht"),
            ("Vertrag 4471902", "ist 4471 902 meine Nummer?"),
        ],
    )
    def test_what_two_messages_of_a_problem_share_is_found(self, one: str, other: str) -> None:
        assert places(shared_names([problem(one, other), problem(one, SHORT, id="b")])) == [("energy-001", 1)]
        assert places(shared_names([problem(other, one)])) == [("energy-001", 1)]
        assert places(shared_names([problem(one, SHORT, other)])) == [("energy-001", 2)]

    def test_what_everybody_writes_is_no_name(self) -> None:
        polite = "Bitte prüfen.\nMit freundlichen Grüßen\n{}\nTel. 12 34"

        messages = (polite.format("Isbert Kallweit"), polite.format("Gundula Zeisig"), "Danke!\nGrüße")
        assert list(shared_names([problem(*messages)])) == []


class TestBrands:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("per WhatsApp oder whatsapp", "WhatsApp, whatsapp"),
            ("bei 1&1 und O2", "1&1, O2"),
            ("mein iphone!", "iphone"),
            ("Apple sagt nein", "Apple"),
            ("das Amazon-Paket", "Amazon"),
        ],
    )
    def test_real_companies_are_found(self, text: str, found: str) -> None:
        (finding,) = brands([problem(SHORT, text)])

        assert (finding.message, finding.what) == (1, f"it has {found}: name the kind of company or product instead")

    @pytest.mark.parametrize(
        "text", ["an apple a day", "Bausparkasse", "Dipl.-Ing. Roth", "11&10", "Telekommunikation", "pop-ups"]
    )
    def test_words_like_them_are_not(self, text: str) -> None:
        assert list(brands([problem(SHORT, text)])) == []

    @pytest.mark.parametrize("part", ["title", "article", "question"])
    def test_what_the_organisation_writes_is_read_too(self, part: str) -> None:
        found = brands([problem(SHORT, **{part: "Zahlen mit Klarna"})])

        assert places(found) == [("energy-001", None)]
