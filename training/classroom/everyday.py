"""Everyday cause and effect, the routines of the day, weather and seasons."""

import random

from training.classroom.engine import PLACES, RELATIVES, TIMES, Person, cap, people, person, pick, text

SHARE = 1.2

# cause, effect: H he or she, S his or her, M him or her
CAUSES = (
    ("H was thirsty", "H drank some water|H drank a glass of water|H drank some juice"),
    ("H was hungry", "H ate some bread|H made a sandwich|H ate an apple|H cooked some soup"),
    ("H was tired", "H went to bed|H lay down|H fell asleep|H sat down on a chair"),
    ("H was cold", "H put on S coat|H put on a warm jumper|H sat by the fire|H closed the window"),
    ("H was hot", "H opened the window|H took off S coat|H ate some ice cream"),
    ("it was sunny", "H put on S hat|H went to the beach|H wore S sunglasses|H played outside"),
    ("it was snowing", "H put on S boots|H built a snowman|H wore a warm coat"),
    ("it was dark", "H turned on the light|H lit a lamp|H could not see"),
    ("it was cold", "H put on S coat|H took S gloves|H stayed inside"),
    ("it was windy", "H flew S kite|H held on to S hat"),
    ("the door was locked", "H looked for the key|H rang the bell|H knocked"),
    ("the bus was late", "H walked to school|H had to wait"),
    ("H was late", "H ran to school|H ran to the bus stop|H took the bus"),
    ("H was ill", "H stayed in bed|H went to the doctor|H drank some tea"),
    ("the soup was too hot", "H waited|H blew on it"),
    ("S hands were dirty", "H washed them|H washed them with soap"),
    ("S shoes were wet", "H took them off|H dried them by the fire"),
    ("H had no money", "H could not buy anything|H went to the bank"),
    ("the cup fell on the floor", "it broke"),
    ("the baby was asleep", "H spoke very quietly|H closed the door softly"),
    ("the milk was finished", "H went to the shop"),
    ("the flowers were dry", "H gave them some water"),
    ("the dog was hungry", "H gave it some food"),
    ("the room was dirty", "H cleaned it"),
    ("H was sad", "H began to cry|S friend gave M a hug"),
    ("the joke was funny", "H laughed"),
    ("H heard a noise", "H looked out of the window"),
    ("H lost S key", "H could not open the door"),
    ("the music was too loud", "H covered S ears"),
    ("it was S birthday", "S friends sang a song|H got a present"),
    ("H missed S friend", "H wrote a letter"),
    ("the light was red", "H stopped"),
    ("the light was green", "H crossed the road"),
)
RAIN = ("H took S umbrella",) * 5 + (
    "H stayed at home",
    "H put on S boots",
    "H took S raincoat",
    "H got wet",
    "H opened S umbrella",
    "H played inside",
)
FACTS = (
    "water freezes into ice when it is very cold",
    "ice melts in the sun",
    "when you heat ice, it becomes water",
    "when water boils, it becomes steam",
    "the moon shines at night",
    "the stars shine at night",
    "the sun gives us light",
    "rain falls from the clouds",
    "snow is cold and white",
    "in winter it is cold",
    "in summer it is hot",
    "in spring the flowers grow",
    "in autumn the leaves fall from the trees",
    "birds fly and fish swim",
    "we see with our eyes and hear with our ears",
    "we sleep at night and work in the day",
    "fire is hot and ice is cold",
    "plants need water and light",
    "after winter comes spring",
    "after spring comes summer",
    "after summer comes autumn",
    "after autumn comes winter",
    "a key opens a door",
    "a clock tells the time",
    "a stone is hard and a pillow is soft",
    "a knife is sharp",
    "feathers are light and stones are heavy",
    "wood burns in the fire",
    "after the rain there is sometimes a rainbow",
    "the sea is full of salt water",
    "rivers flow into the sea",
    "the day begins in the morning and ends in the evening",
    "the doctor helps people who are ill",
    "the teacher works at school",
    "the farmer works on the farm",
    "the baker bakes bread",
    "the postman brings letters",
    "bees make honey",
    "cows give milk",
    "sheep give us wool",
    "hens lay eggs",
    "the sun sets in the west",
    "the sun sets in the evening",
    "the bark of a tree is rough and brown",
    "we buy bread at the bakery and books at the bookshop",
    "we brush our teeth in the morning and in the evening",
)
SUN = (
    ("the sun rises in the east",) * 3
    + ("the sun rises in the east and sets in the west",) * 4
    + ("the sun rises in the morning", "the sun rises in the morning and sets in the evening")
)
MORNING = (
    "gets up at {t}",
    "washes {s} face",
    "brushes {s} teeth",
    "has breakfast",
    "gets dressed",
    "packs {s} bag",
    "goes to school",
    "says goodbye to {s} mother",
)
EVENING = (
    "comes home",
    "does {s} homework",
    "plays in the garden",
    "has dinner",
    "helps in the kitchen",
    "reads a book",
    "puts on {s} pyjamas",
    "goes to bed at {b}",
)
CONTRASTS = (
    "The dog's bark was loud",
    "The dog's bark was so loud that the baby woke up",
    "The dog's bark was very loud",
    "The dog's bark was deep",
    "The dog's bark was sharp",
    "The dog's bark was so deep that it sounded like thunder",
    "The tree's bark was rough",
    "The tree's bark was brown",
    "The tree's bark was thick and dry",
    "The tree's bark was rough and brown",
    "The tree's bark was smooth",
    "The tree's bark was thick",
    "H put S money in the bank and the bank gave M interest",
    "H put S money in the bank and the bank gave M a card",
    "H put S money in the bank",
    "H put S money in the bank and the bank gave M some interest",
    "They sat on the bank of the river",
    "They sat on the bank of the river and looked at the water",
    "They sat on the bank of the stream",
    "They walked along the bank of the river",
    "H hit the ball with S bat",
    "H hit the ball with S new bat",
    "H hit the ball with S bat and ran",
    "In the dark cave the little bat spread its wings",
    "The little bat spread its wings and flew out of the cave",
    "At night the bat spread its wings",
)


