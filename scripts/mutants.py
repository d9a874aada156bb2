"""Which small changes of the arithmetic does no test notice? `python -m scripts.mutants [--sample N] [--jobs N] [NAME …]`.

Mutmut writes the changes ([tool.mutmut] in pyproject.toml) and tries each on the tests that reach it. Names are its names, with `*`
for any part, such as 'model_backend.analysis.heads.*'; `--sample` takes so many of them by lot, always the same. Prints the score of
each module (of the changes that were tried, the share that a test noticed) and the changes that went unnoticed.
"""

import argparse
import fnmatch
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "mutants"
MUTMUT = (sys.executable, "-m", "mutmut")
UNNOTICED = {0: "survived", 5: "no test reaches it", 33: "no test reaches it"}  # mutmut's exit codes


def tried() -> dict[str, int | None]:
    """{name: exit code, None if it has not been tried} of every change that mutmut has written."""
    found: dict[str, int | None] = {}
    for file in sorted(FOLDER.rglob("*.meta")):
        found |= json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    return found


def chosen(names: list[str], patterns: list[str], sample: int) -> list[str]:
    """Those that fit one of the patterns, all without patterns; `sample` of them if it is not 0."""
    found = [name for name in names if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    if 0 < sample < len(found):
        found = sorted(random.Random(0).sample(found, sample))
    return found


def scores(results: dict[str, int | None]) -> dict[str, tuple[int, int]]:
    """{module: (noticed, tried)}, and their sum under "all"."""
    noticed: dict[str, int] = defaultdict(int)
    counted: Counter[str] = Counter()
    for name, code in results.items():
        if code is not None:
            for module in (name.rsplit(".", 1)[0], "all"):
                counted[module] += 1
                noticed[module] += code not in UNNOTICED
    return {module: (noticed[module], counted[module]) for module in sorted(counted)}


def main() -> None:
    """Write the changes, try those that are asked for, print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    run = [*MUTMUT, "run", "--max-children", str(asked.jobs)]
    if not tried():  # nothing fits the name: the changes are written, the tests timed, and no change is tried
        subprocess.run([*run, "none"], check=False)
    names = chosen(list(tried()), asked.names, asked.sample)
    if not names:
        sys.exit("No change has such a name; `python -m mutmut results --all true` lists them.")
    subprocess.run([*run, *names], check=True)
    results = {name: code for name, code in tried().items() if name in set(names)}
    for name, code in results.items():
        if code in UNNOTICED:
            print(f"{UNNOTICED[code]}: {name}")
    for module, (noticed, counted) in scores(results).items():
        print(f"{noticed / counted:7.1%} of {counted:5}  {module}")
    print("`python -m mutmut show NAME` shows a change.")


if __name__ == "__main__":
    main()
