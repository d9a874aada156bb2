"""Short dialogues of two speakers, in lines with names or in quoted speech."""

import random

from training.classroom.engine import (
    DAYS,
    FEELINGS,
    MONTHS,
    PLACES,
    RELATIVES,
    TIMES,
    Person,
    a,
    cap,
    people,
    pick,
)

SHARE = 1.0

HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
CAPITALS = (
    (("France", "Paris"),) * 5
    + (("Italy", "Rome"),) * 5
    + (("Japan", "Tokyo"),) * 5
    + (("Germany", "Berlin"),) * 4
    + (
        ("Spain", "Madrid"),
        ("Portugal", "Lisbon"),
        ("Greece", "Athens"),
        ("Austria", "Vienna"),
        ("Poland", "Warsaw"),
        ("Norway", "Oslo"),
        ("Sweden", "Stockholm"),
        ("Ireland", "Dublin"),
        ("Egypt", "Cairo"),
        ("China", "Beijing"),
        ("Turkey", "Ankara"),
        ("Turkey", "Ankara"),
        ("Hungary", "Budapest"),
        ("Russia", "Moscow"),
        ("Kenya", "Nairobi"),
    )
)
COLOURS = (
    (("the sky", "blue"),) * 4
    + (("grass", "green"),) * 4
    + (
        ("snow", "white"),
        ("a banana", "yellow"),
        ("a lemon", "yellow"),
        ("a tomato", "red"),
        ("blood", "red"),
        ("coal", "black"),
        ("a carrot", "orange"),
        ("a strawberry", "red"),
        ("milk", "white"),
        ("a leaf", "green"),
    )
)
OPPOSITES = (
    (("hot", "cold"),) * 4
    + (("big", "small"),) * 4
    + (
        ("old", "new"),
        ("tall", "short"),
        ("fast", "slow"),
        ("wet", "dry"),
        ("hard", "soft"),
        ("happy", "sad"),
        ("light", "dark"),
        ("up", "down"),
        ("open", "closed"),
        ("full", "empty"),
        ("day", "night"),
        ("clean", "dirty"),
    )
)
YOUNG = (
    (("dog", "puppy"),) * 4
    + (("cat", "kitten"),) * 4
    + (
        ("cow", "calf"),
        ("horse", "foal"),
        ("sheep", "lamb"),
        ("duck", "duckling"),
        ("goat", "kid"),
        ("pig", "piglet"),
        ("hen", "chick"),
        ("lion", "cub"),
        ("bear", "cub"),
        ("frog", "tadpole"),
    )
)
SOUNDS = (("cow", "moo"),) * 4 + (
    ("dog", "woof"),
    ("cat", "miaow"),
    ("duck", "quack"),
    ("sheep", "baa"),
    ("pig", "oink"),
)
FOODS = tuple(["apples", "pears", "eggs", "carrots", "tomatoes", "potatoes", "lemons", "plums", "cherries", "oranges"])
SUBJECTS = tuple(["maths", "English", "history", "music", "art", "science", "geography"])
WEATHER = (
    ("raining", "Then I will take my umbrella"),
    ("raining", "Then we will stay inside"),
    ("snowing", "Then we can build a snowman"),
    ("sunny", "Then let us go to the beach"),
    ("windy", "Then we can fly my kite"),
    ("cold", "Then I will put on my coat"),
    ("hot", "Then we can swim in the lake"),
    ("foggy", "Then we must be careful on the road"),
)

Lines = list[str]


