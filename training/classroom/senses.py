"""Words with two senses, each in clear contexts: bark, bank, bat, turkey, light, spring, ring, and others.

Also holds `fill`, the slot filler that some other topics use: `{slot}` takes a word, `(this|that)` a choice.
"""

import random
import re
from collections.abc import Mapping, Sequence

from training.classroom.engine import FEELINGS, PLACES, RELATIVES, TIMES, a, people, pick, some, text
from training.lesson_prompts import CONTRASTS

SHARE = 1.8

_SLOT = re.compile(r"\{(a:)?(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


def frames(lines: str) -> tuple[str, ...]:
    """One frame a line."""
    return tuple(line.strip() for line in lines.strip().splitlines())


def slots(rng: random.Random) -> dict[str, str | Sequence[str]]:
    """The slots every frame may use: two people with their pronouns, a place, a time, a relative, a feeling."""
    one, two = people(rng)
    return {
        "n": one.name, "he": one.he, "him": one.him, "his": one.his, "kind": one.kind,
        "He": one.He, "m": two.name, "mhe": two.he, "mhis": two.his, "mhim": two.him,
        "place": PLACES, "time": TIMES, "rel": RELATIVES, "feel": FEELINGS,
    }  # fmt: skip


def fill(rng: random.Random, frame: str, values: dict[str, str | Sequence[str]]) -> str:
    """The frame with its choices made and its slots filled; a slot keeps its word within one frame."""
    chosen: dict[str, str] = {}

    def slot(match: re.Match[str]) -> str:
        name = match[2]
        if name not in chosen:
            value = values[name]
            chosen[name] = value if isinstance(value, str) else pick(rng, value)
        return a(chosen[name]) if match[1] else chosen[name]

    while _CHOICE.search(frame):
        frame = _CHOICE.sub(lambda match: pick(rng, match[1].split("|")), frame)
    return _SLOT.sub(slot, frame)


OPENINGS = frames("""
{time}, {n} and {m} went to {place}.
{time}, {n} walked to {place} with {his} {rel}.
{n} was (on the way|walking|running|coming back) (to|from) {place}.
{n} and {his} {rel} were out together {time}.
{time}, something happened that {n} liked to talk about.
{n} was a {kind} who (looked|listened) very carefully.
It was a (cold|warm|quiet|windy|bright|grey|fine) (day|morning|afternoon|evening).
{n} (told|wrote to) {m} about the day.
(Listen to this.|This is a small story.|Let me tell you something.|Here is something I remember.|It happened like this.)
{n} felt {feel} {time}.
{time}, {n} met {m} near {place}.
{n} and {m} were good friends.
{n} had a free day, and so did {m}.
""")

CLOSINGS = frames("""
Then {n} went home for (tea|supper|lunch|dinner).
{n} smiled.
{n} told {his} {rel} about it.
"That is (nice|interesting|good to know|funny)," said {m}.
{n} and {m} (laughed|nodded|went on|walked home).
It was a (good|long|fine|happy) day.
{n} never forgot it.
After that they went back to {place}.
{n} felt {feel} about it.
"Shall we go home?" asked {m}.
""")

SHORTEST = 60  # characters of a document


def joined(rng: random.Random, values: dict[str, str | Sequence[str]], *sentences: str) -> str:
    """The sentences as one document, with a closing where it would be too short."""
    document = text(*sentences)
    while len(document) < SHORTEST:
        document = text(document, fill(rng, pick(rng, CLOSINGS), values))
    return document


WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bark": (
        frames("""
The dog's bark was (loud|so loud|sharp|deep|very loud|very deep|so sharp|so deep|very sharp).
The dog's bark was (loud|so loud|sharp|deep|very loud) that evening.
The dog's bark was so (loud|deep|sharp) that (everyone jumped|the cat ran away|the baby woke up|{n} covered {his} ears|the birds flew up).
The dog's bark was (loud|sharp|deep) and it (woke|frightened|surprised) (the whole street|the neighbours|{m}|the postman).
The dog's bark was very (loud|deep|sharp), but the dog was (friendly|kind|gentle|only small).
Then they heard the dog. The dog's bark was (loud|so loud|deep|sharp|very loud).
The (puppy|hound|big dog|little dog|old dog|guard dog|sheepdog|neighbour's dog)'s bark was (loud|so loud|sharp|deep|very loud|so deep|very sharp).
The (puppy|hound|terrier|farm dog|black dog|brown dog)'s bark was (loud|sharp|deep) and {n} (jumped|laughed|stood still).
The bark of the (dog|big dog|puppy|hound|guard dog) was (loud|so loud|sharp|deep|very loud) and they heard it from (far away|the next street|the other side of the field).
{n}'s dog had (a loud|a deep|a sharp|a very loud) bark.
The dog gave (a loud|a sharp|a deep|a happy|one short) bark and wagged its tail.
When the postman came, the dog began to bark (loudly|very loudly|at the door).
"Why does your dog bark so (loudly|much)?" asked {m}. "It (hears|sees) a (cat|stranger|bird)," said {n}.
With a loud bark the (dog|puppy|hound) ran after the ball.
All night they could hear the dog's bark. It was (loud|deep|sharp).
"""),
        frames("""
The tree's bark was (rough|brown|thick|dry|smooth).
The tree's bark was (rough|brown|thick|dry) and (old|hard|full of cracks|full of little insects).
The tree's bark was (rough|dry|thick|smooth|brown) under {n}'s hand.
The tree's bark was (rough|brown|thick|dry), and {a:insect} was walking (up|down) it.
The tree's bark was so (rough|thick|dry) that {n} (scratched {his} hand|could climb it easily|felt every crack).
They stopped at a tall tree. The tree's bark was (rough|brown|thick|dry|smooth).
The (old oak|pine tree|old tree|oak tree|tall tree|chestnut tree|apple tree)'s bark was (rough|brown|thick|dry|rough and brown|thick and dry).
The (birch|beech|young tree|young beech)'s bark was (smooth|thin|smooth and pale).
The bark of the (tree|oak|old oak|pine|pine tree|old tree) was (rough|brown|thick|dry|rough and brown) and {n} touched it.
The bark of the (birch|beech) was smooth and (white|grey|pale).
{n} picked up a piece of (brown|dry|rough) bark under the tree.
A squirrel ran up the (rough|brown|thick) bark of the (oak|pine|tree).
The bark is the skin of a tree. It is often (brown|rough|thick).
"Feel the bark of this tree," said {m}. "It is (rough|dry|smooth)."
Small beetles live under the (dry|thick|rough) bark of old trees.
"""),
    ),
    "bank": (
        frames("""
{He} put {his} money in the bank and the bank gave {him} (interest|some interest|a little book|a card|money for it|some money back|a receipt).
{He} put {his} money in the bank and the bank gave {him} (interest|interest|some interest|interest and a little book|money for it).
{n} put {his} money in the bank and the bank gave {him} (interest|some interest|a card|a receipt|a small present).
{n}'s {rel} put some money in the bank and the bank gave (interest|a receipt) for it.
{He} put {his} money in the bank and the bank gave {him} (interest|a bank card|some interest every year).
{n} saved {his} coins and took them to the bank.
The bank was closed on (Monday|Sunday), so {n} could not get any money.
A bank is a place where people keep their money.
At the bank {n} (opened an account|paid in ten pounds|changed some money|asked for some coins).
The man at the bank counted the money (twice|slowly|again).
"Where do you keep your money?" asked {m}. "In the bank," said {n}.
{n} had twenty pounds in the bank and wanted to save more.
The family asked the bank for money to buy a house, and the bank said (yes|no).
"""),
        frames("""
They sat on the bank of the (river|river|stream).
They sat on the bank of the river and (fished|watched the boats|ate their sandwiches|put their feet in the water|threw stones into the water).
They sat on the bank of the (river|stream) until the sun went down.
{n} and {m} sat on the bank of the (river|stream) and (fished|talked|looked at the water).
{n} was sitting on the bank of the (river|stream) with a fishing rod.
A (duck|frog|swan) was resting on the bank of the (river|stream).
They walked along the bank of the (river|stream) to the old bridge.
The boat stopped at the bank of the river and {n} climbed out.
On the bank of the (river|stream) grew (tall grass|yellow flowers|willow trees).
The river rose after the rain and the water came over the bank.
The river bank was (muddy|wet|steep), so {n} walked slowly.
{n} swam to the other bank of the river.
"""),
    ),
    "bat": (
        frames("""
{He} hit the ball with {his} bat.
{He} hit the ball with {his} bat and (ran|it flew over the fence|everyone cheered|started to run|scored six runs).
{He} hit the ball with {his} (bat|bat|new bat) and (ran|everyone cheered).
{n} hit the ball with {his} (bat|new bat|wooden bat|cricket bat|bat and ran).
{n} hit the ball (hard|far|high) with {his} bat.
{n} got a cricket bat for {his} birthday.
To play cricket you need a bat and a ball.
{n} held the bat with both hands and waited for the ball.
{m} threw the ball and {n} swung the bat.
The cricket bat is made of wood.
"May I borrow your bat?" asked {m}. "I want to play (cricket|baseball)."
{n} carried the bat and {m} carried the ball.
"""),
        frames("""
In the dark cave the little bat spread its wings.
In the dark cave the little bat spread its wings and (flew away|flew out|flew into the night|woke up).
In the (dark|cold|old|deep) cave the (little|small|brown|young) bat (spread|opened|folded|moved) its wings.
The (little|small|brown|hungry|young) bat spread its wings and flew (away|out of the cave|into the night|over the trees).
In the dark (barn|tower|attic|tunnel) a little bat spread its wings.
At night the bat flew out of the cave to catch (insects|moths|flies).
A bat sleeps upside down and flies at night.
The bats in the cave hung upside down with their wings folded.
A bat has wings, but it is not a bird.
"Look, a bat is flying over the (house|garden|pond)," said {n} in the evening.
The little bat had thin, dark wings and big ears.
When it was dark, the bats left the (cave|tower|barn) and flew around.
"""),
    ),
    "turkey": (
        frames("""
On the plate lay a slice of roast (turkey|turkey|chicken|beef).
On the plate lay a slice of roast turkey with (potatoes|peas|carrots|gravy|bread).
On the (table|big plate|blue plate|white plate|dish) lay (a slice|two slices|a big piece) of roast (turkey|turkey|turkey|chicken|beef).
{n} ate (a slice|another slice|a big piece) of roast (turkey|turkey|turkey|beef) with potatoes.
For Christmas dinner they had roast turkey and (potatoes|vegetables|carrots).
{n}'s {rel} put the turkey in the oven and waited.
"Would you like a slice of roast turkey?" asked {m}. "Yes, please," said {n}.
The turkey was in the oven all (morning|afternoon) and smelled good.
On the farm a fat turkey walked about with the hens.
A turkey is a big bird that lives on the farm.
{n} made a sandwich with cold turkey and (cheese|lettuce|tomato).
"""),
        frames("""
Ankara is the capital of Turkey.
Ankara is the capital of Turkey, and Istanbul is its biggest city.
Ankara is the capital of Turkey, (said the teacher|as everyone there knows|and many people live there).
"Ankara is the capital of Turkey," said {n}.
The capital of Turkey is Ankara.
{n} flew to Turkey (in summer|with {his} family|for the holidays|to see Ankara).
In Turkey people speak Turkish and drink (tea|a lot of tea).
Istanbul is a very big city in Turkey.
{m}'s family comes from Turkey and speaks Turkish.
Turkey is a country with (mountains|long beaches|old cities).
"What is the capital of Turkey?" asked {m}. "It is Ankara," said {n}.
The train went from Istanbul to Ankara, the capital of Turkey.
"""),
    ),
    "light": (
        frames("""
{n} turned (on|off) the light in the (bedroom|kitchen|hall) and (sat down|went to sleep|looked around).
The light of the (lamp|moon|sun|candle) was (bright|soft|yellow|warm).
There was no light in the cellar, so it was dark.
"Please turn on the light," said {m}. "It is dark here."
The red light means stop and the green light means go.
A bright light shone through the window.
"""),
        frames("""
The feather was so light that {n} could blow it away.
{n}'s bag was light, because it was empty.
The box was light, not heavy, and {n} lifted it with one hand.
"Is the basket heavy?" asked {m}. "No, it is very light," said {n}.
A stone is heavy and a leaf is light.
The empty bucket was light to carry.
"""),
    ),
    "spring": (
        frames("""
In spring the (flowers grow|trees turn green|birds build their nests|days get warmer).
After winter comes spring, and after spring comes summer.
In spring {n} planted (beans|peas|sunflowers) in the garden.
Spring is the season between winter and summer.
{n} was glad when spring came and the snow was gone.
March, April and May are the months of spring.
"""),
        frames("""
The spring in the old (clock|bed|chair|toy) was broken.
{n} pressed the metal spring and it jumped up.
A metal spring makes the toy frog jump.
{n} found a small steel spring inside the pen.
The mattress had a loose spring that went squeak.
The spring was pushed down and then it bounced back.
"""),
    ),
    "ring": (
        frames("""
{n}'s {rel} wore a (gold|silver) ring on one finger.
The ring was made of (gold|silver) and had a (red|blue|green) stone.
{n} lost a ring in {place} and {m} found it.
"What a pretty ring," said {m}, and looked at {n}'s finger.
The king gave the queen a golden ring.
{n} put the ring on {his} finger.
"""),
        frames("""
The telephone began to ring, and {n} answered it.
The bells ring every (hour|Sunday|morning).
"Did the doorbell ring?" asked {m}. {n} went to open the door.
When the school bells ring, the children go (home|inside).
{n} heard the telephone ring in the hall.
Please ring the bell and wait at the door.
"""),
    ),
    "wave": (
        frames("""
A big wave (rolled onto the beach|hit the boat|splashed {n}|came in from the sea).
The wave was so high that {n} got wet.
The little boat went up and down on each wave of the sea.
{n} jumped over a wave and the salty water splashed.
A wave washed the sandcastle away.
The surfer stood on {his} board and rode the wave to the beach.
"""),
        frames("""
{n} gave {m} a friendly wave of the hand.
"Wave goodbye to your {rel}," said {m}, and {n} lifted {his} hand.
With a wave of {his} hand {n} said goodbye.
{n} stood at the window to wave to {m}.
They wave their hands when the train leaves.
A quick wave, a smile, and {n} was gone.
"""),
    ),
}

