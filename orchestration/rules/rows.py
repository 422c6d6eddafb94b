"""Match rules as rows: from the project's seed, from a file like it, or from the last build.

In: a CSV with the columns of seeds/match_rules.csv, or an open warehouse. Out: Rules, all values
as text as the seed has them (nothing is ''). Raises RulesError for a file that is no rule file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import Warehouse
from orchestration.register import has_table

PROJECT_FILE = PROJECT_ROOT / "seeds" / "match_rules.csv"
Row = dict[str, str]
Version = tuple[str, int]


class RulesError(Exception):
    """The rules cannot be read or are refused; the message says which and why."""


@dataclass(frozen=True)
class Rules:
    """Rows of a rule file, and where they come from in words."""

    origin: str
    rows: tuple[Row, ...]

    def versions(self) -> dict[Version, Row]:
        """Each row by rule and version."""
        return {(row["rule_id"], int(row["rule_version"])): row for row in self.rows}

    def in_force(self, moment: str) -> dict[str, Row]:
        """The version of each rule that counts at a moment, written YYYY-MM-DD HH:MM:SS."""
        found: dict[str, Row] = {}
        for (rule_id, _), row in sorted(self.versions().items()):
            if row["effective_from"] <= moment:
                found[rule_id] = row
        return found


def columns() -> list[str]:
    """The columns of the project's rule file, in order."""
    with PROJECT_FILE.open(encoding="utf-8", newline="") as text:
        return next(csv.reader(text))


def from_file(file: Path) -> Rules:
    """The rules of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, restkey="", restval=None)
        header = list(reader.fieldnames or ())
        rows = list(reader)
    if sorted(header) != sorted(columns()):
        wrong = sorted(set(header) ^ set(columns()))
        raise RulesError(
            f"{file} is no rule file: its columns differ from {PROJECT_FILE} in {', '.join(wrong)}"
        )
    for number, row in enumerate(rows, start=2):
        if "" in row or None in row.values():
            raise RulesError(f"{file}: row {number} has not as many cells as the header")
        if not row["rule_id"] or not row["rule_version"].isdecimal():
            raise RulesError(f"{file}: row {number} has no rule_id or no number as rule_version")
    return Rules(str(file), tuple({name: row[name] for name in columns()} for row in rows))


def from_warehouse(warehouse: Warehouse) -> Rules:
    """The rules that the warehouse was last built with."""
    if not has_table(warehouse, "seeds", "match_rules"):
        raise RulesError("the warehouse has no rules yet: call tieout build, or give --old FILE")
    rows = warehouse.rows("select * from seeds.match_rules order by rule_id, rule_version")
    known = columns()
    return Rules(
        "the last build", tuple({name: _text(row.get(name)) for name in known} for row in rows)
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def differing(old: Rules, new: Rules) -> dict[Version, list[tuple[str, str, str]]]:
    """The versions that both have and that say different things: column, before, after."""
    before, found = old.versions(), {}
    for version, row in sorted(new.versions().items()):
        was = before.get(version, row)
        words = [
            (name, was[name], row[name])
            for name in row
            if name != "comment" and was[name].strip() != row[name].strip()
        ]
        if words:
            found[version] = words
    return found


def alike(old: Rules, new: Rules) -> bool:
    """Whether both have the same versions, and these say the same."""
    return old.versions().keys() == new.versions().keys() and not differing(old, new)
