"""The scores in words and tables, and the bars they must meet."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.accuracy.build import Built
from benchmarks.accuracy.score import MATCHED, PROPOSED, Scores, Tally
from benchmarks.accuracy.world import World

LEAST_PRECISION, LEAST_RECALL = 0.9995, 0.98
NAMED = 20


@dataclass(frozen=True)
class Bar:
    """A promise: what was found, and whether it holds."""

    name: str
    found: str
    is_met: bool


def bars(scores: Scores) -> list[Bar]:
    """The promises of docs and README."""
    precision, recall = scores.total.precision() or 0, scores.total.recall() or 0
    early = sum(
        scores.by_pass[number].false[MATCHED] for number in (1, 2) if number in scores.by_pass
    )
    return [
        Bar(
            "precision of what stands as matched ≥ 99.95 %",
            share(precision),
            precision >= LEAST_PRECISION,
        ),
        Bar("recall of the decidable ≥ 98 %", share(recall), recall >= LEAST_RECALL),
        Bar("no false match in passes 1 and 2", f"{early}", early == 0),
        Bar("nothing undecidable picked", f"{scores.total.picked}", scores.total.picked == 0),
    ]


def tell(
    seed: int, world: World, built: Built, scores: Scores, naive: dict[str, Scores | str]
) -> None:
    """Prints everything of one world."""
    lines = [
        f"## Seed {seed}: {len(world.books)} rows of books, {len(world.told)} of processors,"
        f" {len(world.bank)} of the bank; {scores.total.decidable} decidable groups of"
        f" {sum(len(group.members) > 1 for group in world.groups)};"
        f" landed in {built.landing:.0f} s, models {built.models:.0f} s",
        "",
        *_passes(scores),
        "",
        *_scenarios(scores),
        "",
        *_naive(scores, naive),
        "",
        *(
            f"- {'holds' if bar.is_met else 'MISSED'}: {bar.name}: {bar.found}"
            for bar in bars(scores)
        ),
        "",
        *_false(scores),
    ]
    print("\n".join(lines), flush=True)  # noqa: T201


def share(value: float | None) -> str:
    """Percent, never rounded up to 100."""
    if value is None:
        return "–"
    return "100" if value == 1 else f"{int(value * 10000) / 100:.2f}"


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None or precision + recall == 0:
        return None
    return 2 * precision * recall / (precision + recall)


def _passes(scores: Scores) -> list[str]:
    lines = [
        "| pass | right | false | precision | recall so far | F1"
        " | proposed right | proposed false |",
        "|---|---|---|---|---|---|---|---|",
    ]
    so_far = 0
    for number, tally in sorted(scores.by_pass.items()):
        so_far += tally.found[MATCHED]
        recall = so_far / scores.total.decidable
        lines.append(_pass_line(f"{number}", tally, recall))
    return [*lines, _pass_line("all", scores.total, scores.total.recall())]


def _pass_line(name: str, tally: Tally, recall: float | None) -> str:
    precision = tally.precision()
    cells = [
        name, tally.right[MATCHED], tally.false[MATCHED], share(precision), share(recall),
        share(_f1(precision, recall)), tally.right[PROPOSED], tally.false[PROPOSED],
    ]  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _scenarios(scores: Scores) -> list[str]:
    lines = [
        "| scenario | decidable | precision | recall | F1 | with proposed"
        " | false | proposed false | picked |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, tally in sorted(scores.by_scenario.items()):
        precision, recall = tally.precision(), tally.recall()
        cells = [
            name, tally.decidable, share(precision), share(recall), share(_f1(precision, recall)),
            share(tally.recall_with_proposed()), tally.false[MATCHED], tally.false[PROPOSED],
            tally.picked,
        ]  # fmt: skip
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines


def _naive(scores: Scores, naive: dict[str, Scores | str]) -> list[str]:
    lines = ["| way | right | false | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    for name, found in {"Tieout": scores, **naive}.items():
        if isinstance(found, str):
            lines.append(f"| {name} | {found} | | | | |")
            continue
        total = found.total
        precision, recall = total.precision(), total.recall()
        lines.append(
            f"| {name} | {total.right[MATCHED]} | {total.false[MATCHED]} | {share(precision)} |"
            f" {share(recall)} | {share(_f1(precision, recall))} |"
        )
    return lines


def _false(scores: Scores) -> list[str]:
    of_status = sorted(scores.false, key=lambda match: match.status)
    lines = [f"False matches: {len(of_status)}, of them the first {NAMED}:"] if of_status else []
    for match in [*of_status[:NAMED], *scores.picked[:NAMED]]:
        names = ", ".join(sorted(match.members))
        lines.append(f"- {match.status}, {match.rule}: {names}: {match.explanation}")
    return lines
