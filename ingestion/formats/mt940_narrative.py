"""What a bank packs into field :86: of an entry: references, counterparty, the payer's words.

Three manners are known: German sub-fields (?20 … ?32), code words with slashes (/EREF/ … /REMI/),
and free text. SEPA's code words (EREF+, SVWZ+ …) stand inside the first.
"""

from __future__ import annotations

import re

Row = dict[str, str | None]

SUBFIELD = re.compile(r"[?>]([0-9]{2})")
GERMAN = re.compile(r"^[0-9]{3}[?>][0-9]{2}")
PIECE = 27  # a full sub-field goes on in the next one without a blank
SEPA_WORDS = (
    "EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|COAM|OAMT|MDAT|SQTP|ORCR|ORMR|DDAT"
)
SEPA = re.compile(rf"({SEPA_WORDS})\+")
SLASHED = re.compile(
    r"/(TRTP|EREF|PREF|MARF|CSID|IBAN|BIC|NAME|REMI|CNTP|ORDP|BENM|ISDT|RTRN|PURP|UDTR|ULTC|ULTD"
    r"|TRCD|SVCL|ACCW|KREF|MREF|EXCH|CHGS|UCRD)/"
)


def narrative(text: str) -> Row:
    """Columns of bank_entries that the text of an entry gives; missing ones are not named."""
    if GERMAN.match(text):
        found = _german(text.replace("\n", ""))
    elif SLASHED.match(text):
        found = _slashed(text.replace("\n", ""))
    else:
        found = {"remittance": " ".join(text.split())}
    return {name: value.strip() for name, value in found.items() if value and value.strip()}


def _german(text: str) -> dict[str, str]:
    pieces = SUBFIELD.split(text)
    parts = list(zip(pieces[1::2], pieces[2::2], strict=True))
    purpose = _joined([piece for code, piece in parts if "20" <= code <= "29"])
    purpose += _joined([piece for code, piece in parts if "60" <= code <= "63"])
    values = dict(reversed(parts))
    found = {
        "counterparty_name": _joined([piece for code, piece in parts if code in ("32", "33")]),
        "counterparty_account": values.get("31", ""),
        "additional_information": " ".join(filter(None, (pieces[0].strip(), values.get("00")))),
    }
    words = _code_words(SEPA, purpose)
    found |= {
        "end_to_end_id": words.get("EREF", ""),
        "transaction_reference": words.get("KREF", ""),
        "mandate_id": words.get("MREF", ""),
        "remittance": words.get("SVWZ", "") if "SVWZ" in words else words.get("", ""),
    }
    if not found["remittance"] and set(words) <= {"", "KREF", "EREF"}:
        found["remittance"] = purpose
    return found


def _joined(pieces: list[str]) -> str:
    text = ""
    for index, piece in enumerate(pieces):
        is_full = index > 0 and len(pieces[index - 1]) >= PIECE
        goes_on = index == 0 or is_full or text.endswith(" ") or piece.startswith(" ")
        text += piece if goes_on else " " + piece
    return text


def _slashed(text: str) -> dict[str, str]:
    words = _code_words(SLASHED, text)
    party = words.get("CNTP", "").split("/")
    remittance = re.sub(r"^(USTD|STRD)/(CUR/|/)?", "", words.get("REMI", "")).strip("/")
    return {
        "end_to_end_id": words.get("EREF", "").strip("/"),
        "transaction_reference": (words.get("KREF") or words.get("PREF") or "").strip("/"),
        "mandate_id": (words.get("MARF") or words.get("MREF") or "").strip("/"),
        "counterparty_name": (words.get("NAME") or (party[2] if len(party) > 2 else "")).strip("/"),
        "counterparty_account": (words.get("IBAN") or party[0]).strip("/"),
        "remittance": remittance,
        "additional_information": words.get("TRTP", "").strip("/"),
    }


def _code_words(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """The text after each code word, the first of a word wins; '' is what stands before them."""
    pieces = pattern.split(text)
    found = {"": pieces[0].strip()}
    for word, value in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(word, value.strip())
    return found
