"""Which small changes of the arithmetic does no test notice? `python -m scripts.mutants [--sample N [--seed N]] [--jobs N] [NAME …]`.

Mutmut writes the changes ([tool.mutmut] in pyproject.toml) and tries each on the tests that reach it. What a fixture of a whole file
computes counts for its first test alone there; so what went unnoticed is tried once more on all tests of those files. Names are
mutmut's, with `*` for any part, such as 'model_backend.analysis.heads.*'; `--sample` takes so many by lot, the same for one `--seed`.
Prints the score of each module (of the changes that were tried, the share that a test noticed) and the changes that went unnoticed.
"""

import argparse
import fnmatch
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT if ROOT.name == "mutants" else ROOT / "mutants"
MUTMUT = (sys.executable, "-m", "mutmut")
UNNOTICED = {0: "survived", 5: "no test reaches it", 33: "no test reaches it"}  # mutmut's exit codes


def tried() -> dict[str, int | None]:
    """{name: exit code, None if it has not been tried} of every change that mutmut has written."""
    found: dict[str, int | None] = {}
    for file in sorted(FOLDER.rglob("*.meta")):
        found |= json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    return found


def chosen(names: list[str], patterns: list[str], sample: int, seed: int = 0) -> list[str]:
    """Those that fit one of the patterns, all without patterns; `sample` of them if it is not 0."""
    found = [name for name in names if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    if 0 < sample < len(found):
        found = sorted(random.Random(seed).sample(found, sample))
    return found


def files_of(name: str) -> list[str]:
    """The files whose tests reach the changed function."""
    stats = json.loads((FOLDER / "mutmut-stats.json").read_text("utf-8"))["tests_by_mangled_function_name"]
    return sorted({test.partition("::")[0] for test in stats.get(name.rpartition("__mutmut_")[0], ())})


def noticed_by_files(names: list[str], jobs: int) -> set[str]:
    """Those of the changes that some test of the whole files notices."""
    lots = [lot for lot in (names[i::jobs] for i in range(jobs)) if lot]
    command = [sys.executable, "-m", "scripts.mutants", "--again"]
    running = [subprocess.Popen([*command, *lot], cwd=FOLDER, stdout=subprocess.PIPE, text=True) for lot in lots]
    said = [process.communicate()[0] for process in running]
    return {name for lines in said for name in lines.split()} & set(names)


def try_again(names: list[str]) -> None:
    """Print which of the changes the whole files notice. Runs in mutmut's folder; a child that is forked for each change finds
    everything imported."""
    import pytest

    files = {name: [file for file in files_of(name) if Path(file).exists()] for name in names}
    os.environ["MUTANT_UNDER_TEST"] = ""
    quiet = os.open(os.devnull, os.O_WRONLY)
    out = os.dup(1)
    os.dup2(quiet, 1)
    pytest.main(
        ["--collect-only", "-p", "no:cacheprovider", *sorted({file for some in files.values() for file in some})]
    )
    for name in names:
        child = os.fork()
        if not child:
            os.environ["MUTANT_UNDER_TEST"] = name
            os._exit(bool(files[name]) and int(pytest.main(["-x", "-p", "no:cacheprovider", *files[name]])))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 1 or code < 0:  # a test failed, or the process broke down; other codes are pytest's own troubles
            os.write(out, f"{name}\n".encode())


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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.again:
        return try_again(asked.names)
    run = [*MUTMUT, "run", "--max-children", str(asked.jobs)]
    if not tried():  # nothing fits the name: the changes are written, the tests timed, and no change is tried
        subprocess.run([*run, "none"], check=False)
    names = chosen(list(tried()), asked.names, asked.sample, asked.seed)
    if not names:
        sys.exit("No change has such a name; `python -m mutmut results --all true` lists them.")
    subprocess.run([*run, *names], check=True)
    wanted = set(names)
    results = {name: code for name, code in tried().items() if name in wanted}
    for name in noticed_by_files([name for name, code in results.items() if code == 0], asked.jobs):
        results[name] = 1
    for name, code in results.items():
        if code in UNNOTICED:
            print(f"{UNNOTICED[code]}: {name}")
    for module, (noticed, counted) in scores(results).items():
        print(f"{noticed / counted:7.1%} of {counted:5}  {module}")
    print("`python -m mutmut show NAME` shows a change.")


if __name__ == "__main__":
    main()
