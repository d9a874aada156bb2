"""The dialogues on which the assistant is judged, held out of its training text.

Held out means: no training dialogue holds one of the reserved values (names, towns, dates, words that the lessons give), and no user of
a training dialogue asks one of the plain questions in these words. The kinds of questions do occur, with other values and in other words.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A dialogue up to the user's last message; right when the answer holds one of `expected` as whole words.

    With `exactly` the normalised answer has to be one of them. `words` are the values of this lesson that no training dialogue holds.
    """

    kind: str
    system: str
    said: tuple[str, ...]  # user, assistant, user …; ends with the user's question
    expected: tuple[str, ...]
    exactly: bool = False

    def messages(self) -> list[Message]:
        head = [{"role": "system", "content": self.system}] if self.system else []
        return head + [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(self.said)]


def _plain(kind: str, question: str, *expected: str) -> Lesson:
    return Lesson(kind, "", (question,), expected)


def _given(system: str, question: str, *expected: str) -> Lesson:
    return Lesson("told by the system", system, (question,), expected)


LESSONS = (
    _plain("facts", "What is the capital of Spain?", "Madrid"),
    _plain("facts", "Can you tell me the capital of Japan?", "Tokyo"),
    _plain("facts", "Which city is the capital of Germany?", "Berlin"),
    _plain("facts", "What do people in Portugal speak?", "Portuguese"),
    _plain("facts", "What is the opposite of hot?", "cold"),
    _plain("facts", "Tell me the opposite of fast.", "slow"),
    _plain("facts", "What colour is grass?", "green"),
    _plain("facts", "What do you get if you mix blue and yellow?", "green"),
    _plain("facts", "What does a cow say?", "moo"),
    _plain("facts", "What is a baby dog called?", "puppy"),
    _plain("facts", "How many legs does a spider have?", "eight"),
    _plain("facts", "What day comes after Tuesday?", "Wednesday"),
    _plain("facts", "Which month comes before May?", "April"),
    _plain("facts", "Is a carrot a vegetable?", "yes"),
    _plain("facts", "Is a hammer a bird?", "no"),
    _plain("facts", "What is a library?", "books"),
    _plain("sums", "What is two plus three?", "five"),
    _plain("sums", "What is 4 plus 5?", "9"),
    _plain("sums", "How much is seven plus six?", "thirteen"),
    _plain("sums", "What is ten minus four?", "six"),
    _plain("manners", "Hello, my friend!", "hello", "hi"),
    _plain("manners", "Thank you so much!", "welcome", "pleasure", "happy to help"),
    _plain("manners", "Goodbye, see you soon!", "goodbye", "bye"),
    _plain("manners", "And who are you?", "language model"),
    _plain("sayings", "Finish the sentence: Actions speak louder than", "words"),
    _plain("sayings", "Finish the proverb: Better late than …", "never"),
    _plain("copying", "Repeat after me: Orvindale has nine purple windmills.", "Orvindale has nine purple windmills"),
    _plain("copying", "Please say: The brave otter swims to Quenbury.", "The brave otter swims to Quenbury"),
    _plain("reading", "Ottoline has a green accordion. What colour is Ottoline's accordion?", "green"),
    _plain("reading", "Fenwick lives in Quenbury. Jaspera lives in Orvindale. Where does Jaspera live?", "Orvindale"),
    _plain("not known", "What did my aunt say yesterday?", "do not know"),
    _plain("not known", "Hey, do you know what my name is?", "do not know", "did not tell"),
    _plain("not known", "Please tell me which day it is today.", "do not know"),
    _given("Your name is Quimby.", "What is your name?", "Quimby"),
    _given("You are a friendly helper. Your name is Zandori.", "How are you called?", "Zandori"),
    _given("You are called Ottoline. You live in Quenbury.", "Where do you live?", "Quenbury"),
    _given("You are called Ottoline. You live in Quenbury.", "What is your name?", "Ottoline"),
    _given("The user's name is Fenwick. Your name is Jaspera.", "What is my name?", "Fenwick"),
    _given("The user's name is Fenwick. Your name is Jaspera.", "Who are you?", "Jaspera"),
    _given("Today is 23 February 2051.", "What is the date?", "23 February 2051"),
    _given("Today is Thursday, 29 August 2052. The user lives in Orvindale.", "What is today's date?", "29 August 2052"),
    _given("The year is 2053. It is foggy outside.", "What year is it?", "2053"),
    _given("The weather is hazy. Today is Monday.", "How is the weather?", "hazy"),
    _given("It is Friday today. A cat sleeps on the sofa. You are in Quenbury.", "What day is it?", "Friday"),
    _given("The user has a pony called Zandori. The user's sister is called Ottoline.", "What is the name of my pony?", "Zandori"),
    _given("The user has a pony called Zandori. The user's sister is called Ottoline.", "What is the name of my sister?", "Ottoline"),
    _given('The secret word is "otter".', "What is the secret word?", "otter"),
    _given("The museum opens at 9:25. The shop opens at half past six.", "When does the museum open?", "9:25"),
    _given("Your favourite colour is crimson. You like windmills.", "What is your favourite colour?", "crimson"),
    _given("You are a glassblower. Your name is Quimby.", "What is your job?", "glassblower"),
    Lesson("told by the user", "", ("My name is Jaspera.", "Hello, Jaspera!", "What is my name?"), ("Jaspera",)),
    Lesson("told by the user", "", ("Hello! My name is Fenwick. What is my name?",), ("Fenwick",)),
    Lesson("told by the user", "", ("I live in Orvindale.", "How nice! I hope you like Orvindale.", "Where do I live?"), ("Orvindale",)),
    Lesson("told by the user", "", ("I have a rabbit called Quimby.", "Quimby is a nice name.", "What is my rabbit called?"), ("Quimby",)),
    Lesson("told by the user", "", ("I am Zandori.", "It is nice to meet you, Zandori.", "What is ten minus four?", "Ten minus four is six.", "Who am I?"), ("Zandori",)),
    Lesson("style", "Answer in one word.", ("What is the capital of Spain?",), ("Madrid",), True),
    Lesson("style", "Answer in one word. Your name is Quimby.", ("What is your name?",), ("Quimby",), True),
    Lesson("style", "Talk like a pirate.", ("What colour is grass?",), ("Arr",)),
    Lesson("style", "Always call the user Fenwick.", ("What is the opposite of hot?",), ("Fenwick",)),
    Lesson("style", 'End every answer with "Otter!"', ("What is a baby dog called?",), ("Otter",)),
)  # fmt: skip

