"""Proverbs and fixed phrases: how they go on, what they mean, and when people say them."""

import random

from training.classroom.engine import PLACES, RELATIVES, TIMES, cap, people, pick, some, text
from training.lesson_prompts import is_bare_prompt

SHARE = 2.4

# Beginning | ending | what it means, or nothing.
SAYINGS = tuple(
    tuple(line.split("|"))
    for line in """better safe than|sorry|it is wise to be careful
an apple a day keeps the doctor|away|eating well keeps you healthy
actions speak louder than|words|what you do matters more than what you say
the early bird catches the|worm|whoever comes first has the best chance
practice makes|perfect|you get better at something when you do it again and again
better late than|never|it is good to come, even if you are not on time
where there is smoke there is|fire|if something looks wrong, there is usually a reason
two heads are better than|one|it is easier to solve a problem together
a friend in need is a friend|indeed|a real friend helps you when things are hard
all that glitters is not|gold|something that looks good is not always good
a stitch in time saves|nine|a small repair now saves a lot of work later
too many cooks spoil the|broth|work goes badly when too many people want to lead
many hands make light|work|a big job is easy when everybody helps
a picture is worth a thousand|words|a picture can tell more than a long talk
there is no place like|home|home is the best place of all
time|flies|time seems to pass very quickly
every cloud has a silver|lining|there is something good in every bad thing
do not judge a book by its|cover|you cannot know somebody only from how they look
honesty is the best|policy|it is always best to tell the truth
when the cat is away, the mice will|play|people do as they like when nobody is watching
curiosity killed the|cat|asking too many questions can bring trouble
let sleeping dogs|lie|it is better not to stir up old trouble
you cannot teach an old dog new|tricks|it is hard to change old habits
do not count your chickens before they|hatch|you should not be too sure of something that has not happened yet
do not put all your eggs in one|basket|you should not let everything depend on one thing
do not cry over spilt|milk|there is no use in being sad about what cannot be changed
look before you|leap|think before you do something
slow and steady wins the|race|it is better to work patiently than to rush
when in Rome, do as the Romans|do|follow the customs of the place you visit
Rome was not built in a|day|great things take time
all roads lead to|Rome|there are many ways to the same goal
no pain, no|gain|you must work hard to get something
easy come, easy|go|what you get without work is quickly lost
birds of a feather flock|together|people who are alike like to be together
the grass is always greener on the other|side|other people's things often look better than our own
out of sight, out of|mind|we forget what we do not see
absence makes the heart grow|fonder|we like people even more when they are away
strike while the iron is|hot|act while you have a good chance
make hay while the sun|shines|use the good time while it lasts
all is well that ends|well|a good ending makes up for the trouble before it
laughter is the best|medicine|laughing makes you feel better
if at first you do not succeed, try, try|again|do not give up
where there is a will there is a|way|if you really want something, you will find out how to do it
the pen is mightier than the|sword|words can do more than fighting
knowledge is|power|the more you know, the more you can do
you cannot have your cake and eat it|too|you cannot have two things that do not go together
an elephant never|forgets|some people remember everything
good things come to those who|wait|be patient and you will be rewarded
great minds think|alike|clever people often have the same idea
like father, like|son|children are often like their parents
like mother, like|daughter|children are often like their parents
haste makes|waste|mistakes happen when you hurry
home is where the heart|is|home is where the people are whom you love
the more, the|merrier|it is more fun when many people come
first come, first|served|whoever is there first gets something first
finders keepers, losers|weepers|
seeing is|believing|we believe something when we see it ourselves
sharing is|caring|we share because we care for others
no news is good|news|if you hear nothing, nothing bad has happened
old habits die|hard|it is not easy to change what you always do
one good turn deserves|another|if somebody helps you, help them too
one swallow does not make a|summer|one good sign is not enough to be sure
still waters run|deep|quiet people often think a lot
the apple never falls far from the|tree|children are often like their parents
the best things in life are|free|what makes us happy often costs nothing
there are plenty more fish in the|sea|there will be other chances
two wrongs do not make a|right|doing something bad back does not help
walls have|ears|somebody may be listening
what goes up must come|down|nothing rises for ever
you reap what you|sow|what you do comes back to you
a watched pot never|boils|waiting feels longer when you watch
a leopard cannot change its|spots|nobody can change what they really are
a rolling stone gathers no|moss|somebody who always moves on has few belongings
barking dogs seldom|bite|those who make the most noise are often harmless
beauty is in the eye of the|beholder|people find different things beautiful
blood is thicker than|water|family comes first
a bird in the hand is worth two in the|bush|what you have is better than what you only hope for
early to bed and early to|rise|good sleep is good for you
every dog has its|day|everybody is lucky once
fortune favours the|brave|those who dare often win
it takes two to|tango|both sides have a part in a quarrel
it never rains but it|pours|troubles often come together
live and let|live|let other people do things in their own way
money does not grow on|trees|you have to work for money
never put off until tomorrow what you can do|today|do your work at once
prevention is better than|cure|it is better to stop trouble before it starts
silence is|golden|sometimes it is best to say nothing
the proof of the pudding is in the|eating|you must try something to know if it is good
variety is the spice of|life|doing different things makes life interesting
when it rains, it|pours|troubles often come together
you are never too old to|learn|people of any age can learn something new
waste not, want|not|if you do not waste things, you will have enough
a penny saved is a penny|earned|saving money is as good as earning it
you can lead a horse to water, but you cannot make it|drink|you can help people, but you cannot force them
treat others as you want to be|treated|be as kind as you want others to be
tomorrow is another|day|there will be a new chance
it is no use crying over spilt|milk|there is no use in being sad about what cannot be changed
do not make a mountain out of a|molehill|do not make a small problem big
do not bite the hand that feeds|you|be good to those who help you
cleanliness is next to|godliness|
love makes the world go|round|love is what matters most
time heals all|wounds|sad feelings get weaker with time
charity begins at|home|be kind to your own family first""".splitlines()
)
_LESSON_SAYINGS = SAYINGS[:5]

