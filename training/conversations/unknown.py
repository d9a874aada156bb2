"""Questions that the model cannot answer, and that it should say so in plain words."""

import random

from training.classroom.engine import people
from training.conversations import values as v
from training.conversations.engine import Turn, pick, turn

SHARE = 1.0

_QUESTIONS = tuple("""
Who won the match yesterday?|What is in the news?|What will happen tomorrow?|How much money do I have?|Where did I put my key?
Who will win the game?|What am I thinking of?|What did I eat yesterday?|Who is the president?|What is the best phone?|How tall is {n}?
When will the bus come?|Where is my {t}?|What is the name of my neighbour?|How old is {n}?|Where is {n}?|What is {n} doing?
What is my password?|What is my telephone number?|How do I build a rocket?|What is the price of gold?|Who wrote this letter?
What is in my bag?|What is in the box?|How many people live in {k}?|What is the meaning of life?|Who is {n}?|When does the film begin?
What is the square root of two?|How far away is the moon?|What is 379 times 41?|What is 812 plus 377?|When was {k} built?
Where does {n} live?|What does {n} like?|How do I repair my car?|What is quantum physics?|Which song is this?|What is that noise?
What will the weather be next week?|What is the number of the bus to {k}?|Can you send a letter?|Can you open the door?|What did {n} say?
""".strip().replace("\n", "|").split("|"))  # fmt: skip
_ANSWERS = (
    "I do not know.", "I do not know. I am a small model.", "I do not know. I am a small model.", "I do not know that. I am only a small model.",
    "I am sorry, I do not know.", "I do not know that.",
)  # fmt: skip


def turn_of(rng: random.Random) -> Turn:
    """A question beyond a small model, and a plain no."""
    who, _ = people(rng)
    name = who.name if rng.random() < 0.4 else v.name(rng)
    return turn(rng, (pick(rng, _QUESTIONS),), _ANSWERS, n=name, k=v.town(rng), t=pick(rng, v.THINGS))