def _as(template: str, who: Person) -> str:
    """The template with the pronouns of `who`."""
    words = {"H": who.he, "S": who.his, "M": who.him}
    return " ".join(words.get(word, word) for word in template.split(" "))


def _so(rng: random.Random) -> str:
    """A cause and its effect."""
    who, _other = people(rng)
    if rng.random() < 0.36:
        cause, effect = "it was raining", _as(pick(rng, RAIN), who)
        if rng.random() < 0.5:
            effect = pick(
                rng,
                ("she took her umbrella",) * 4
                + ("he took his umbrella", "they took their umbrellas", "we stayed at home", "they took an umbrella"),
            )
            return pick(
                rng,
                (
                    f"{cause}, so {effect}.",
                    f"{cause}, so {effect}.",
                    f"{cause}, so {effect} {pick(rng, ('to school', 'with her', 'and went out', 'and her coat')) if 'she' in effect else 'today' if 'stayed' in effect else 'along'}.",
                    f'"{cap(cause)}, so {effect}," said {who.name}.',
                    f"{who.name} said that {cause}, so {effect}.",
                ),
            )
    else:
        cause, effects = pick(rng, CAUSES)
        cause, effect = _as(cause, who), _as(pick(rng, effects.split("|")), who)
    named = " ".join([who.name, *cause.split(" ")[1:]]) if cause.startswith(who.he + " ") else ""
    named_effect = " ".join([who.name, *effect.split(" ")[1:]]) if effect.startswith(who.he + " ") else ""
    if named:
        return pick(
            rng,
            (
                f"{named}, so {effect}.",
                f"{named}, so {effect}.",
                f"{cap(cause)}, so {effect}.",
                f"{named}. That is why {effect}.",
                f"Because {named}, {effect}.",
                f"{named_effect} because {cause}." if named_effect else f"{named}, and so {effect}.",
                f"{named}, and so {effect}.",
                f"As {named}, {effect}.",
            ),
        )
    if named_effect:
        return pick(
            rng,
            (
                f"{cause}, so {named_effect}.",
                f"{cause}, so {effect}.",
                f"{named_effect} because {cause}.",
                f"because {cause}, {named_effect}.",
                f"{cause}. That is why {named_effect}.",
                f"{cause}, and so {named_effect}.",
            ),
        )
    return f"{cause}, so {effect}."