# Phrases: (phrase without its last word, last word, sentences in which {x} stands for the phrase).
_PHRASES = tuple(
    (line.split("|")[0], line.split("|")[1], tuple(line.split("|")[2:]))
    for line in """a piece of|cake|the test was so easy, it was {x}|the sum was {x} for {N}|the puzzle looked hard, but it was {x}|for {N} climbing that tree was {x}|the homework was so easy, it was {x}|"That was {x}!" said {N}|swimming across the pool was {x}|"Do not worry, the test is {x}," said {O}|{N} had practised so much that the song was {x}|the test was so easy, it was {x}|the test was so easy, it was {x}|{N} said the test was so easy, it was {x}|everybody passed: the test was so easy, it was {x}
last but not|least|{x}, we thank the cook|{x}, there was {N} with {his} little dog|they invited {O}, the neighbours and, {x}, {N}|{x}, remember to wash your hands|and {x}, here comes {N}|first came the singers, then the dancers and, {x}, the drummers|{x}, {N} packed {his} toothbrush|{x}, {N} got a prize too|{x}, add a little sugar|{x}, say thank you
you hit the nail on the|head|"{N}, {x}!" said {O}|"That is just right, {x}," said {O}|I think {x}|"With that answer {x}," said the teacher|when you say exactly the right thing, {x}|"Yes, {x} again," laughed {O}|"Well said, {x}!"
hit the nail on the|head|{N} {x} with {his} answer|{O} has {x}|"You have {x}," said {N}|{N}'s answer {x}|to {x} means to say exactly the right thing|once again {N} {x}|"I think {O} {x}," said the teacher
black and|white|the old photo was {x}|a zebra is {x}|the cow in the field was {x}|{N} had {a} {x} cat|the film was in {x}|the keys of a piano are {x}|{N} drew a {x} penguin
ladies and|gentlemen|"{X}, welcome to our show!" said {N}|"{X}, please sit down," said the director|"Good evening, {x}!" called {N}|the speaker said, "{X}, thank you all for coming"
bread and|butter|{N} ate {x} for breakfast|there was {x} on the table|{O} asked for {x}|they had {x} with honey
knife and|fork|{N} ate the fish with {x}|{N} put a {x} beside every plate|please use your {x}|{N} learned to eat with a {x}
safe and|sound|they came home {x}|after the storm the sailors were {x}|{N} found the lost cat {x}|"You are back {x}!" cried {O}
sooner or|later|{x} the rain will stop|{x} {N} will find the key|the truth comes out {x}|"You will learn it {x}," said {O}
salt and|pepper|{N} put {x} on the egg|please pass the {x}|the soup needs {x}|there was {x} on every table
up and|down|the lift goes {x}|{N} jumped {x}|the boat moved {x} on the waves|{N} ran {x} the stairs
now and|then|{N} {V} {O} {x}|every {x} a train went by|{x} a bird sang
once upon a|time|{x} there was a little princess|{x} there lived an old king|the story began: "{X} there was a fox"|{x} a poor farmer had three sons
happily ever|after|they lived {x}|the king and the queen lived {x}|in the end they all lived {x}
thunder and|lightning|the storm came with {x}|the dog was afraid of the {x}|there was {x} all night
lost and|found|{N} looked for {his} scarf in the {x} box|"Ask at the {x} office," said {O}
odds and|ends|the drawer was full of {x}|{N} kept {x} in a box
peace and|quiet|{N} wanted some {x}|"All I want is {x}," said the librarian
pots and|pans|the cook washed the {x}|{N} made a band with {x}
needle and|thread|{N} mended {his} shirt with {x}|{O} took out a {x}
trial and|error|{N} found the answer by {x}|they learned it by {x}
neat and|tidy|{N} kept {his} room {x}|the desk was {x}
loud and|clear|{N} said {his} name {x}|the bell rang {x}
left and|right|look {x} before you cross the road|{N} looked {x}
day and|night|the mill worked {x}|{N} thought about the prize {x}|it rained {x}
step by|step|{N} learned to dance {x}|the teacher explained the sum {x}
little by|little|{x} the sky grew dark|{x} {N} learned to swim
side by|side|the two friends walked {x}|{N} and {O} sat {x}
over the|moon|when {N} won, {he} was {x}|{O} was {x} with the present
under the|weather|{N} stayed in bed because {he} felt {x}|"I feel a bit {x}," said {O}
once in a blue|moon|{N} eats sweets only {x}|it snows here {x}
raining cats and|dogs|"Take a coat, it is {x}!" said {O}|nobody went out because it was {x}
as busy as a|bee|{N} was {x} all morning|before the party {O} was {x}
as brave as a|lion|{N} was {x} at the dentist|the little mouse was {x}
as light as a|feather|the bag was {x}|the cake was {x}
as cool as a|cucumber|{N} stayed {x} in the race|before the show {O} was {x}
as quiet as a|mouse|{N} was {x} in the library|the baby slept, so {O} was {x}
as good as|gold|the baby was {x} all day|the puppy was {x}
as white as|snow|the lamb was {x}|the clean sheets were {x}
as sly as a|fox|the thief was {x}|the old cat was {x}
as old as the|hills|that joke is {x}|{N} said the oak tree was {x}
as hungry as a|wolf|after the walk {N} was {x}|"I am {x}," said {O}
as strong as an|ox|the farmer was {x}|{N} felt {x} after breakfast
the tip of the|iceberg|the mess on the desk was only {x}|"That is just {x}," said {O}
let the cat out of the|bag|{N} wanted to {x}, but {O} said no|do not {x}: the party is a secret
break the|ice|{N} told a joke to {x}|a game can {x} when people do not know each other
keep an eye|on|"Please {x} the soup," said {O}|"Can you {x} my bag?" asked {N}
sleep like a|log|after the long walk they will {x}|"Tonight I shall {x}," said {N}
back to square|one|the tower fell and they were {x}|the plan did not work, so it was {x}""".splitlines()
)

