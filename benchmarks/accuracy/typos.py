"""What happens to a reference on its way: every way people and machines spoil one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

KINDS = ("swap", "drop", "insert", "change", "cut", "two")


def swap(random: Random, text: str) -> str:
    """Two neighbours that differ change places, letters or digits."""
    places = [
        n for n in range(1, len(text) - 1) if text[n] != text[n + 1] and text[n : n + 2].isalnum()
    ]
    place = random.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def drop(random: Random, text: str) -> str:
    """A character is lost."""
    place = random.randrange(1, len(text))
    return text[:place] + text[place + 1 :]


def insert(random: Random, text: str) -> str:
    """A character comes in twice, or another one comes in."""
    place = random.randrange(1, len(text))
    return text[:place] + random.choice((text[place], "7", "0")) + text[place:]


def change(random: Random, text: str) -> str:
    """A character becomes another."""
    place = random.randrange(1, len(text))
    return (
        text[:place]
        + random.choice([c for c in "0123456789" if c != text[place]])
        + text[place + 1 :]
    )


def cut(random: Random, text: str) -> str:
    """A field was too short: the end is gone."""
    return text[: -random.choice((1, 2, 3))]


def two(random: Random, text: str) -> str:
    """Two neighbours change places, and away from them a character becomes another."""
    swapped = swap(random, text)
    moved = [n for n in range(len(text)) if text[n] != swapped[n]]
    far = [n for n in range(1, len(text)) if text[n] != "-" and min(abs(n - m) for m in moved) > 1]
    place = random.choice(far)
    other = random.choice([c for c in "0123456789" if c != text[place]])
    return swapped[:place] + other + swapped[place + 1 :]


def respelled(random: Random, text: str) -> str:
    """Another case, other punctuation: the same to a reader."""
    text = text.replace("-", random.choice((" ", "/", "", "_")))
    return random.choice((text.lower(), f"#{text}", f"{text} ", text[:4] + "-" + text[4:]))


SPOIL: dict[str, Callable[[Random, str], str]] = {
    "swap": swap,
    "drop": drop,
    "insert": insert,
    "change": change,
    "cut": cut,
    "two": two,
}


def spoiled(random: Random, text: str, kind: str, taken: set[str]) -> str:
    """The reference, spoiled, and not by chance another one's. What it becomes is taken too.

    Cut off, several may look the same; none looks like a whole one.
    """
    while True:
        found = SPOIL[kind](random, text)
        is_free = kind == "cut" or found not in taken
        if found != text and is_free and plain(found) != plain(text):
            taken.add(found)
            return found


def plain(text: str) -> str:
    """Without case and punctuation."""
    return "".join(c for c in text.upper() if c.isalnum())
