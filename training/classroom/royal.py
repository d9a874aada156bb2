"""He and she, royal and kin pairs: the pronoun and the partner word follow the word before."""

import random

from training.classroom.engine import PLACES, TIMES, a, cap, listing, person, pick, some, text

SHARE = 0.8

PAIRS = (
    ("king", "queen"),
    ("prince", "princess"),
    ("man", "woman"),
    ("boy", "girl"),
    ("uncle", "aunt"),
    ("brother", "sister"),
    ("son", "daughter"),
    ("father", "mother"),
    ("actor", "actress"),
    ("husband", "wife"),
    ("nephew", "niece"),
    ("grandfather", "grandmother"),
)
KIN = ("uncle", "brother", "son", "father", "husband", "nephew", "grandfather")
ASKED = ("the king and the queen", "the prince and the princess", "my mother and my father")
VERBS = tuple(
    [
        "walked in the garden",
        "sat at the long table",
        "danced all evening",
        "went to the market",
        "looked at the stars",
        "had breakfast together",
        "rode through the forest",
        "sang a song",
        "came home late",
        "waved from the window",
        "laughed at the joke",
        "told us a story",
        "were very happy",
        "were tired",
        "went for a walk",
        "drank a cup of tea",
        "listened to the music",
        "baked a cake",
        "waited at the gate",
        "opened the door",
        "smiled at the children",
        "planted a tree",
    ]
)
ALONE = tuple(
    [
        "went for a walk",
        "sat in the garden",
        "read a book",
        "rode a white horse",
        "sang a song",
        "cooked some soup",
        "opened the window",
        "wrote a letter",
        "looked at the sea",
        "fed the birds",
        "laughed",
        "smiled",
        "was very tired",
        "was very happy",
        "slept until noon",
        "drank some tea",
    ]
)
SELVES = tuple(
    [
        "loved music",
        "liked to read",
        "was very kind",
        "had a little dog",
        "could sing well",
        "was never late",
        "liked apples",
        "had a garden",
    ]
)
HIS = tuple(["hat", "coat", "horse", "book", "cup", "bag", "dog", "letter", "basket", "lamp"])
ROOMS = (
    "the garden",
    "the kitchen",
    "the library",
    "the park",
    "the village",
    "the market",
    "the forest",
    "the castle",
    "the great hall",
)
AGES = tuple(["old", "young", "kind", "tall", "wise", "happy", "good"])


def _he(word: str) -> tuple[str, str, str]:
    male = any(word == m for m, _ in PAIRS)
    return ("he", "him", "his") if male else ("she", "her", "her")


def _opening(rng: random.Random) -> str:
    who = person(rng)
    return pick(
        rng,
        (
            f"{cap(pick(rng, TIMES))}, {who.name} read an old story.",
            f"{who.name} had a book about a castle.",
            "Long ago, in a castle on a hill, there was a big party.",
            f"{cap(pick(rng, TIMES))} we were at home with {who.name}.",
            f"{who.name} drew a picture of {who.his} family.",
            f"This is a story about a castle by the {pick(rng, ('sea', 'lake', 'river'))}.",
            "Once upon a time there was a land with green hills.",
            f"{who.name} showed me a photo.",
            f"Guests came to the house {pick(rng, TIMES)}.",
            f"There was music in {pick(rng, ROOMS)}.",
            f"In class, {who.name} learned some new words.",
            f"We went to see a play {pick(rng, TIMES)}.",
            f'"Tell me a story," said {who.name}.',
            f"The weather was {pick(rng, ('fine', 'warm', 'cold', 'lovely', 'bad'))} {pick(rng, TIMES)}.",
            f"{who.name} was at home {pick(rng, TIMES)}.",
            "Everyone was in the great hall.",
        ),
    )


def _asked(rng: random.Random) -> str:
    """One of the pairs in the order of the lesson prompts, at the start or in the middle of a sentence."""
    kind = rng.random()
    verb, where = pick(rng, VERBS), pick(rng, PLACES)
    pair = ASKED[0] if kind < 0.38 else ASKED[1] if kind < 0.68 else ASKED[2]
    if pair == ASKED[2]:
        return pick(
            rng,
            (
                f"{cap(pair)} {verb}.",
                f"{cap(pair)} {verb}.",
                f"{cap(pick(rng, TIMES))} {pair} {verb}.",
                f"I love {pair}.",
                f"{cap(pair)} went to {where}.",
                f"I went to {where} with {pair}.",
                f"{cap(pair)} met {pick(rng, TIMES)} near {where}.",
                f'"{cap(pair)} {verb}," I said.',
                f"We were at home: {pair}, my {pick(rng, ('sister', 'brother', 'uncle', 'aunt'))} and I.",
            ),
        )
    return pick(
        rng,
        (
            f"{cap(pair)} {verb}.",
            f"{cap(pair)} {verb}.",
            f"{cap(pair)} {verb}.",
            f"{cap(pick(rng, TIMES))} {pair} {verb}.",
            f"Everyone loved {pair}.",
            f"The people waited for {pair}.",
            f"{cap(pair)} lived in a castle by the sea.",
            f"{cap(pair)} were {pick(rng, ('happy', 'kind', 'old', 'young', 'glad'))}.",
            f"In the castle {pair} {verb}.",
            f'"Look, there are {pair}!" said {person(rng).name}.',
            f"{cap(pair)} had {pick(rng, ('a big garden', 'a white horse', 'many books', 'a golden coach'))}.",
        ),
    )