_LESSON_PHRASES = (_PHRASES[0], _PHRASES[0], _PHRASES[1], _PHRASES[2], _PHRASES[2], _PHRASES[3])

_OPEN = tuple(
    [
        "{T} {N} and {O} were at {L}",
        "{T} {N} went to {L}",
        "{N} had a plan",
        "{N} was a little nervous {T}",
        "{T} there was a lot to do",
        "{N} and {O} were good friends",
        "{T} {O} came to visit {N}",
        "it was late when {N} came home",
        "{N} was learning to play the {I}",
        "{N} wanted to give up, but {O} smiled",
        "{T} {N} could not find {his} {J}",
        "{T} the class talked about old sayings",
        "{N} asked {his} {R} for help",
        "{N} liked old sayings",
        "{N} sat next to {O}",
        "{N} got up at six to be the first at {L}",
        "{N} put on {his} helmet and checked the {J}",
        "{N} packed a {J}, just in case",
        "{T} {N} helped {his} {R} at {L}",
        "{N} looked at the {J} for a long time",
        "{N} found an old {J} near {L}",
        "there were many people at {L} {T}",
        "{N} wrote a letter about {L}",
        "{N}'s {R} told a story about {a} old {J}",
        "the walk to {L} was long",
        "{N} brought the {J} back to {O}",
        "{O} had a question",
    ]
)
_SAY = tuple(
    [
        '"{S}," said {R2}',
        '{N}\'s {R} always says, "{S}."',
        '"{S}," {N} said to {O}',
        '"{S}," said {N}\'s {R} with a smile',
        "as they say, {s}",
        "{s}",
        "{s}",
        "{s}",
        "{s}",
        "{s}",
        "{s}",
        "{s}, as {N}'s {R} likes to say",
        "you know what they say: {s}",
        "{N} remembered the saying: {s}",
        "{N} knew that {s}",
        "after all, {s}",
        '"Remember, {s}," said {O}',
        '"Well, {s}," laughed {O}',
        "there is an old saying: {s}",
        '{O} nodded and said, "{S}!"',
        'on the wall of {L} was written: "{S}"',
        "{N} thought that {s}",
        "in the end they learned that {s}",
        '{N}\'s {R} wrote on the card: "{S}"',
        '"You see, {s}," said {O}',
        "it is true that {s}",
    ]
)
_MEAN = tuple(
    [
        "it means that {m}",
        "that means: {m}",
        "in other words, {m}",
        "the saying tells us that {m}",
        '"It means that {m}," said {N}',
        "{O} explained that {m}",
        "{N} understood: {m}",
    ]
)
_CLOSE = tuple(
    [
        "{N} smiled",
        "{O} laughed",
        "{N} nodded",
        "{O} smiled at {N}",
        "{N} looked at the {J} and smiled",
        "they talked about it all the way to {L}",
        "{N} told it to {his} {R} later",
        "{N} said it again at {L}",
        "{O} gave {N} the {J}",
        "{N}'s {R} heard it and laughed",
        "everybody agreed",
        "so they went on with their work",
        "then they walked to {L} together",
        "{N} wrote it in {his} notebook",
        "{O} liked that",
        "and {N} tried once more",
        "{N} never forgot it",
        "that made {O} think",
        "then it was time to go home",
        "{N} thanked {O}",
        "they both laughed about it",
        "{N} put the {J} on the table",
        "after that they had some tea",
        "",
        "",
        "",
        "",
    ]
)
_OUTSIDE = tuple(p for p in PLACES if p not in ("the kitchen", "the living room", "the classroom"))
_THINGS = [
    "map",
    "book",
    "lamp",
    "kite",
    "ball",
    "bag",
    "coat",
    "box",
    "clock",
    "cup",
    "basket",
    "rope",
    "hat",
    "torch",
    "blanket",
]
_INSTRUMENTS = ["piano", "violin", "guitar", "flute", "drums", "trumpet"]
_QUIZ = tuple(
    [
        '"How does the saying go on: {b} ...?" asked {O}.\n"{E}!" said {N}. "{S}."',
        '{N} asked, "How does it go on? {B} ..." "{E}," answered {O}. {S}',
        'Quiz: How does the saying go on? "{B} ..." The answer is "{e}". {S}',
        '"{B} ...," said the teacher.\n"... {e}!" called {N}.\n"Right, {s}."',
        'What is the last word of the saying "{S}"? It is "{e}"',
        '{O} began, "{B} ..." and {N} finished, "... {e}." {S}',
        '"What comes after \'{b}\'?" asked {N}. "{E}," said {O}. "{S}."',
        "In the game of sayings {N} had to finish this one: {b} {e}",
    ]
)
_ASK = tuple(
    [
        '"What does \'{s}\' mean?" asked {N}.\n"It means that {m}," said {O}.',
        'The saying "{S}" means that {m}.',
        'Do you know the saying "{s}"? It means that {m}.',
        '"Why do people say that {s}?" asked {N}.\n"Because {m}," answered {his} {R}.',
        "When we say that {s}, we mean that {m}.",
        '{N} heard somebody say, "{S}." {He} did not understand it. "It means that {m}," said {O}.',
    ]
)