def _fact(rng: random.Random) -> tuple[str, str]:
    """A question and its answer as a full sentence."""
    kind = rng.choice((0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 8))
    if kind == 0:
        land, city = pick(rng, CAPITALS)
        return pick(
            rng,
            (
                (f"What is the capital of {land}?", f"The capital of {land} is {city}."),
                (f"Which country is {city} the capital of?", f"{city} is the capital of {land}."),
                (f"Do you know the capital of {land}?", f"Yes, the capital of {land} is {city}."),
            ),
        )
    if kind == 1:
        thing, colour = pick(rng, COLOURS)
        return f"What colour is {thing}?", f"{cap(thing)} is {colour}."
    if kind == 2:
        one, two = pick(rng, OPPOSITES)
        return pick(
            rng,
            (
                (f"What is the opposite of {one}?", f"The opposite of {one} is {two}."),
                (f"What is the opposite of {two}?", f"The opposite of {two} is {one}."),
            ),
        )
    if kind == 3:
        animal, young = pick(rng, YOUNG)
        return f"What is a baby {animal} called?", f"A baby {animal} is called {a(young)}."
    if kind == 4:
        animal, sound = pick(rng, SOUNDS)
        return f"What does the {animal} say?", f"The {animal} says {sound}."
    if kind == 5:
        x, y = pick(
            rng,
            (
                (2, 2),
                (2, 2),
                (3, 1),
                (3, 1),
                (rng.randint(1, 6), rng.randint(1, 6)),
                (rng.randint(1, 6), rng.randint(1, 6)),
            ),
        )
        return f"What is {NUMBERS[x]} plus {NUMBERS[y]}?", f"{cap(NUMBERS[x])} plus {NUMBERS[y]} is {NUMBERS[x + y]}."
    if kind == 6:
        i = pick(rng, (0, 0, 0, 1, 2, 3, 4, 5, 6))
        return f"Which day comes after {DAYS[i]}?", f"The day after {DAYS[i]} is {DAYS[(i + 1) % 7]}."
    if kind == 7:
        i = pick(rng, (5, 5, 5, 5, *range(12)))
        return f"Which month comes after {MONTHS[i]}?", f"The month after {MONTHS[i]} is {MONTHS[(i + 1) % 12]}."
    return pick(
        rng,
        (
            ("Where does the sun rise?", "The sun rises in the east."),
            ("What do people in Spain speak?", "People in Spain speak Spanish."),
            ("What is an apple?", "An apple is a kind of fruit."),
            ("What is a hammer?", "A hammer is a tool."),
            ("What do you get if you mix blue and yellow?", "If you mix blue and yellow you get green."),
            ("Which tower stands in Paris?", "The Eiffel Tower stands in Paris."),
            ("What do people in Italy speak?", "People in Italy speak Italian."),
            ("What is a rose?", "A rose is a flower."),
            ("Who lives in a castle?", "The king and the queen live in a castle."),
            ("Where does the sun set?", "The sun sets in the west."),
            ("What do bees make?", "Bees make honey."),
            ("How many days are in a week?", "A week has seven days."),
            ("What do we do with our eyes?", "We see with our eyes."),
        ),
    )


REPLIES = (
    "That is right.",
    "Very good!",
    "Well done!",
    "Correct.",
    "Yes, that is true.",
    "You are clever.",
    "Thank you.",
    "I did not know that.",
    "Good answer!",
    "Are you sure? Yes, you are right.",
)
LEADS = (
    "",
    "",
    "I know! ",
    "That is easy. ",
    "Let me think. ",
    "I think I know. ",
    "Of course I know. ",
    "We learned that. ",
    "Oh, that is not hard. ",
)


def _quiz(rng: random.Random, x: Person, y: Person) -> Lines:
    lines: Lines = []
    for _ in range(rng.randint(1, 3)):
        question, answer = _fact(rng)
        lines += [
            f"{pick(rng, ('', '', 'Tell me, ', 'Now I have a question. ', 'Here is a question. '))}{question}",
            f"{pick(rng, LEADS)}{answer}",
        ]
    lines = [
        line.replace("Tell me, W", "Tell me, w").replace("Tell me, D", "Tell me, d").replace("Tell me, H", "Tell me, h")
        for line in lines
    ]
    return [*lines, pick(rng, REPLIES)]