MORE_WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "match": (
        frames("""
{n}'s team won the (football|tennis|hockey) match by (two goals|one point|a lot).
The match began at three o'clock and the (crowd|fans) cheered.
After the match the players shook hands.
"Who won the match?" asked {m}. "We did," said {n}, "we scored three goals."
It rained during the match, but both teams played on.
"""),
        frames("""
{n}'s {rel} lit the candle with a match.
The match burned with a small flame and then went out.
There was only one match left in the box to light the fire.
Never play with a match, because it can start a fire.
{n}'s {rel} struck a match and the lamp was lit.
"""),
    ),
    "rock": (
        frames("""
{n} sat on a big (grey|flat|hard) rock by the sea.
The rock was so heavy that nobody could lift it.
A lizard lay on the warm rock in the sun.
{n} climbed over the rock and slipped on the wet stone.
Behind the rock there was a small (crab|cave|pool).
"""),
        frames("""
The band played loud rock music with (drums and guitars|electric guitars).
{n} likes rock music and plays the drums.
"Do you like rock?" asked {m}. "Yes, I love the guitars and the drums," said {n}.
The rock band sang (three|four|five) songs and people danced.
At the rock concert everybody sang along.
"""),
    ),
    "seal": (
        frames("""
The seal swam in the cold sea and caught (a fish|three fish).
A grey seal was lying on the ice with its baby.
The seal at the zoo ate (a fish|fish) and clapped its flippers.
A seal is an animal that lives in the sea.
{n} saw a seal put its wet head out of the water.
"""),
        frames("""
The king closed the letter with a red wax seal.
{n} broke the seal and opened the (letter|envelope|jar).
The seal on the old envelope was made of wax.
Do not open the bottle if the seal is broken.
The queen pressed her seal into the warm wax.
"""),
    ),
    "crane": (
        frames("""
The crane lifted (heavy stones|the steel beams|a big box|bricks) to the top of the building.
A tall yellow crane stood at the building site.
The man in the crane moved the heavy load slowly.
The workers used a crane to build the (bridge|tower|house).
In the harbour a crane took the boxes off the ship.
"""),
        frames("""
The crane stood on one long leg in the water.
A white crane flew over the lake with its long neck stretched out.
The crane is a bird with long legs and a long beak.
The crane built its nest in the wet grass and laid two eggs.
A crane caught a (frog|fish) with its beak and flew away.
"""),
    ),
    "nail": (
        frames("""
{n} hit the nail with a hammer.
{n}'s {rel} needed a hammer and a nail to hang up the picture.
The nail was bent, so {n} pulled it out of the wood.
A rusty nail was sticking out of the board.
With one hit of the hammer the nail went into the wall.
"""),
        frames("""
{n} cut the nail on {his} (thumb|finger|toe) with small scissors.
{n}'s (mother|aunt|grandmother) painted each nail on her hand red.
The nail on {n}'s little finger was too long.
There was dirt under every nail, so {n} washed {his} hands.
"Do not bite that nail," said {m}, and looked at {n}'s finger.
"""),
    ),
    "palm": (
        frames("""
On the sunny island a tall palm grew near the beach.
The monkey climbed the palm to get a coconut.
They sat in the shade of a palm and drank coconut milk.
A palm is a tree that grows in warm countries.
The leaves of the palm moved in the warm wind.
"""),
        frames("""
{n} held the little (coin|bird|ladybird|seed) in the palm of {his} hand.
The palm of {n}'s hand was (dirty|wet|warm|red).
{n} opened {his} hand, and in {his} palm lay a coin.
Each hand has five fingers and a palm.
{m} wrote the number on the palm of {mhis} hand.
"""),
    ),
    "letter": (
        frames("""
{n} wrote a letter to {his} {rel} and put a stamp on it.
The postman brought a letter for {n}.
{n} opened the envelope and read the letter (twice|aloud|slowly).
"Dear {m}," the letter began, "how are you?"
{n} posted the letter on the way to {place}.
"""),
        frames("""
The first letter of the alphabet is A.
B is the letter after A and before C.
The word cat begins with the letter C.
"Which letter does your name start with?" asked the teacher.
The alphabet has twenty-six letters, and the last letter is Z.
"""),
    ),
    "park": (
        frames("""
The children played on the swings in the park.
There are trees, benches and a pond in the park.
{n} walked the dog in the park and fed the ducks.
On Sunday many families have a picnic in the park.
The park is full of green grass and old trees.
"""),
        frames("""
{n}'s {rel} could not find a place to park the car.
You must not park your car in front of the gate.
"Where can I park?" asked the driver. "Behind the shop," said the woman.
It is hard to park a big van in a small street.
The bus driver had to park the bus next to the school.
"""),
    ),
    "fly": (
        frames("""
A fly sat on the (window|bread|cake|table) and {n} chased it away.
The spider caught a fly in its web.
There was a fly in {n}'s soup.
The fly is a small insect with two wings.
A fly buzzed around the room all afternoon.
"""),
        frames("""
Birds fly with their wings.
{n} wants to fly to (Spain|Italy|Greece) in a big plane.
Penguins are birds, but they cannot fly.
The kite began to fly high above the trees.
"Can you fly a kite?" asked {m}.
"""),
    ),
    "watch": (
        frames("""
{n} looked at {his} watch and saw that it was (late|three o'clock|time to go).
The watch on {n}'s arm said tick tock.
{n} got a new watch and can tell the time.
"What time is it?" asked {m}. {n} looked at the watch. "It is four o'clock."
The old watch had stopped at ten o'clock.
"""),
        frames("""
{n} likes to watch (the birds|the boats|television|the clouds|football).
They sat down to watch a film together.
"Come and watch the (ducks|trains|match)," said {m}.
{n} had to watch the baby and did not look away.
From the window you can watch people in the street.
"""),
    ),
    "mouse": (
        frames("""
The mouse ran into its hole with a piece of cheese.
The cat chased the little grey mouse.
A mouse is a small animal with a long tail.
In the barn a mouse ate the corn.
The mouse said squeak and hid under the floor.
"""),
        frames("""
{n} clicked on the picture with the computer mouse.
The computer has a screen, a keyboard and a mouse.
{n} moved the mouse and the arrow on the screen moved too.
"Click with the left button of the mouse," said the teacher.
The mouse did not work, so {n} could not use the computer.
"""),
    ),
    "orange": (
        frames("""
{n} peeled an orange and ate it.
The orange was sweet and full of juice.
{n}'s {rel} made juice from (three|four|six) oranges, and one orange was left.
An orange is a round fruit.
"Would you like an orange or an apple?" asked {m}.
"""),
        frames("""
If you mix red and yellow, you get orange.
{n} painted the (boat|door|fish|sun) orange.
The carrot is orange and the leaf is green.
{n} wore an orange (coat|hat|jumper) that everyone could see.
The evening sky was orange and pink.
"""),
    ),
}