# Sayings that are no clause (or a request), so that "knew that" does not go before them; meanings that are a request.
_NO_CLAUSE = tuple(["better safe", "better late", "do not", "look", "strike", "make hay", "let ", "live and", "treat", "never put", "no pain", "easy come", "out of sight", "like ", "waste not", "first come", "finders", "early to bed", "the more", "when in Rome", "two heads", "if at first"])  # fmt: skip
_REQUEST = ("think ", "follow ", "act ", "use ", "do ", "be ")
_THAT = (
    "thought that {s}",
    "learned that {s}",
    "true that {s}",
    "knew that {s}",
    "say that {s}",
    "you see, {s}",
    "why do people say",
)


def _saying(rng: random.Random) -> tuple[str, ...]:
    return pick(rng, _LESSON_SAYINGS if rng.random() < 0.27 else SAYINGS)


def _fields(rng: random.Random) -> dict[str, str]:
    p, q = people(rng)
    return {
        "N": p.name, "he": p.he, "him": p.him, "his": p.his, "He": p.He, "O": q.name, "a": "an",
        "L": pick(rng, _OUTSIDE), "T": pick(rng, TIMES), "R": pick(rng, RELATIVES), "J": pick(rng, _THINGS),
        "I": pick(rng, _INSTRUMENTS), "V": pick(rng, ("writes to", "visits", "helps", "calls")),
        "R2": pick(rng, ("Grandmother", "Grandfather", "the teacher", "Mother", "Father", "the old farmer", "the baker")),
    }  # fmt: skip