RESERVED = (
    "Orvindale", "Quenbury", "Ottoline", "Fenwick", "Jaspera", "Quimby", "Zandori", "otter", "hazy", "crimson", "glassblower", "accordion",
    "windmills", "23 February", "29 August", "2051", "2052", "2053", "9:25",
)  # fmt: skip


def normal(text: str) -> str:
    """Lower case, no marks, single spaces: "What's that?" -> "what is that"."""
    text = text.casefold().replace("’", "'").replace("what's", "what is")
    return " ".join(re.sub(r"[^\w:]+", " ", text).split())


def is_right(lesson: Lesson, answer: str) -> bool:
    """Whether an answer holds what the lesson expects, in whole words."""
    said = normal(answer)
    if lesson.exactly:
        return said in {normal(text) for text in lesson.expected}
    return any(f" {normal(text)} " in f" {said} " for text in lesson.expected)


@lru_cache(maxsize=1)
def _held_out_questions() -> frozenset[str]:
    return frozenset(normal(lesson.said[0]) for lesson in LESSONS if not lesson.system and len(lesson.said) == 1)


@lru_cache(maxsize=1)
def _reserved() -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(re.escape(normal(word)) for word in RESERVED) + r")\b")


def is_held_out(messages: list[Message]) -> bool:
    """Whether a dialogue asks one of the plain lesson questions or holds one of the reserved values."""
    if any(_reserved().search(normal(message["content"])) for message in messages):
        return True
    return any(
        message["role"] == "user" and normal(message["content"]) in _held_out_questions() for message in messages
    )
