"""Charts as inline SVG: drawn here from our own rows, without a script and without a network.

In: Contents. Out: SVG text by chart name, or "" where there is nothing to draw. Amounts go in as
exact text; only the drawing turns them into lengths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import vl_convert

from delivery.contents import SEVERITIES, Contents

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
INK, FAINT, GRID = "#17212b", "#5b6b7b", "#e3e8ee"
SEVERITY_COLOURS = {
    "critical": "#a4161a",
    "high": "#d9572b",
    "medium": "#d9a21b",
    "low": "#7f95a8",
    "none": "#b9c5d0",
}
STATE_COLOURS = {
    "matched by hand": "#0b4f5c",
    "matched exactly": "#13808f",
    "matched by reference": "#6bb3bd",
    "matched by likeness": "#9ccdd3",
    "matched in groups": "#3f7f5f",
    "proposed": "#8a6fb0",
    "in transit": "#7f95a8",
    "missing": "#a4161a",
    "ambiguous": "#d9a21b",
    "excluded": "#d3dae1",
}
PAYOUT_COLOURS = {
    "reached bank": "#13808f",
    "proposed at bank": "#8a6fb0",
    "in transit": "#7f95a8",
    "missing at bank": "#a4161a",
    "failed": "#d9572b",
    "returned": "#d9a21b",
}
PASSES = {
    0: "matched by hand",
    1: "matched exactly",
    2: "matched by reference",
    3: "matched by likeness",
    4: "matched in groups",
}
PROPOSED = "proposed"
STATES = {"expected": "in transit"}

Spec = dict[str, Any]


def charts(contents: Contents) -> dict[str, str]:
    """Every chart of the page."""
    specs = {
        "breaks": _breaks(contents),
        "ages": _ages(contents),
        "coverage": _coverage(contents),
        "payouts": _payouts(contents),
    }
    return {name: _svg(name, spec) for name, spec in specs.items()}


def state_of(row: dict[str, Any]) -> str:
    """What a match of the `matched` rows is called: how it was matched, or that it waits."""
    return PROPOSED if row["status"] == "proposed" else PASSES[row["pass"]]


def _breaks(contents: Contents) -> Spec | None:
    names = {row["kind"]: row["name"] for row in contents["kinds"]}
    rows = [
        {
            "kind": names.get(row["kind"], row["kind"]),
            "severity": row["severity"],
            "breaks": int(row["breaks"]),
        }
        for row in contents["breaks_by_kind"]
        if not row["is_accepted"]
    ]
    severest_first = sorted(rows, key=lambda row: (SEVERITIES.index(row["severity"]), row["kind"]))
    order = list(dict.fromkeys(row["kind"] for row in severest_first))
    return _bars(
        rows,
        category={"field": "kind", "type": "nominal", "sort": order, "title": None},
        length={"field": "breaks", "aggregate": "sum", "title": None, "axis": _whole()},
        colour=_coloured("severity", SEVERITY_COLOURS, rows),
    )


def _ages(contents: Contents) -> Spec | None:
    ordered = sorted(contents["breaks_by_age"], key=lambda row: int(row["youngest_days"]))
    buckets = list(dict.fromkeys(str(row["ageing_bucket"]) for row in ordered))
    rows = [
        {
            "age": str(row["ageing_bucket"]),
            "severity": row["severity"],
            "breaks": int(row["breaks"]),
        }
        for row in ordered
    ]
    return _bars(
        rows,
        category={"field": "age", "type": "ordinal", "sort": buckets, "title": None},
        length={"field": "breaks", "aggregate": "sum", "title": None, "axis": _whole()},
        colour=_coloured("severity", SEVERITY_COLOURS, rows),
    )


def _coverage(contents: Contents) -> Spec | None:
    names = {row["reconciliation"]: row["name"] for row in contents["reconciliations"]}
    rows = [
        {
            "reconciliation": names.get(row["reconciliation"], row["reconciliation"]),
            "state": state_of(row),
            "transactions": int(row["left_count"] + row["right_count"]),
        }
        for row in contents["matched"]
    ] + [
        {
            "reconciliation": names.get(row["reconciliation"], row["reconciliation"]),
            "state": STATES.get(row["state"], row["state"]),
            "transactions": int(row["items"]),
        }
        for row in contents["open"]
    ]
    spec = _bars(
        rows,
        category={"field": "reconciliation", "type": "nominal", "title": None},
        length={"field": "transactions", "aggregate": "sum", "title": "transactions of both sides"},
        colour=_coloured("state", STATE_COLOURS, rows),
    )
    if spec:
        spec |= {"width": 700, "height": {"step": 44}}
    return spec


def _payouts(contents: Contents) -> Spec | None:
    rows = [
        {
            "paid_on": str(row["paid_on"]),
            "currency": row["currency"],
            "state": str(row["state"]).replace("_", " "),
            "amount": str(row["amount"]),
        }
        for row in contents["payouts"]
        if row["paid_on"]
    ]
    if not rows:
        return None
    bars = {
        "mark": {"type": "bar", "width": 14, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {
                "field": "paid_on",
                "type": "temporal",
                "title": None,
                "scale": {"padding": 12},
                "axis": {"format": "%-d %b", "grid": False, "labelOverlap": True},
            },
            "y": {"field": "amount", "type": "quantitative", "title": None},
            "color": _coloured("state", PAYOUT_COLOURS, rows),
        },
        "width": 360,
        "height": 150,
    }
    return {
        "data": {"values": rows, "format": {"parse": {"amount": "number"}}},
        "facet": {"field": "currency", "type": "nominal", "title": None, "header": _header()},
        "columns": 2,
        "spec": bars,
        "resolve": {"scale": {"y": "independent", "x": "shared"}},
    }


def _bars(rows: Sequence[Spec], category: Spec, length: Spec, colour: Spec) -> Spec | None:
    if not rows:
        return None
    category = {**category, "axis": {"grid": False, "ticks": False, "labelLimit": 260}}
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.7}},
        "encoding": {
            "y": category,
            "x": {"type": "quantitative", "stack": "zero", **length},
            "color": colour,
            "order": {"field": "position", "type": "quantitative"},
        },
        "transform": [{"calculate": _position(colour), "as": "position"}],
        "width": 300,
        "height": {"step": 26},
    }


def _coloured(field: str, colours: dict[str, str], rows: Sequence[Spec]) -> Spec:
    there = {str(row[field]) for row in rows}
    domain = [name for name in colours if name in there] + sorted(there - set(colours))
    scale = {"domain": domain, "range": [colours.get(name, "#8a6fb0") for name in domain]}
    legend = {"orient": "top", "title": None, "symbolType": "square"}
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}


def _position(colour: Spec) -> str:
    """A Vega expression: where a row stands in the legend, so that stacks keep its order."""
    domain = json.dumps(colour["scale"]["domain"])
    return f"indexof({domain}, datum[{json.dumps(colour['field'])}])"


def _whole() -> Spec:
    return {"tickMinStep": 1, "format": "d"}


def _header() -> Spec:
    return {"labelFontSize": 13, "labelFontWeight": "bold", "labelAnchor": "start"}


def _svg(name: str, spec: Spec | None) -> str:
    if spec is None:
        return ""
    axis = {"labelColor": INK, "titleColor": FAINT, "titleFontWeight": "normal", "gridColor": GRID}
    plain = {"labelFontSize": 12, "titleFontSize": 12, "domainColor": GRID, "tickColor": GRID}
    config = {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": {**axis, **plain},
        "legend": {"labelFontSize": 12, "labelColor": INK},
    }
    drawn: str = vl_convert.vegalite_to_svg({**spec, "config": config}, allowed_base_urls=[])
    return _renumbered(name, drawn)


def _renumbered(name: str, drawn: str) -> str:
    """Vega counts its clip paths over the life of the process; here each chart begins at 1."""
    found = dict.fromkeys(re.findall(r'id="(clip\d+)"', drawn))
    names = {old: f"{name}-{number}" for number, old in enumerate(found, start=1)}
    return re.sub(r"\bclip\d+\b", lambda match: names.get(match[0], match[0]), drawn)