def _time(rng: random.Random, x: Person, y: Person) -> Lines:
    hour = pick(rng, HOURS)
    return [
        pick(
            rng,
            (
                "What time is it?",
                "Excuse me, what time is it?",
                "Can you tell me the time, please?",
                "Do you know what time it is?",
            ),
        ),
        pick(
            rng,
            (
                f"It is {hour} o'clock.",
                f"It is half past {hour}.",
                f"It is almost {hour} o'clock.",
                f"It is {pick(rng, ('ten', 'five', 'a quarter'))} past {hour}.",
            ),
        ),
        pick(
            rng,
            (
                "Oh no, I am late for school!",
                "Thank you very much.",
                "Then it is time to go home.",
                "Good, we still have time.",
                "Then the shop is already closed.",
            ),
        ),
        pick(rng, ("Hurry up!", "You are welcome.", "See you tomorrow.", "Goodbye!")),
    ]


def _way(rng: random.Random, x: Person, y: Person) -> Lines:
    place, near = rng.sample(
        [
            p
            for p in PLACES
            if p not in ("the kitchen", "the living room", "the classroom", "the village", "the garden", "the forest")
        ],
        2,
    )
    return [
        pick(
            rng,
            (
                f"Excuse me, where is {place}?",
                f"How do I get to {place}, please?",
                f"Can you tell me the way to {place}?",
            ),
        ),
        pick(
            rng,
            (
                f"Go straight on and turn {pick(rng, ('left', 'right'))} at {near}.",
                f"It is next to {near}.",
                f"Take the {pick(rng, ('first', 'second', 'third'))} street on the {pick(rng, ('left', 'right'))}.",
                f"Walk past {near} and over the bridge.",
            ),
        ),
        pick(rng, ("Is it far?", "Is it far from here?", "Is it a long way?")),
        pick(
            rng,
            (
                f"No, it takes only {pick(rng, ('five', 'ten', 'fifteen'))} minutes.",
                "No, it is not far. You will see it at once.",
                "No, you can walk there.",
            ),
        ),
        pick(rng, ("Thank you for your help.", "Thank you very much!", "That is very kind of you.")),
    ]


def _names(rng: random.Random, x: Person, y: Person) -> Lines:
    return [
        pick(
            rng,
            (
                f"Hello, my name is {x.name}. What is your name?",
                f"Hi! I am {x.name}. Who are you?",
                f"Good morning. My name is {x.name}.",
            ),
        ),
        pick(
            rng,
            (
                f"My name is {y.name}. Nice to meet you.",
                f"I am {y.name}. I am new here.",
                f"Hello, {x.name}. I am {y.name}.",
            ),
        ),
        pick(
            rng,
            (
                "How old are you?",
                "Where do you live?",
                "Do you want to play with me?",
                "Nice to meet you, too. Do you have a brother or a sister?",
            ),
        ).strip(),
        "",
    ]


def _answer(rng: random.Random, question: str) -> str:
    if "old" in question:
        return f"I am {pick(rng, NUMBERS[6:])} years old."
    if "live" in question:
        return pick(
            rng,
            (
                "I live near " + pick(rng, ("the school", "the park", "the station", "the library")) + ".",
                "I live in a small village.",
                "I live in this street.",
            ),
        )
    if "play" in question:
        return pick(
            rng, ("Yes, I would love to!", "Yes, let us play in the garden.", "Yes, but first I must ask my mother.")
        )
    return pick(
        rng,
        ("I have a little sister.", "I have a big brother.", "I have a brother and a sister.", "No, but I have a dog."),
    )


def _how(rng: random.Random, x: Person, y: Person) -> Lines:
    feeling = pick(rng, FEELINGS)
    return [
        pick(
            rng,
            (
                f"Hello, {y.name}. How are you?",
                f"Good morning, {y.name}! How are you today?",
                f"Hi, {y.name}! How are you?",
            ),
        ),
        pick(
            rng, ("I am fine, thank you. And you?", "I am very well, thank you. How are you?", "Not so good. And you?")
        ),
        pick(rng, (f"I am {feeling} today.", f"Today I feel {feeling}.")),
        pick(rng, ("Why?", "Oh, why is that?", "Why are you " + feeling + "?")),
        pick(
            rng,
            (
                f"I was in {pick(rng, ('the garden', 'the forest', 'the museum', 'the library'))} all day.",
                f"My {pick(rng, RELATIVES)} is coming to visit.",
                "There is a big test tomorrow.",
                "I did not sleep well.",
                "It is my birthday.",
            ),
        ),
    ]