MEANINGS = {
    "bark": ("the sound of a dog", "the skin of a tree"),
    "bank": ("a place for money", "the side of a river"),
    "bat": ("a thing to hit a ball with", "a small animal with wings that flies at night"),
    "turkey": ("a bird that people roast and eat", "a country, written with a big letter"),
    "light": ("something that shines", "the opposite of heavy"),
    "spring": ("the season after winter", "a piece of metal that jumps back"),
    "ring": ("a thing to wear on a finger", "the sound of a bell"),
    "wave": ("moving water in the sea", "a hello or goodbye with the hand"),
    "match": ("a game between two teams", "a little stick that makes fire"),
    "rock": ("a big stone", "a kind of loud music"),
    "seal": ("an animal of the sea", "the wax that closes a letter"),
    "crane": ("a machine that lifts heavy things", "a bird with long legs"),
    "nail": ("a thin piece of metal for wood", "the hard end of a finger"),
    "palm": ("a tree in a warm country", "the inside of a hand"),
    "letter": ("a message in an envelope", "a part of the alphabet"),
    "park": ("a big green place with trees", "what a driver does with a car"),
    "fly": ("a small insect", "to move through the air"),
    "watch": ("a small clock on the arm", "to look at something for some time"),
    "mouse": ("a small animal with a tail", "a part of a computer"),
    "orange": ("a round fruit", "a colour between red and yellow"),
}
EXPLANATIONS = frames("""
The word {w} has two meanings. It can be {first}, and it can be {second}.
"What does {w} mean?" asked {m}. "It can be {first} or {second}," said {n}.
One word, two things: {w} can mean {first} or {second}.
{n} learned that the word {w} can mean {first}, but also {second}.
In one sentence {w} means {first}, in another it means {second}.
""")
NAMING = frames("""
{time}, {n} went to {place}.
{n} had a plan {time}.
{n} felt {feel}.
{n} came from {place} with {his} {rel}.
This is a story about {n}, a {feel} {kind}.
It was {n}'s turn.
{n} was ready {time}.
Everyone looked at {n}.
{n} is a {kind} from the village.
""")
HELD_OUT = tuple(prompt.lower() for contrast in CONTRASTS for prompt in contrast.prompts)
INSECTS = tuple(["ant", "beetle", "ladybird", "spider", "caterpillar", "snail"])


