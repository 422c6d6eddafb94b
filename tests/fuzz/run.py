"""The long run: atheris mutates sample files under coverage until something unexpected is raised.

Not part of make test, and atheris is not in the lock: python -m pip install --target DIR atheris,
then PYTHONPATH=DIR python -m tests.fuzz.run SOURCE ENDING [SECONDS] [FOLDER]. What it finds is in
FOLDER (crash-…, timeout-…, oom-…); put it into test_found_by_fuzzing.py, and mend the parser.
Without SOURCE it lists the targets.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

try:
    import atheris  # type: ignore[import-not-found]
except ImportError:  # listing the targets needs nothing
    atheris = None
if atheris is not None:
    with atheris.instrument_imports(include=["ingestion"]):
        from tests.fuzz.harness import Bench, manifests, seeds
else:
    from tests.fuzz.harness import Bench, manifests, seeds

MANIFEST = ("manifest", "yml")
SLOW_SECONDS, MEGABYTES, LONGEST = 20, 4_000, 20_000


def targets() -> dict[tuple[str, str], list[bytes]]:
    """The seeds of each target: a source and the ending of its files' names."""
    found: dict[tuple[str, str], list[bytes]] = {}
    for seed in seeds():
        found.setdefault((seed.spec.source, ending_of(seed.name)), []).append(seed.content)
    found[MANIFEST] = [file.read_bytes() for file in manifests()]
    return found


def ending_of(name: str) -> str:
    """What stands after the last point, if it is a kind and not a number."""
    ending = name.rpartition(".")[2].lower()
    return ending if ending.isalpha() else "none"


def file_target(source: str, ending: str) -> Callable[[bytes], None]:
    """Bytes as a file of a source; one in four is judged too."""
    mine = (s for s in seeds() if (s.spec.source, ending_of(s.name)) == (source, ending))
    seed, bench = next(mine), Bench()

    def one(content: bytes) -> None:
        bench.outcome(seed.spec, seed.name, content, is_judged=sum(content) % 4 == 0)

    return one


def manifest_target() -> Callable[[bytes], None]:
    """Bytes as a manifest; a source that it declares is sent the sample's table."""
    table = next(s for s in seeds() if s.spec.source == manifests()[0].parent.name)
    bench = Bench()

    def one(content: bytes) -> None:
        bench.outcome_of_manifest(content, table.name, table.content)

    return one


def main(words: list[str]) -> None:
    """Runs one target, or lists them."""
    if len(words) < 2:
        for source, ending in targets():
            print(source, ending)  # noqa: T201
        return
    if atheris is None:
        sys.exit(__doc__)
    source, ending = words[:2]
    seconds = int(words[2]) if len(words) > 2 else 60
    folder = Path(words[3]) if len(words) > 3 else Path(tempfile.mkdtemp(prefix="tieout-fuzz-"))
    corpus = folder / f"corpus-{source}-{ending}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(targets()[source, ending]):
        (corpus / f"seed-{number}").write_bytes(content)
    options = [f"-max_total_time={seconds}", f"-timeout={SLOW_SECONDS}", f"-max_len={LONGEST}"]
    options += [
        "-print_final_stats=1",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={folder}/{source}-{ending}-",
    ]
    one = manifest_target() if (source, ending) == MANIFEST else file_target(source, ending)
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