def _shop(rng: random.Random, x: Person, y: Person) -> Lines:
    food, n = pick(rng, FOODS), rng.randint(2, 10)
    return [
        pick(
            rng,
            ("Good morning. Can I help you?", "Hello! What would you like?", "Good afternoon. What can I do for you?"),
        ),
        pick(
            rng,
            (
                f"I would like some {food}, please.",
                f"Yes, please. I would like {NUMBERS[n]} {food}.",
                f"Do you have any {food}?",
            ),
        ),
        pick(
            rng,
            (f"Here you are. That is {NUMBERS[rng.randint(2, 12)]} coins.", "Of course. They are very fresh today."),
        ),
        pick(rng, ("Thank you. Goodbye!", "Here is the money. Thank you.", "Thank you very much. Have a nice day!")),
    ]


def _weather(rng: random.Random, x: Person, y: Person) -> Lines:
    weather, plan = pick(rng, WEATHER)
    return [
        pick(
            rng, ("What is the weather like?", "How is the weather today?", "Look out of the window. What do you see?")
        ),
        pick(rng, (f"It is {weather}.", f"It is {weather} again.", f"Oh, it is {weather} today.")),
        f"{plan}.",
        pick(
            rng,
            (
                "That is a good idea.",
                "Yes, let us do that.",
                "Wait for me!",
                "Better safe than sorry." if "umbrella" in plan or "careful" in plan else "I like that.",
            ),
        ),
    ]


def _homework(rng: random.Random, x: Person, y: Person) -> Lines:
    subject = pick(rng, SUBJECTS)
    return [
        pick(
            rng,
            (
                "Have you done your homework?",
                f"Did you do the {subject} homework?",
                f"Can you help me with my {subject} homework?",
            ),
        ),
        pick(
            rng,
            (
                "Yes, I did it after school.",
                "Not yet. It is very hard.",
                "Yes, it was a piece of cake.",
                "Yes, the homework was so easy, it was a piece of cake.",
            ),
        ),
        pick(
            rng,
            (
                "Can you show me the second question?",
                f"I do not understand {subject} very well.",
                "The last question was hard for me.",
            ),
        ),
        pick(rng, ("Let us do it together.", "Of course. Practice makes perfect.", "Yes, come and sit here.")),
        pick(rng, ("Thank you, you are a good friend.", "Thank you!", "Now I understand.")),
    ]


TALKS = (_quiz, _quiz, _quiz, _time, _way, _names, _how, _shop, _weather, _homework)


def document(rng: random.Random) -> str:
    """A dialogue."""
    x, y = people(rng)
    talk = pick(rng, TALKS)
    lines = talk(rng, x, y)
    if talk is _names:
        lines[-1] = _answer(rng, lines[-2])
    if talk is not _quiz and len(lines) % 2 == 0 and rng.random() < 0.4:
        lines += _quiz(rng, x, y)
    form = rng.random()
    if form < 0.5:
        return "\n".join(f"{(x, y)[i % 2].name}: {line}" for i, line in enumerate(lines))
    start = pick(
        rng,
        (
            f"{cap(pick(rng, TIMES))} {x.name} met {y.name}.",
            f"{x.name} and {y.name} were in {pick(rng, ('the garden', 'the library', 'the park', 'the classroom', 'the kitchen'))}.",
            f"{x.name} talked to {y.name} {pick(rng, TIMES)}.",
            f"{x.name} sat next to {y.name}.",
        ),
    )
    quoted = []
    for i, line in enumerate(lines):
        who = (x, y)[i % 2]
        verb = "asked" if line.endswith("?") else pick(rng, ("said", "said", "answered") if i % 2 else ("said", "said"))
        body = line[:-1] + "," if line.endswith(".") else line
        quoted.append(
            pick(rng, (f'"{body}" {verb} {who.name}.', f'"{body}" {verb} {who.name}.', f'{who.name} {verb}, "{line}"'))
        )
    return start + ("\n" if form < 0.65 else " ") + ("\n" if form < 0.65 else " ").join(quoted)
