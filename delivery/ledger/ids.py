"""Ids where a program has no room for all of one: fewer letters, that lead back to it.

An id is a prefix and 32 hexadecimal digits. Its short form is those digits in base32, cut to the
field; a part of an entry keeps its number: KJSXG5DFMQ-2. Letters are read back as the first digits.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

PREFIX = 4  # letters before the digits: ent_, fen_, txn_, rwd_
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = 32
_LONG = re.compile(rf"([a-z]{{{PREFIX - 1}}}_([0-9a-f]{{{_DIGITS}}}))(-[0-9]+)?")
_SHORT = re.compile(rf"([{_LETTERS}]{{6,26}})(-[0-9]+)?")


class Told(NamedTuple):
    """What letters say of an id: its first digits, and the letters, to ask a candidate for."""

    digits: str
    letters: str

    def is_of(self, identity: str) -> bool:
        """Whether this id has these letters."""
        return short_id(identity, len(self.letters)) == self.letters


def short_id(identity: str, length: int) -> str:
    """The same few letters for the same id: five bits each. Other ids than ours are hashed."""
    found = _LONG.fullmatch(identity)
    if not found:
        digest = hashlib.sha256(identity.encode()).digest()
        return base64.b32encode(digest).decode()[:length]
    part = found[3] or ""
    letters = base64.b32encode(bytes.fromhex(found[2])).decode().rstrip("=")
    return letters[: length - len(part)] + part


def without_part(identity: str) -> str:
    """An entry's id of the id of one of its parts."""
    found = _LONG.fullmatch(identity)
    return found[1] if found else identity


def told(text: str) -> Told | None:
    """What a short id says, where the text may be one."""
    found = _SHORT.fullmatch(text)
    if not found:
        return None
    number = 0
    for letter in found[1]:
        number = number * 32 + _LETTERS.index(letter)
    bits = 5 * len(found[1])
    count = min(_DIGITS, bits // 4)
    return Told(f"{number >> (bits - 4 * count):0{count}x}", found[1])