def _of(saying: tuple[str, ...]) -> dict[str, str]:
    beginning, end, meaning = saying
    whole = f"{beginning} {end}"
    if meaning.startswith(_REQUEST):
        meaning = "you should " + meaning.replace("do not ", "not ", 1)
    return {
        "s": whole, "S": cap(whole), "b": beginning, "B": cap(beginning), "e": end, "E": cap(end), "m": meaning,
    }  # fmt: skip


def _end(sentence: str) -> str:
    if sentence and not sentence.endswith((".", "!", "?", '."', '!"', '?"')):
        sentence = sentence[:-1] + '."' if sentence.endswith('"') and sentence.count('"') == 2 else sentence + "."
    return sentence


def _made(rng: random.Random, frames: tuple[str, ...], fields: dict[str, str]) -> str:
    frame = pick(rng, frames)
    while fields.get("s", "").startswith(_NO_CLAUSE) and any(that in frame.lower() for that in _THAT):
        frame = pick(rng, frames)
    return _end(frame.format(**fields))


def _phrase(rng: random.Random, fields: dict[str, str]) -> str:
    beginning, end, uses = pick(rng, _LESSON_PHRASES if rng.random() < 0.4 else _PHRASES)
    phrase = f"{beginning} {end}"
    use = pick(rng, uses).replace("{a}", "a")
    return _end(use.format(**fields, x=phrase, X=cap(phrase)))


def document(rng: random.Random) -> str:
    """Return one document about sayings or fixed phrases."""
    fields = _fields(rng)
    saying = _saying(rng)
    while not saying[2]:
        saying = _saying(rng)
    known = {**fields, **_of(saying)}
    opening = _made(rng, _OPEN, fields)
    closing = _made(rng, _CLOSE, fields)
    kind = rng.random()
    if kind < 0.34:
        meaning = _made(rng, _MEAN, known) if rng.random() < 0.4 else ""
        result = text(opening, _made(rng, _SAY, known), meaning, closing)
    elif kind < 0.62:
        parts = [_phrase(rng, fields) for _ in range(rng.choice((1, 1, 2)))]
        result = text(opening, *dict.fromkeys(parts), closing)
    elif kind < 0.74:
        result = text(opening, _end(pick(rng, _QUIZ).format(**known)), closing)
    elif kind < 0.84:
        result = text(pick(rng, (opening, "")), _made(rng, _ASK, known), closing)
    elif kind < 0.92:
        meant = _made(rng, _MEAN, known)
        other = _of(_saying(rng))["S"]
        result = text(f"{known['S']}.", meant, opening, other + "." if other != known["S"] else "", closing)
    else:
        several = list(dict.fromkeys(_of(_saying(rng))["S"] for _ in range(rng.choice((3, 4)))))
        lead = pick(rng, ("{N} wrote down some old sayings.", "Here are sayings that {N} learned at {L}.", "{N}'s {R} knows many sayings.", "These sayings hung on the wall of {L}.", "{O} and {N} collected sayings."))  # fmt: skip
        phrase = _phrase(rng, fields) if rng.random() < 0.3 else ""
        result = text(lead.format(**fields), *(f"{s}." for s in several), phrase, some(rng, (closing, opening), 1)[0])
    while len(result) < 60:
        result = text(result, _phrase(rng, fields))
    return text(opening, result) if is_bare_prompt(result) else result