def _fact(rng: random.Random) -> str:
    m, f = pick(rng, PAIRS)
    one, two = (m, f) if rng.random() < 0.5 else (f, m)
    he, him, his = _he(one)
    he2, _, _his2 = _he(two)
    who, verb = person(rng), pick(rng, ALONE)
    art = pick(rng, ("my", "your", "our")) if one in KIN or two in KIN or one in ("mother", "father") else "the"
    kind = ("a man", "a woman") if one == m else ("a woman", "a man")
    kings = [pair for pair in PAIRS if pair[0] not in ("man", "boy")]
    x, y = pick(rng, kings)
    young = x in ("prince", "son", "nephew")
    male, female = ("a boy or a man", "a girl or a woman") if young or x == "brother" else ("a man", "a woman")
    p, q = some(rng, PAIRS, 2)
    return pick(
        rng,
        (
            f"{a(x)} is {male}; {a(y)} is {female}.",
            f"{a(y)} is {female}, and {a(x)} is {male}.",
            f'"He" is the right word for {a(m)}, and "she" is the right word for {a(f)}.',
            f'We say "he" for {a(m)} and "she" for {a(f)}.',
            f"{p[0]} and {p[1]} go together, like {q[0]} and {q[1]}.",
            f"{p[0]} is to {p[1]} as {q[0]} is to {q[1]}.",
            f"Here is a list of pairs: {listing([f'{i} and {j}' for i, j in some(rng, PAIRS, 3)])}.",
            f"{art} {one} {verb} because {he} {pick(rng, ('had time', 'was alone', 'liked it', 'had nothing else to do', 'was in a good mood'))}.",
            f"{art} {one} {pick(rng, SELVES)}, and everyone liked {him}.",
            f"{art} {one} took {his} {pick(rng, HIS)} and went to {pick(rng, PLACES)}.",
            f"{art} {one} lost {his} {pick(rng, HIS)}, so {he} looked for it in {pick(rng, ROOMS)}.",
            f"{art} {pick(rng, AGES)} {one} {verb}. Then {he} went home.",
            f"{art} {one} {verb}, and {art} {two} {pick(rng, ALONE)}.",
            f"{art} {one} gave {his} {pick(rng, HIS)} to {art} {two}, and {he2} was glad.",
            f'"Where is {art} {one}?" asked {who.name}. "{cap(he)} is in {pick(rng, ROOMS)} with {art} {two}."',
            f"{art} {one} and {art} {two} {pick(rng, VERBS)}.",
            f"{who.name} saw {art} {one} and {art} {two} in {pick(rng, ROOMS)}.",
            f"{art} {one} is {kind[0]} and {art} {two} is {kind[1]}."
            if one not in ("man", "woman", "boy", "girl")
            else f"The {one} said that {he} was hungry.",
            "The king loved his wife, the queen.",
            "The queen loved her husband, the king.",
            f"The king's wife was the queen, and she {pick(rng, SELVES)}.",
            "The son of the king is the prince, and the daughter of the king is the princess.",
            "A king's daughter is a princess.",
            "A queen's son is a prince.",
            "My mother's brother is my uncle, and my mother's sister is my aunt.",
            "My father's father is my grandfather, and my father's mother is my grandmother.",
            "The son of my sister is my nephew, and her daughter is my niece.",
            "An actor is a man on the stage; an actress is a woman on the stage.",
            "What do you call the wife of a king? She is called a queen.",
            "What do you call the son of a king? He is called a prince.",
            "A woman who plays in a film is an actress.",
            "A boy grows up to be a man, and a girl grows up to be a woman.",
            f"{who.name} has a brother and a sister. {pick(rng, ('His name is ' + pick(rng, ('Tim', 'Leo', 'Noah')) + ', and her name is ' + pick(rng, ('Zoe', 'Mei', 'Ivy')), 'She is older, and he is younger', 'He is tall, and she is small'))}.",
            "The king put on his crown, and the queen put on her crown.",
            "The prince rode his horse, and the princess rode her pony.",
            f"Our {pick(rng, ('aunt', 'grandmother', 'mother'))} read her book while our {pick(rng, ('uncle', 'grandfather', 'father'))} washed his car.",
        ),
    )


def _closing(rng: random.Random) -> str:
    who = person(rng)
    return pick(
        rng,
        (
            "",
            "",
            "",
            f"{who.name} liked this story very much.",
            "Then it was time to go to bed.",
            "It was a lovely day.",
            f'"That is easy," said {who.name}.',
            "And so the story ends.",
            "They all lived happily ever after.",
            f"{who.name} wrote it down.",
            "In the evening there was music.",
            "The stars were bright that night.",
        ),
    )


def document(rng: random.Random) -> str:
    """A little text on pairs of people."""
    middle = list(dict.fromkeys(_fact(rng) for _ in range(rng.randint(2, 4))))
    if rng.random() < 0.75:
        middle.insert(rng.randint(0, len(middle)), _asked(rng))
    if rng.random() < 0.25 and not cap(middle[0]).lower().startswith(ASKED):
        return text(*middle, _closing(rng) or "Everyone knows that.")
    return text(_opening(rng), *middle, _closing(rng))
