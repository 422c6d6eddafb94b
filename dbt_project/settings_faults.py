"""What is wrong with tieout.yml or a TIEOUT_* variable, in words that name the place.

In: the file's text, pydantic's complaint, the environment. Out: keys and values, or messages that
name file, line and key, or the variable. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

_WORDS = {"extra_forbidden": "no such key", "missing": "must be given"}
_KIND_WORDS = {
    "union_tag_not_found": "kind must be given",
    "union_tag_invalid": "kind must be one of {expected}",
}


def mapping_of(text: str) -> dict[str, Any]:
    """The keys and values of a YAML text; a text that is no mapping raises MarkedYAMLError."""
    root = yaml.compose(text)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise yaml.MarkedYAMLError(
            problem="must be a list of `key: value`", problem_mark=root.start_mark
        )
    _refuse_repeated_keys(root)
    values: dict[str, Any] = yaml.safe_load(text)
    return values


def explain_yaml(file: Path, error: yaml.YAMLError) -> str:
    """File, line, and what the parser did not understand."""
    mark = getattr(error, "problem_mark", None)
    place = f"{file}:{mark.line + 1}" if mark else f"{file}"
    return f"{place}: not readable: {getattr(error, 'problem', None) or error}"


def explain(file: Path, text: str, error: ValidationError, variables: Collection[str]) -> str:
    """A line for each wrong value: where it stands, its key, and what is wrong with it."""
    lines = [_line(file, text, problem, variables) for problem in error.errors()]
    return "\n".join(lines) + "\nSee tieout.yml.example for every key."


def _line(file: Path, text: str, problem: ErrorDetails, variables: Collection[str]) -> str:
    keys = _without_kinds(text, [str(part) for part in problem["loc"]])
    if keys[:1] == ["archive_bucket"] and "archive_bucket" not in text:
        keys[0] = "archive"  # the section `archive:` of a bucket is kept apart from the path
    words = _WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    if problem["type"] in _KIND_WORDS:
        words = _kinds(problem)
    for length in range(len(keys), 0, -1):
        variable = "TIEOUT_" + "__".join(keys[:length]).upper()
        if variable in variables:
            return f"{variable}: {words}"
    return f"{file}:{line_of(text, keys)}: {'.'.join(keys)}: {words}"


def _kinds(problem: ErrorDetails) -> str:
    """Which kinds there are, where none or an unknown one was given."""
    named = str(problem.get("ctx", {}).get("expected_tags", ""))
    return _KIND_WORDS[problem["type"]].format(expected=named.replace("'", ""))


def _without_kinds(text: str, keys: list[str]) -> list[str]:
    """The keys as the file has them: pydantic names a section's kind as if it were a key."""
    node, kept = yaml.compose(text), []
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            values = {k.value: v for k, v in node.value}
            kind = values.get("kind")
            if key not in values and kind is not None and kind.value == key:
                continue
            node = values.get(key)
        elif isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            node = node.value[int(key)]
        else:
            node = None
        kept.append(key)
    return kept


def _refuse_repeated_keys(node: yaml.Node) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item)
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, value in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(
                problem=f"{key.value} stands twice", problem_mark=key.start_mark
            )
        seen.add(key.value)
        _refuse_repeated_keys(value)


def line_of(text: str, keys: list[str]) -> int:
    """The line a key stands on; of a key that is not there, the nearest one above it."""
    node, line = yaml.compose(text), 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == key]
        elif isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            found = [(node.value[int(key)],) * 2]
        else:
            break
        if not found:
            break
        line, node = found[0][0].start_mark.line + 1, found[0][1]
    return line
