"""Words that the checks of the training data know by name."""

from __future__ import annotations

# Words without matter of their own that titles have, umlauts as two letters. index/stopwords.py has all of them, but
# stands right of here.
_WITHOUT_MATTER = """
    allen alles andere anderem anderen anderer anderes bereits bevor dabei damit diese diesem diesen dieser dieses durch
    einem einen einer eines gegen haben hinter ihrem ihren ihrer jedem jeden jeder jedes keine keinen keiner koennen
    nicht nichts obwohl schon seine sollte statt trotz trotzdem ueber unsere unserem unter waehrend warum wegen welche
    werden wieder wurde wurden zwischen
    about after again another because before being between could doesn during every haven other their there these
    those through under until where which while without would wouldn
"""

# What stands where a name would, and is none.
_NO_NAMES = """
    auch aus bald danke dank dann das dem den der die doktor dringend ein eine euch eure frau freundliche freundlichen
    für fuer fürs gesendet gruß gruss grüße grüßen gruesse grüsse grüssen handy herr hier ich ihnen ihr ihre ist
    kunde kundin mein meinem mit nein noch nochmal nur schon schöne sehr sie soll tel und unser vielen vom von vorab
    voraus warten will wir zurück
    advance again all and any best bye customer for from hello help him kind many mobile much not phone please sent
    she that the them they this very was what with you your yours
"""

# No words of the language: found however they are spelled.
_COMPANIES = """
    1&1 Aldi Allianz Amazon AOK Barclays Commerzbank Congstar DHL DPD eBay Edeka Facebook FedEx Fairphone FritzBox
    Gmail Google HSBC Huawei Ikea Instagram iPad iPhone Klarna Lidl Lufthansa Mastercard MediaMarkt Microsoft Miele
    Netflix Nintendo Nokia PayPal PlayStation Postbank Revolut Rewe Ryanair Sainsbury Samsung Sony Sparkasse Spotify
    Telekom Tesco TikTok Twitter Uber Vodafone Volkswagen WhatsApp Xbox Xiaomi YouTube Zalando
"""

# Words or parts of words as well: found as written here.
_COMPANIES_AS_WRITTEN = "ADAC Android Apple Barmer Bosch DAK ERGO EnBW GLS Hermes HUK ING O2 Otto Siemens UPS"

WITHOUT_MATTER = frozenset(_WITHOUT_MATTER.split())
NO_NAMES = frozenset(_NO_NAMES.split())
COMPANIES = tuple(_COMPANIES.split())
COMPANIES_AS_WRITTEN = tuple(_COMPANIES_AS_WRITTEN.split())
