"""The words by which customers say that something is urgent, in German and English: data, read by ``signals``.

Every pattern looks at one clause. ``_`` stands for up to four words between, an umlaut or sharp s for all the ways in
which people write it (``ü, ue, u``). Precision comes before recall: a word that is as often harmless ("Mahnung",
"sofort", "Krankenhaus") is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

SignalKind = Literal[
    "outage",
    "danger",
    "medical",
    "security",
    "cutoff",
    "legal",
    "vulnerable",
    "deadline",
    "repeated",
    "stated",
]

STRENGTHS: Mapping[SignalKind, int] = MappingProxyType(
    {
        "outage": 2,
        "danger": 2,
        "medical": 2,
        "security": 2,
        "cutoff": 2,
        "legal": 2,
        "vulnerable": 1,
        "deadline": 1,
        "repeated": 1,
        "stated": 1,
    }
)
"""How much each signal says by itself, the most telling kinds first; set once by judgement, never fitted."""

_SUPPLY = r"(?:strom|heizung|warmwasser|warmes wasser|wasser|gas|internet|netz|telefon|festnetz|empfang|wlan)"
_VITAL = r"(?:strom|heizung|warmwasser|warmes wasser|wasser|gas)"
_WEEKDAY = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
_MONTH = r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
_DATE = rf"\d{{1,2}}\. ?(?:\d{{1,2}}\b\.?(?:\d{{2,4}})?|{_MONTH})?"
_DAY = (
    rf"(?:heute(?: abend| mittag| nachmittag)?|morgen(?: früh| mittag| abend)?|übermorgen|ende (?:der|dieser) woche"
    rf"|(?:(?:kommenden|nächsten|diesen) )?{_WEEKDAY}|{_DATE})"
)
_BY_DAY = rf"(?:bis|bis zum|bis spätestens|bis zu diesem|spätestens|spätestens am|spätestens bis|spätestens zum) {_DAY}"
_WEEKDAY_EN = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_BY_DAY_EN = (
    rf"(?:by|before|no later than) (?:today|tonight|tomorrow|noon|"
    rf"the end of (?:the )?(?:day|week)|close of business|cob"
    rf"|eod|(?:this |next )?{_WEEKDAY_EN}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? [a-z]{{3,9}})"
)
_OUT_OF_ORDER = r"(?:ausgefallen|komplett (?:weg|tot|ausgefallen)|zusammengebrochen)"
_PLACE = r"(?:betrieb|produktion|laden|praxis|büro|firma|lager|filiale|kanzlei|apotheke|restaurant|geschäft|kasse[n]?)"
_ORDINAL = r"(?:dritte|vierte|fünfte|sechste|siebte|zehnte|x-te|xte|[3-9]\.|1\d\.)"
_CONTACT = r"(?:frage|schreibe|rufe|melde|reklamiere|beschwere|kontaktiere|wende|bitte|erinnere)"
_CONTACTED = r"(?:angerufen|geschrieben|gemeldet|kontaktiert|reklamiert|nachgefragt|angeschrieben|beschwert|angemahnt)"
_AUTHORITY = (
    r"(?:bundesnetzagentur|verbraucherzentrale|verbraucherschutz|schlichtungsstelle|ombuds(?:mann|frau|stelle)|bafin"
    r"|(?:datenschutz|aufsichts)behörde|landesdatenschutz\w+)"
)
_CUT = r"(?:sperr(?:e|ung|en)|anschlusssperre|abschaltung|abschalten|abstellung|abstellen|abzustellen|abzuschalten)"

PATTERNS: Mapping[SignalKind, tuple[str, ...]] = MappingProxyType(
    {
        "outage": (
            r"(?:total|komplett)ausfall",
            rf"seit _(?:ohne|kein\w*) (?:\w+ )?{_SUPPLY}",
            rf"(?:ohne|kein\w*) (?:\w+ )?{_SUPPLY} (?:mehr )?seit",
            rf"(?:habe?n?|sitzen?|sind|bin|stehen?) _(?:ohne|kein) {_VITAL}"
            rf"(?! ?\w*(?:zähler|vertrag|anbieter|rechnung))",
            rf"(?:strom|heizung|warmwasser|server|telefonanlage|kassensystem\w*|internet|netz) _{_OUT_OF_ORDER}",
            rf"{_PLACE} _(?:steht still|stehen still|steht komplett|lahmgelegt|liegt lahm|offline)",
            r"(?:niemand|keiner) _(?:kann|können) _arbeiten",
            r"(?:kann|können) (?:hier |bei uns |mehr )*(?:niemand|keiner) _arbeiten",
            r"notruf\w* _(?:nicht|tot|ausgefallen|unmöglich)",
            r"(?:total|complete|full) outage",
            r"(?:completely|totally|entirely) (?:down|dead|offline)",
            r"(?:no|without) (?:internet|power|heating|hot water|water|electricity|phone|signal|broadband) "
            r"(?:at all )?(?:since|for)",
            r"(?:nobody|no one) _can _work\b|we (?:can't|cannot|can not) work",
        ),
        "danger": (
            r"gasgeruch|(?:riecht|stinkt) _nach gas\b",
            r"(?:wasser)?rohrbruch|kabelbrand|stromschlag|brandgeruch|kurzschluss",
            r"(?:riecht|stinkt|roch) _(?:verbrannt|verschmort|angesengt)|(?:raucht|qualmt|brennt|funken sprüh\w*) _"
            r"(?:gerät|steckdose|akku|router|zähler|kabel)|(?:gerät|steckdose|akku|router|zähler|kabel) _"
            r"(?:raucht|qualmt|brennt|angeschmort|geschmolzen)",
            r"smell of gas|smells? (?:of|like) (?:gas|burning)|electric shock|caught fire|burst pipe",
        ),
        "medical": (
            r"insulin|dialyse\w*|sauerstoffgerät\w*|beatmung\w*|lebenswichtig\w*|lebensgefahr\w*",
            r"lebensbedroh\w*|e-rezepte?",
            r"notarzt|rettungsdienst|rettungswagen",
            r"(?:brauch\w*|benötig\w*) _medikamente?\b",
            r"dialysis|oxygen (?:machine|concentrator)|ventilator|life support|life-threatening|paramedics?",
        ),
        "security": (
            r"gestohlen|geklaut|geraubt|ausgeraubt|entwendet",
            r"(?:karte|\w+karte|handy|smartphone|geldbeutel|geldbörse|portemonnaie|brieftasche|tasche) _verloren",
            r"(?:konto|account|zugang|postfach|profil) _(?:gehackt|geknackt|übernommen)|gehackt worden",
            r"betrogen worden",
            r"(?:auf|opfer) _(?:betrüger\w*|betrug\w*|phishing\w*) _(?:reingefallen|hereingefallen|geworden)",
            r"(?:unbekannte|fremde|unberechtigte|unautorisierte) (?:\w+ )?(?:abbuchung|"
            r"überweisung|zahlung|lastschrift)(?:en)?",
            r"(?:tan|pin|passwort|kennwort|zugangsdaten|kontodaten) _(?:verraten|weitergegeben|rausgegeben)",
            r"(?:was|were|been|got) (?:stolen|robbed|mugged|hacked|scammed)|stole my",
            r"unauthori[sz]ed (?:payment|transaction)s?",
            r"(?:lost|stolen) my (?:card|debit card|credit card|phone|wallet|sim)",
            r"fraudulent (?:payment|transaction|charge)s?",
        ),
        "cutoff": (
            rf"(?:droht|drohen|drohst|gedroht|androhung|drohende\w*|angedrohte\w*) _{_CUT}",
            rf"{_CUT} (?:\w+ )?(?:angedroht|angekündigt|droht)|(?:ab|an)?sperrandrohung\w*",
            r"(?:mir|uns|man|wurde|wird|haben sie|ihr) _"
            r"(?:strom|gas|anschluss|internet|heizung|telefon|handy|leitung) _"
            r"(?:abgestellt|abgeschaltet|abgeklemmt|gesperrt)",
            r"(?:letzte|zweite|dritte|2\.|3\.) mahnung|mahnbescheid\w*|inkasso\w*|(?:konto|lohn)pfändung\w*",
            r"gerichtsvollzieher\w* _(?:kommt|kommen|droht|steht)",
            r"(?:final|last) (?:notice|reminder|demand)|debt collect\w+|bailiffs?|collection agency",
            r"threaten\w* _(?:cut|disconnect|suspend)\w*|(?:will|going to) (?:be )?(?:cut off|disconnected)",
            r"disconnection notice",
        ),
        "legal": (
            r"(?:mein|unser)(?:e[nmr]?)? (?:rechts)?anw(?:alt|ältin)",
            r"(?:gehe?|gebe|geht|übergebe) _(?:zum|an einen|einem) anwalt",
            r"anwalt(?:lich)? _(?:einschalten|eingeschaltet|beauftrag\w+)|rechtliche schritte|rechtsweg",
            r"(?:klage|strafanzeige|strafantrag) _(?:einreichen|erheben|erstatten|erstattet|stellen)",
            r"verklage (?:ich |wir )?(?:sie|euch)|(?:sie|euch) (?:\w+ )?verklagen",
            rf"{_AUTHORITY} _(?:wenden|beschwer\w+|melden|gemeldet|einschalten|eingeschaltet|"
            rf"gehen|informier\w+|eingereicht)",
            rf"(?:wende|gehe|schreibe|beschwer\w+|melde|meldung|informier\w+) _{_AUTHORITY}",
            r"my (?:lawyer|solicitor|attorney)|legal action|small claims|ombudsman|trading standards",
            r"take you to court|sue you",
        ),
        "vulnerable": (
            r"hausnotruf\w*|pflegebedürftig\w*|(?:mit|hat|habe) (?:pflegegrad|pflegestufe) \d",
            r"bettlägerig\w*|schwerbehindert\w*|schwer ?krank\w*",
            r"(?:mit|unser\w*|habe?n?) (?:\w+ ){0,2}säugling|neugeborene\w*",
            r"(?:mit|habe?n? ein|unser|unserem) (?:\w+ )?(?:baby|kleinkind)\b|demen(?:z|t)\w*",
            r"[89]\d(?: |-)?(?:jährige\w*|jahre alt)",
            r"emergency pendant|bedridden|newborn|(?:a|our|my) (?:\w+ )?baby\b|dementia|[89]\d(?: |-)years?(?: |-)old",
        ),
        "deadline": (
            rf"(?:brauch\w*|benötig\w*|erwart\w*|muss|müssen|bitte um|verlang\w*|forder\w*) __(?P<quote>{_BY_DAY})"
            rf"(?! (?:\w+ )?warten)",
            rf"(?P<quote>{_BY_DAY}) __(?:brauch\w*|benötig\w*|erwart\w*|erledigt|gelöst|rückmeldung)",
            rf"frist _(?P<quote>{_BY_DAY})",
            r"(?P<quote>fristsetzung|frist läuft|frist endet|setze (?:ich )?(?:ihnen|euch) _frist)",
            r"(?:brauch\w*|muss|müssen|unbedingt) _(?P<quote>heute noch|noch heute)",
            r"(?:erwart\w*|bitte|forder\w*|antwort\w*) __(?P<quote>(?:innerhalb|binnen) (?:von )?"
            r"(?:\w+ )?(?:12|24|48|2|3|zwei|drei) "
            r"(?:stunden|tagen))",
            rf"(?:need|needs|must|have to|has to|expect|required?) __(?P<quote>{_BY_DAY_EN})",
            rf"(?P<quote>deadline _(?:is|today|tomorrow|{_WEEKDAY_EN}))|(?P<quote>within (?:24|48|12) hours)",
        ),
        "repeated": (
            rf"{_CONTACT} _zum (?:\w+ )?{_ORDINAL}n? ?mal|zum wiederholten ?mal\w*",
            rf"zum (?:\w+ )?{_ORDINAL}n? ?mal _(?:{_CONTACTED}|"
            rf"dasselbe|derselbe|dieselbe|das gleiche|kaputt|ausgefallen)",
            rf"(?:meine?|meiner|unsere?) {_ORDINAL}[rsn]? (?:e-?mail|mail|nachricht|anfrage|anruf|brief|schreiben)",
            rf"{_ORDINAL}[rsn]? (?:techniker\w*|beschwerde|erinnerung)",
            rf"(?:mehrfach|mehrmals|wiederholt|zigmal|x-?mal|(?:drei|vier|fünf|sechs|zehn|[3-9]) ?mal) _{_CONTACTED}",
            r"(?:immer noch|noch immer|bis heute|bisher|bislang) (?:keine?|keinerlei) (?:\w+ )?"
            r"(?:antwort|rückmeldung|reaktion|rückruf|lösung)",
            r"(?:niemand|keiner) _(?:gemeldet|meldet sich|geantwortet|antwortet|reagiert|zurückgerufen|gekommen)",
            r"(?:third|fourth|fifth|sixth|[3-9](?:rd|th)) (?:time|e-?mail|message|call|attempt|letter)",
            r"still (?:no|not had an?|waiting for an?) (?:reply|answer|response|call back)",
            r"(?:called|written|e-?mailed|contacted|rung|complained) _(?:several|multiple|three|four|five|many) times",
            r"(?:nobody|no one) _(?:replied|answered|responded|called back|got back|turned up|showed up)",
        ),
        "stated": (
            r"dring(?:end|ent)\w*|drigend\w*|eilig\w*|eilt|brandeilig\w*|eilsache|(?<!im )notfall|asap",
            r"urgent\w*|an emergency",
        ),
    }
)
"""Regular expressions by kind; what is shown of a match is its group ``quote``, or all of it."""

CALM = (
    r"(?:eilt|pressiert) (?:\w+ ){0,2}nicht|keine (?:\w+ )?eile|nicht (?:\w+ )?(?:eilig|dringend)\w*",
    r"hat (?:noch )?zeit",
    r"no (?:rush|hurry)|(?:not|isn't|nothing) (?:\w+ )?urgent|whenever (?:you|it) ",
)
"""Who says this says that it is not urgent: what is ``stated`` elsewhere in the case, and deadlines, do not count."""

NEGATIONS = r"nicht|nichts|kein\w*|nie|niemals|ohne|weder|no|not|never|without|isn't|wasn't|haven't|hasn't|didn't"
"""Within three words before a signal, in its clause, these take it back."""

SUPPOSED = (
    r"wenn|falls|sollte|sofern|bevor|damit|if|in case|should|unless|what happens|so that"
    r"|letztes jahr|voriges jahr|vor (?:\w+ )?jahren|damals|öfters?|schon mal|last year|years ago"
)
"""Anywhere before a signal, in its clause, these say that it has not happened, or not now."""
