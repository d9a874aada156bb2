"""Finish the saying, and what it means."""

import random

from training.classroom.proverbs import SAYINGS
from training.conversations.engine import Turn, cap, frames, pick, table, turn

SHARE = 1.0

_FINISH = frames("""
Finish the sentence: {S}
Finish the sentence: {S} …
Finish the proverb: {S}
Finish the proverb: {S} ...
Complete the saying: {S}
Complete the proverb: {S} …
How does it go on? {S} …
What comes next? {S} ...
How does this saying end? {S} …
""")
_MEANING = frames("""
What does "{S} {w}" mean?
What does it mean: {S} {w}?
Explain the proverb: {S} {w}.
""")
_SENTENCES = table("""
The sky is | blue | The sky is blue.
Grass is | green | Grass is green.
Snow is | white | Snow is white.
Once upon a | time | Once upon a time.
They lived happily ever | after | They lived happily ever after.
Ladies and | gentlemen | Ladies and gentlemen.
Fish and | chips | Fish and chips.
Salt and | pepper | Salt and pepper.
Bread and | butter | Bread and butter.
Knife and | fork | Knife and fork.
The sun rises in the | east | The sun rises in the east.
Last but not | least | Last but not least.
A dog has four | legs | A dog has four legs.
One, two, | three | One, two, three.
Monday, Tuesday, | Wednesday | Monday, Tuesday, Wednesday.
The cat sat on the | mat | The cat sat on the mat.
It is a piece of | cake | It is a piece of cake.
It is raining cats and | dogs | It is raining cats and dogs.
""")


def turn_of(rng: random.Random) -> Turn:
    """A saying to finish, or its meaning."""
    way = rng.random()
    if way < 0.15:
        start, end, whole = pick(rng, _SENTENCES)
        return turn(rng, _FINISH[:2] + _FINISH[6:8], (whole,), cap(f"{end}."), S=start)
    start, end, meaning = pick(rng, SAYINGS[:25] if rng.random() < 0.5 else SAYINGS)
    if way > 0.85 and meaning:
        return turn(rng, _MEANING, ("it means: {m}.", "it means that {m}."), S=cap(start), w=end, m=meaning)
    return turn(rng, _FINISH, ("{S} {w}.",), cap(f"{end}."), S=cap(start), w=end)
