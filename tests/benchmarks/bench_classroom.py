"""A class of thirty: real sessions over Streamlit's protocol on this machine's loopback, with a real server process.

`python -m tests.benchmarks.bench_classroom [--sessions 30] [--actions 1000] [--seconds 220]`

First all open the teacher's link at once. Then each person does one thing every few seconds: types a prompt (one that the
class shares, or an own one, which nobody else may be sent), looks at another token, goes to another screen, chooses another
head. What is printed: the wait of each kind of action from the click to the end of the script (p50, p95, the longest),
failures, and the server's memory. The browsers' own drawing is not in it. No more than `--seconds` after the opening,
whatever happens.
"""

import argparse
import asyncio
import os
import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

from scripts.live import running_process
from tests.streamlit_client import Visitor, WentWrong

LINK = "One day the little dog ran into the garden and saw"
SHARED = (
    "The dog's bark was",
    "The cat sat on the",
    "Once upon a time there was a little",
    "The sun is hot and the ice is",
)
WORDS = [
    "the",
    "a",
    "little",
    "big",
    "dog",
    "cat",
    "bird",
    "ran",
    "saw",
    "went",
    "and",
    "to",
    "of",
    "garden",
    "house",
    "friend",
    "happy",
    "sad",
    "was",
    "she",
    "he",
    "they",
    "one",
    "day",
]
SCREENS = ("", "Tokens", "Attention", "Layers", "Prediction", "Sampling")
THINK_SECONDS = 3.0, 9.0
REPORT_EVERY = 100


class Classroom:
    """What the thirty did, and what it took."""

    def __init__(self, address: str, pid: int, limit: int) -> None:
        self.address, self._pid, self._limit = address, pid, limit
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: list[str] = []
        self.memory: list[tuple[int, int]] = []  # (actions so far, resident bytes)
        self.n_bytes = 0
        self.n_recognised = 0  # people who were sent their own name: the search for those of others can find one
        self._began = time.monotonic()
        self._n = 0

    @property
    def is_over(self) -> bool:
        """Whether enough has been done."""
        return self._n >= self._limit

    async def time(self, kind: str, action) -> None:
        """Wait for an action, and keep how long it took."""
        self._n += 1
        n = self._n
        try:
            self.seconds[kind].append(await action)
        except (WentWrong, OSError) as error:
            self.failures.append(f"{kind}: {error}")
        if n % REPORT_EVERY == 0:
            self.report(n)

    def report(self, n: int) -> None:
        """Say how far it is."""
        self.memory.append((n, resident_bytes(self._pid)))
        print(
            f"{n:5} actions in {time.monotonic() - self._began:4.0f} s, {len(self.failures)} failures, "
            f"{self.memory[-1][1] / 1e6:,.0f} MB",
            flush=True,
        )


def resident_bytes(pid: int) -> int:
    """Memory of a process that is not swapped out."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has taken so far: unlike waits, it says little of what else the machine does."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def person(room: Classroom, number: int, end: float) -> None:
    """One student: the link, then something every few seconds."""
    dice, visitor = random.Random(number), Visitor(room.address)
    await room.time("open the link", visitor.open("Prediction", prompt=LINK))
    while not room.is_over:
        await asyncio.sleep(dice.uniform(*THINK_SECONDS))
        if time.monotonic() > end or room.is_over:
            break
        await something(room, visitor, dice, f"visitor{number:02d}x")
    room.n_bytes += visitor.n_bytes
    own = f"visitor{number:02d}x".encode()
    room.n_recognised += own in visitor.names
    if others := visitor.names - {own}:
        room.failures.append(f"sees the prompts of {len(others)} others")
    await visitor.close()


async def something(room: Classroom, visitor: Visitor, dice: random.Random, name: str) -> None:
    """One action of those that are possible on the screen. An own prompt begins with the person's name."""
    kinds = ["type a shared prompt", "type an own prompt", "go to a screen"]
    if "ribbon" in visitor.components:
        kinds += ["look at a token"] * 2
    if "attention_heads" in visitor.components and visitor.page == "Attention":
        kinds += ["choose a head"] * 4
    kind = dice.choice(kinds)
    if kind == "type a shared prompt":
        action = visitor.type("prompt_box", text=dice.choice(SHARED))
    elif kind == "type an own prompt":
        action = visitor.type("prompt_box", text=" ".join([name, *dice.choices(WORDS, k=dice.randint(5, 25))]))
    elif kind == "look at a token":
        chips = visitor.components["ribbon"][2]["chips"]
        action = visitor.trigger("ribbon", "focus", dice.choice(chips)["positions"][-1])
    elif kind == "choose a head":
        action = visitor.trigger("attention_heads", "head", [dice.randrange(4), dice.randrange(4)])
    else:
        page = dice.choice([page for page in SCREENS if page != visitor.page])
        kind = f"go to {page or 'Text'}"
        action = visitor.switch(page)
    await room.time(kind, action)


async def lesson(room: Classroom, n_sessions: int, seconds: float) -> None:
    """All of them."""
    end = time.monotonic() + seconds
    await asyncio.gather(*[person(room, number, end) for number in range(n_sessions)])


def print_table(room: Classroom) -> None:
    """One line a kind of action, the failures, the memory."""
    every = [second for some in room.seconds.values() for second in some]
    print(f"{'action':<24} {'times':>5} {'p50':>8} {'p95':>8} {'longest':>8}")
    for kind, some in [*sorted(room.seconds.items()), ("all", every), ("all but the opening", later(room))]:
        if some:
            ordered = sorted(some)
            p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
            print(f"{kind:<24} {len(some):>5} {statistics.median(some):>6.2f} s {p95:>6.2f} s {ordered[-1]:>6.2f} s")
    print(f"failures: {len(room.failures)}", *sorted(set(room.failures)), sep="\n  ")
    print(f"own prompts recognised: {room.n_recognised}")
    print("resident memory:", ", ".join(f"{n}: {size / 1e6:,.0f} MB" for n, size in room.memory))
    print(f"sent to a person: {room.n_bytes / max(1, len(every)) / 1e3:,.0f} kB an action")


def later(room: Classroom) -> list[float]:
    """The waits after the opening."""
    return [second for kind, some in room.seconds.items() if kind != "open the link" for second in some]


def main() -> None:
    """Start the server, let the lesson run, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=220)
    options = parser.parse_args()
    with running_process() as (address, process):
        time.sleep(5)  # the default model is opened before the class comes in
        room = Classroom(address, process.pid, options.actions)
        room.report(0)
        before = cpu_seconds(process.pid)
        asyncio.run(lesson(room, options.sessions, options.seconds))
        n = sum(map(len, room.seconds.values()))
        room.report(n)
        taken = cpu_seconds(process.pid) - before
    print_table(room)
    print(f"processor time of the server: {taken:.0f} s, {1000 * taken / max(n, 1):.0f} ms an action")


if __name__ == "__main__":
    main()