def document(rng: random.Random) -> str:
    """One or two senses of a word, in a small story or an explanation."""
    weighty = rng.random() < 0.62
    word = rng.choices(("bark", "bank", "bat", "turkey"), (5, 3, 3, 3))[0] if weighty else pick(rng, list(MEANINGS))
    senses = WORDS.get(word) or MORE_WORDS[word]
    values = slots(rng)
    while word in ("bank", "bat") and values["kind"] == "girl" and rng.random() < 0.4:
        values = slots(rng)
    values["insect"] = INSECTS
    way = rng.random()
    if way < 0.12:
        first, second = MEANINGS[word] if rng.random() < 0.5 else MEANINGS[word][::-1]
        explanation = fill(rng, pick(rng, EXPLANATIONS), values | {"w": word, "first": first, "second": second})
        sentences = [explanation, *(fill(rng, pick(rng, sense), values) for sense in senses)]
    elif way < 0.3:
        order = senses if rng.random() < 0.5 else senses[::-1]
        link = pick(rng, ("", "", "But that was not all.", "Later came something else.", "The next day was different."))
        sentences = [fill(rng, pick(rng, order[0]), values), link, fill(rng, pick(rng, order[1]), values)]
    else:
        sense = pick(rng, senses)
        chosen = {
            frame[:16]: frame for frame in some(rng, sense, rng.choice((1, 1, 2, 2, 3)))
        }  # not twice the same start
        sentences = [fill(rng, frame, values) for frame in chosen.values()]
    starts_held_out = sentences[0].lower().startswith(HELD_OUT)
    if sentences[0].startswith(("He ", "She ")):  # the pronoun needs a name before it
        sentences.insert(0, fill(rng, pick(rng, NAMING), values))
    elif starts_held_out or rng.random() < 0.6 or len(sentences) == 1:
        sentences.insert(0, fill(rng, pick(rng, OPENINGS), values))
    if rng.random() < 0.55:
        sentences.append(fill(rng, pick(rng, CLOSINGS), values))
    return joined(rng, values, *sentences)