def _sun(rng: random.Random) -> str:
    who, fact = person(rng), pick(rng, SUN)
    return pick(
        rng,
        (
            f"{fact}.",
            f"{fact}.",
            f"{fact}.",
            f"{fact}.",
            f'"{cap(fact)}," said {who.name}.',
            f"{who.name} knows that {fact}.",
            f"every day {fact}.",
            f"we learned that {fact}.",
            f'"Where does the sun rise?" asked {who.name}. "{cap(fact)}."',
            f"where does the sun rise? {cap(fact)}.",
            f"look, {fact}.",
            f"everyone knows that {fact}.",
        ),
    )


def _fact(rng: random.Random) -> str:
    who, fact = person(rng), pick(rng, FACTS)
    return pick(
        rng,
        (
            f"{fact}.",
            f"{fact}.",
            f"{fact}.",
            f'"{cap(fact)}," said {who.name}.',
            f"{who.name} knows that {fact}.",
            f"did you know that {fact}?",
            f"we learned that {fact}.",
            f"it is true that {fact}.",
            f"{who.name}'s {pick(rng, RELATIVES)} told {who.him} that {fact}.",
        ),
    )


def _routine(rng: random.Random) -> str:
    who = person(rng)
    steps = MORNING if rng.random() < 0.5 else EVENING
    values = {
        "s": who.his,
        "t": pick(rng, ("six o'clock", "seven o'clock", "half past six", "half past seven")),
        "b": pick(rng, ("eight o'clock", "nine o'clock", "half past eight")),
    }
    chosen = [steps[i].format(**values) for i in sorted(rng.sample(range(len(steps)), 4))]
    day = pick(
        rng, ("Every day", "On Monday", "On school days", "Every morning" if steps is MORNING else "Every evening")
    )
    if rng.random() < 0.5:
        return f"{day} {who.name} {', '.join(chosen[:-1])} and {chosen[-1]}."
    return f"First {who.name} {chosen[0]}. Then {who.he} {chosen[1]}. After that, {who.he} {chosen[2]}."


def _contrast(rng: random.Random) -> str:
    return f"{cap(_as(pick(rng, CONTRASTS), person(rng)))}."


def _opening(rng: random.Random) -> str:
    who, other = people(rng)
    time, place = pick(rng, TIMES), pick(rng, PLACES)
    return pick(
        rng,
        (
            f"{cap(time)}, {who.name} wanted to go out.",
            f"{cap(time)} {who.name} was in {place}."
            if not place.endswith(("bus stop", "beach", "farm", "school", "station", "harbour", "playground", "zoo"))
            else f"{cap(time)} {who.name} was at {place}.",
            f"{who.name} went to {place} with {other.name}.",
            f"{who.name} looked out of the window.",
            f"{who.name} got up early {pick(rng, ('this morning', 'yesterday', 'on Monday', 'on Sunday', 'today'))}.",
            f"{who.name} was on the way to {place}.",
            f"The weather changed {time}.",
            f"{who.name} met {other.name} {time}.",
            f"This happened to {who.name} {time}.",
            f"{who.name} and {other.name} talked about the day.",
            f"{who.name} had a busy day.",
            f"{who.name} visited {who.his} {pick(rng, RELATIVES)} {time}.",
            "There are many things to learn about the world.",
            f"{who.name} asks many questions.",
            f"The clouds were {pick(rng, ('dark', 'grey', 'white', 'low'))} {time}.",
            f"{cap(time)} they went to {place}.",
            f"It was a {pick(rng, ('grey', 'quiet', 'cold', 'warm', 'normal', 'busy'))} day.",
            f"{who.name}'s {pick(rng, RELATIVES)} had to go to {place}.",
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
            "It was a good day.",
            f"Then {who.name} went home.",
            f"{who.name} was glad.",
            "That is how it is.",
            "Tomorrow is another day.",
            f"{who.name} thought about it for a while.",
            "In the evening everyone was tired.",
            f'"I see," said {who.name}.',
            "That is easy to understand.",
            "And soon it was night.",
        ),
    )


def document(rng: random.Random) -> str:
    """A few everyday sentences."""
    frames = (_so, _so, _so, _so, _sun, _sun, _fact, _fact, _routine, _contrast)
    middle = list(dict.fromkeys(pick(rng, frames)(rng) for _ in range(rng.randint(2, 4))))
    first = middle[0].lower()
    if rng.random() < 0.25 and not first.startswith(("it was raining, so she took", "the sun rises in the")):
        return text(*middle, _closing(rng))
    return text(_opening(rng), *middle, _closing(rng))
