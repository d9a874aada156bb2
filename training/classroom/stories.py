"""Little stories: a hero, a problem, what was done about it, and how it ended."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.classroom.engine import BOYS, GIRLS, Person, a, cap, pick, text

SHARE = 3.0

ANIMALS = tuple(
    [
        "rabbit",
        "mouse",
        "fox",
        "bear",
        "cat",
        "dog",
        "duck",
        "squirrel",
        "hedgehog",
        "owl",
        "frog",
        "pig",
        "goat",
        "lamb",
        "kitten",
        "puppy",
        "turtle",
        "bird",
    ]
)
TRAITS = tuple(
    [
        "kind",
        "brave",
        "shy",
        "clever",
        "curious",
        "cheerful",
        "quiet",
        "lonely",
        "gentle",
        "busy",
        "friendly",
        "proud",
        "funny",
        "careful",
        "young",
    ]
)
LANDS = tuple(
    [
        "in a small village by the sea",
        "in a green valley",
        "near a big forest",
        "in a house on a hill",
        "at the edge of a dark forest",
        "on a small farm",
        "in a little town by a river",
        "in a country far away",
        "on an island in the blue sea",
        "in a red house by the lake",
        "in a quiet street",
        "behind the high mountains",
        "in an old mill by the stream",
        "in a cottage with a blue door",
        "near an old bridge",
    ]
)
HELPERS = tuple(
    [
        "grandmother",
        "grandfather",
        "mother",
        "father",
        "aunt",
        "uncle",
        "teacher",
        "neighbour",
        "brother",
        "sister",
        "cousin",
    ]
)
THINGS = tuple(
    [
        "red ball",
        "blue kite",
        "toy boat",
        "little drum",
        "yellow hat",
        "green scarf",
        "silver ring",
        "golden key",
        "picture book",
        "teddy bear",
        "wooden horse",
        "small bell",
        "warm coat",
        "new pencil",
        "music box",
        "red balloon",
        "old map",
        "toy train",
        "straw basket",
        "paper boat",
    ]
)
FOODS = tuple(
    [
        "bread",
        "apples",
        "cheese",
        "soup",
        "cake",
        "biscuits",
        "pancakes",
        "berries",
        "honey",
        "warm milk",
        "pears",
        "carrots",
        "nuts",
        "apple pie",
        "porridge",
    ]
)


@dataclass(frozen=True)
class Cast:
    """Who and what is in the story: the hero, a friend, and the dice."""

    rng: random.Random
    hero: Person
    friend: Person
    being: str  # girl, boy, rabbit, ...
    pal: str

    def o(self, options: str) -> str:
        """One of several wordings, separated by bars."""
        return pick(self.rng, options.split("|"))

    def pal_a(self) -> str:
        """The friend at first sight: a kind girl, an old owl."""
        old = "" if self.pal in ("boy", "girl") else "|old"
        return a(f"{self.o('little|kind|young|friendly|poor|small' + old)} {self.pal}")

    def pal_an(self) -> str:
        """The same at the start of a sentence."""
        return cap(self.pal_a())


def _being(rng: random.Random, taken: str = "", animal: bool = False) -> tuple[Person, str]:
    female = rng.random() < 0.5
    name = pick(rng, [n for n in (GIRLS if female else BOYS) if n != taken])
    who = Person(name, "she", "her", "her", "girl") if female else Person(name, "he", "him", "his", "boy")
    return who, pick(rng, ANIMALS) if animal else who.kind


def _opening(c: Cast) -> str:
    h, size = c.hero, c.o("little|small|little|young")
    trait, land = pick(c.rng, TRAITS), pick(c.rng, LANDS)
    who = f"{size} {c.being}"
    return c.o(
        f"Once upon a time there was a {who} named {h.name}. {h.He} lived {land}.|"
        f"Once upon a time there was a {who} called {h.name}, who lived {land}.|"
        f"Once upon a time, {land}, there lived a {who} named {h.name}.|"
        f"Once upon a time there was a {who}. {h.His} name was {h.name}, and {h.he} lived {land}.|"
        f"There was once a {who} named {h.name}. {h.He} was very {trait}.|"
        f"There was once {a(trait)} {c.being} called {h.name}, who lived {land}.|"
        f"{cap(land)} there lived {a(trait)} {c.being} named {h.name}.|"
        f"Long ago there lived a {who} called {h.name}. Everyone said that {h.he} was {trait}.|"
        f"Long ago, {land}, there was {a(trait)} {c.being} whose name was {h.name}.|"
        f"In a small village there lived a {who} named {h.name}. {h.He} was {trait} and kind to everyone.|"
        f"{h.name} was {a(trait)} {c.being}. {h.He} lived {land}.|"
        f"{h.name} was a {who} who lived {land} with {h.his} family."
    )


def _turn(c: Cast) -> str:
    return c.o(
        "One day|One morning|One sunny day|One day in spring|One warm evening|One cold morning|One summer day|One afternoon|"
        "One rainy day|On a windy day|Early one morning|Late one afternoon|One day in autumn"
    )


def _closing(c: Cast) -> str:
    h, f = c.hero, c.friend
    return c.o(
        f"From that day on, {h.name} and {f.name} were best friends.|And they all lived happily ever after.|"
        f"{h.name} never forgot that day.|That night {h.name} slept very well.|It was the best day of {h.his} life.|"
        f"{h.name} went home with a smile on {h.his} face.|After that, {h.he} was never lonely again.|And that was the end of a very good day.|"
        f"{h.name} told the story to everyone in the village.|{h.He} was very happy, and so was {f.name}.|"
        f"Then they went home, because it was time for bed.|And {h.name} was very proud.|They laughed and laughed until the sun went down."
    )


def _lost(c: Cast) -> list[str]:
    h, f, thing = c.hero, c.friend, pick(c.rng, THINGS)
    place = c.o(
        "under the bed|behind the door|in the tall grass|under an old tree|in the garden|behind a big stone|near the well|under a bush"
    )
    return [
        f"{h.name} had {a(thing)} that {h.he} loved very much.",
        f"{_turn(c)} {h.he} could not find it. {c.o('It was not in the house, and it was not in the garden.|' + h.He + ' looked everywhere, but it was gone.|' + h.He + ' looked under the table and behind the chairs.')}",
        c.o(
            f'{h.name} was so sad that {h.he} began to cry.|"Where can it be?" {h.he} asked.|"Oh no, I have lost it!" said {h.name}.'
        ),
        c.o(
            f'{h.His} friend {f.name} heard {h.him} and came to help.|"Do not be sad," said {h.his} friend {f.name}. "I will help you."|Then {h.he} met {c.pal_a()} named {f.name}, who wanted to help {h.him}.'
        ),
        c.o(
            f"They looked and looked, and at last {f.name} found it {place}.|Together they looked everywhere, and in the end they found it {place}.|After a long time, {f.name} saw something {place}. It was the {thing}!"
        ),
        c.o(
            f'"Thank you, {f.name}!" said {h.name}, and {h.he} gave {f.him} a big hug.|{h.name} jumped for joy and thanked {f.name} again and again.|"Thank you so much," said {h.name}. "You are a good friend."'
        ),
    ]


def _forest(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    find = c.o("berries|mushrooms|flowers|wood|nuts")
    return [
        f"{_turn(c)} {h.he} went into the forest to look for {find}.",
        c.o(
            f"{h.He} walked and walked until {h.he} did not know the way home.|{h.He} went deeper and deeper into the forest, and soon {h.he} was lost.|The trees were tall, and soon {h.name} could not find the path."
        ),
        c.o(
            f"It grew dark, and {h.name} was afraid.|The sun went down, and the forest was dark and cold.|It was not day, it was night, and only the moon was shining.|The wind blew in the trees, and {h.he} felt very small."
        ),
        f"Then {h.he} saw {c.o('a little light|a small house|a fire|a lamp')} between the trees. {c.pal_an()} named {f.name} lived there.",
        c.o(
            f'"Come in and sit by the fire," said {f.name}.|"Are you lost?" asked {f.name}. "Do not worry, I know the way."|"You must be hungry," said {f.name}, and gave {h.him} some {pick(c.rng, FOODS)}.'
        ),
        c.o(
            f"In the morning {f.name} showed {h.him} the way home.|Then {f.name} took {h.his} hand and led {h.him} back to the path.|When the sun rose in the east, they walked home together."
        ),
        c.o(
            f"{h.His} mother and father were so glad to see {h.him}.|{h.His} {pick(c.rng, HELPERS)} was waiting at the door.|Everyone at home was very happy."
        ),
    ]


def _rescue(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    hole = c.o("into a deep hole|into the river|into an old well|into a muddy pond")
    tool = c.o("a long stick|a strong rope|a ladder|a branch of a tree")
    return [
        f"{_turn(c)} {h.name} {c.o('was walking along the path|was playing near the river bank|was on the way home|was looking for something to eat')} when {h.he} heard a cry.",
        c.o('"Help! Help!" cried a voice.|"Please help me!" someone called.|It was a sad little voice.'),
        f"{c.pal_an()} named {f.name} had fallen {hole} and could not get out.",
        c.o(
            f'"Do not be afraid," said {h.name}. "I will help you."|{h.name} was small, but {h.he} was not afraid.|{h.name} thought hard. Then {h.he} had an idea.'
        ),
        f"{h.He} ran to get {tool} and held it out to {f.name}.",
        c.o(
            f"{f.name} held on to it, and {h.name} pulled with all {h.his} strength.|{h.name} pulled and pulled until {f.name} was safe.|Slowly, {f.name} climbed out."
        ),
        c.o(
            f'"You saved me!" said {f.name}. "How can I thank you?"|"Thank you," said {f.name}. "You are very brave."|{f.name} was wet and cold, but very happy.'
        ),
        c.o(
            f'"Let us be friends," said {h.name}.|{h.name} took {f.him} home and gave {f.him} some {pick(c.rng, FOODS)}.|Then they sat in the sun until {f.he} was dry.'
        ),
    ]


def _share(c: Cast) -> list[str]:
    h, f, food = c.hero, c.friend, pick(c.rng, FOODS)
    return [
        f"{_turn(c)} {h.name} had a basket full of {food}."
        if food not in ("soup", "warm milk", "porridge", "honey", "apple pie")
        else f"{_turn(c)} {h.name} had {'a big plate' if food == 'apple pie' else 'a big pot'} of {food}.",
        c.o(
            f'"This is all for me," {h.he} said.|{h.He} wanted to eat it all alone.|{h.He} sat down under a tree to eat.'
        ),
        f"Then {c.pal_a()} named {f.name} came along the road. {f.He} was {c.o('very hungry|cold and hungry|tired and hungry')}.",
        c.o(
            f'"Please, may I have a little?" asked {f.name}.|"I have not eaten all day," said {f.name}.|{f.name} looked at the food and said nothing.'
        ),
        c.o(
            f'At first {h.name} did not want to share. But then {h.he} saw how sad {f.name} was.|{h.name} thought for a moment.|{h.name} remembered what {h.his} {pick(c.rng, HELPERS)} always said: "It is good to share."'
        ),
        c.o(
            f'"Come and sit with me," said {h.name}. "There is enough for two."|So {h.he} gave half of it to {f.name}.|"Here you are," said {h.name}, and they ate together.'
        ),
        c.o(
            f"The food tasted much better with a friend.|The next day, {f.name} came back with a gift for {h.him}.|They ate and talked and laughed all afternoon."
        ),
    ]


def _learn(c: Cast) -> list[str]:
    h = c.hero
    skill, wrong, right = pick(
        c.rng,
        (
            ("ride a bike", "fell off", "rode all the way down the street"),
            ("swim", "went under the water", "swam across the lake"),
            ("play the drum", "made a terrible noise", "played a lovely song"),
            ("bake bread", "burned it", "baked the best bread in the village"),
            ("climb the old tree", "slipped down", "sat at the very top"),
            ("sing", "forgot the words", "sang for the whole village"),
            ("draw a horse", "drew something like a potato", "drew a beautiful horse"),
            ("fly a kite", "dropped the string", "saw the kite high in the sky"),
            ("write a letter", "made many mistakes", "wrote a long letter to a friend"),
            ("catch a ball", "dropped it", "caught every ball"),
        ),
    )
    rel = pick(c.rng, HELPERS)
    return [
        f"More than anything, {h.name} wanted to {skill}.",
        f"{_turn(c)} {h.he} tried for the first time, but {h.he} {wrong}.",
        c.o(
            f'"I will never learn it," {h.he} said sadly.|The others laughed, and {h.name} went home in tears.|{h.name} was so angry that {h.he} wanted to give up.'
        ),
        c.o(
            f'"Practice makes perfect," said {h.his} {rel}.|{h.His} {rel} smiled and said, "Practice makes perfect. Try again tomorrow."|"Do not give up," said {h.his} {rel}. "Nobody can do it the first time."'
        ),
        c.o(
            f"So {h.name} tried again the next day, and the day after that.|So {h.he} tried every day, in the sun and in the rain.|{h.name} tried once more, and then once more."
        ),
        c.o(
            "It was hard work, but slowly it became easier.|Each day it went a little better.|A week went by, and then another week."
        ),
        f"At last {h.he} did it. {h.He} {right}!",
        c.o(
            '"Well done!" everyone shouted.|"I knew you could do it," said ' + h.his + f" {rel}.|Now everyone clapped."
        ),
    ]


def _storm(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    return [
        f"{_turn(c)} dark clouds came over the hills, and {c.o('it began to rain|a storm began|the wind grew strong')}.",
        c.o("There was thunder and lightning.|The rain fell harder and harder.|The wind pulled at the trees."),
        f"{h.name} ran home as fast as {h.he} could and shut the door.",
        c.o(
            "Soon there was a knock.|Then someone knocked at the door.|After a while, something scratched at the door."
        ),
        f"It was {c.pal_a()} named {f.name}, all wet and cold. {c.o('The storm had blown away ' + f.his + ' roof.|Water had come into ' + f.his + ' home.|' + f.He + ' was afraid of the thunder.')}",
        c.o(
            f'"Come in quickly," said {h.name}.|"You can stay with me," said {h.name}.|{h.name} let {f.him} in at once.'
        ),
        f"{h.He} made {c.o('some hot soup|a cup of tea|some warm milk')} and {c.o('gave ' + f.him + ' a dry blanket|lit a fire|found some dry clothes')}.",
        c.o(
            "In the morning the sky was blue, and a rainbow stood over the fields.|When the rain stopped, the sun came out again.|After the storm, the grass was green and the air was fresh."
        ),
    ]


def _garden(c: Cast) -> list[str]:
    h = c.hero
    seed, grown = pick(
        c.rng,
        (
            ("a small seed", "a tall sunflower"),
            ("an apple seed", "an apple tree"),
            ("a brown bean", "a green plant that climbed up the wall"),
            ("a tiny seed", "a big orange pumpkin"),
            ("a strange seed", "a flower as blue as the sky"),
        ),
    )
    rel = pick(c.rng, HELPERS)
    return [
        f"{_turn(c)} {h.his} {rel} gave {h.him} {seed}.",
        c.o(
            f'"What can I do with this?" asked {h.name}.|"It is so small," said {h.name}.|{h.name} held it carefully in {h.his} hand.'
        ),
        f"{h.He} put it in the ground, and every day {h.he} gave it some water.",
        c.o(
            "For a long time nothing happened.|One week went by, but nothing grew.|Day after day, there was only brown earth."
        ),
        c.o(
            f'"You must wait," said {h.his} {rel}. "Good things take time."|But {h.name} did not give up.|{h.name} was sad, but {h.he} went on giving it water.'
        ),
        c.o(
            "Then, one morning, something green came out of the ground.|Then, after the rain, there was a little green leaf.|At last two small leaves looked up at the sun."
        ),
        f"It grew and grew until it was {grown}.",
        c.o(f"All the neighbours came to see it.|{h.name} danced around it.|The birds and the bees came to visit it."),
    ]


def _quarrel(c: Cast) -> list[str]:
    h, f, thing = c.hero, c.friend, pick(c.rng, [t for t in THINGS if t[0] not in "aeiou"])
    return [
        f"{h.His} best friend was {c.pal_a()} named {f.name}.",
        f"{_turn(c)} they found a {thing} {c.o('on the road|by the river|in the park|under a tree|near the school')}.",
        f'"It is mine," said {h.name}. "No, it is mine," said {f.name}.',
        c.o(
            f"They pulled and pulled until it broke.|They shouted so loudly that the birds flew away.|{f.name} was angry and went home."
        ),
        c.o(
            f"Now {h.name} was all alone, and it was no fun to play.|{h.name} sat down and was very sad.|That night {h.name} could not sleep."
        ),
        f'In the morning {h.he} went to {f.name} and said, "I am sorry."',
        c.o(
            f'"I am sorry, too," said {f.name}.|{f.name} smiled and said, "Let us share it."|"We can take turns," said {f.name}. "Today you, tomorrow me."'
        ),
        c.o(
            "So they played together again.|Soon they were laughing and playing again.|A good friend was worth more than a thing."
        ),
    ]


def _boast(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    return [
        f"{h.name} could run very fast and was very proud of it.",
        f'{_turn(c)} {h.he} laughed at {c.pal_a()} named {f.name}. "You are so slow!" {h.he} said.',
        c.o(
            f'"Let us have a race," said {f.name}.|{f.name} was not angry. "Shall we race to the old tree?" {f.he} asked.'
        ),
        c.o(
            "Everyone in the village came to watch.|All their friends came to see the race.|The owl counted: one, two, three, go!"
        ),
        c.o(f"{h.name} ran so fast that soon {f.name} was far behind.|At first {h.name} was far in front."),
        c.o(
            f'"I have a lot of time," thought {h.name}, and {h.he} lay down to sleep.|{h.name} stopped to eat some {pick(c.rng, FOODS)}.|Then {h.he} stopped to play by the stream.'
        ),
        c.o(f"But {f.name} went on, step by step, and never stopped.|But {f.name} walked and walked."),
        f"When {h.name} looked up, it was too late. {f.name} had won the race!",
        c.o(
            f'"Slow and steady wins the race," said {f.name}.|"I was wrong," said {h.name}. "You did very well."|{h.name} learned not to laugh at others.'
        ),
    ]


def _birthday(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    return [
        f"{c.o('It was|Today was|Now it was')} {h.name}'s birthday, but nobody said a word about it.",
        c.o(f'"Have they all forgotten?" {h.he} thought.|{h.name} felt very sad.|{h.name} waited and waited.'),
        f"{h.He} went to see {f.name}, but {f.name} was {c.o('not at home|too busy to play|in a hurry')}.",
        f"{h.He} went to see {h.his} {pick(c.rng, HELPERS)}, but there was nobody there.",
        f"So {h.name} {c.o('walked home slowly|sat alone by the river|went for a walk')} until it was evening.",
        f"When {h.he} opened the door, the house was dark. Then all the lights went on.",
        c.o(
            '"Surprise!" they all shouted.|"Happy birthday!" cried '
            + f.name
            + " and all the others.|There stood all "
            + h.his
            + " friends, singing a song."
        ),
        f"There was {c.o('a big cake|a chocolate cake|an apple cake')} with {c.o('five|six|seven|eight|nine')} candles, and a {pick(c.rng, [t for t in THINGS if t[0] not in 'aeiou'])} from {f.name}.",
        c.o(
            f'"I thought you had forgotten," said {h.name}. "How could we forget you?" said {f.name}.|{h.name} blew out the candles and made a wish.|They ate and danced all evening.'
        ),
    ]


def _moon(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    goal, why, plan = pick(
        c.rng,
        (
            ("touch the moon", "The moon was much too far away.", "climbed the highest hill"),
            ("catch a star", "The stars were much too high.", "made a long ladder"),
            ("find the end of the rainbow", "The rainbow went away before they got there.", "walked over the fields"),
            ("hold a cloud", "The clouds were too high for them.", "climbed the tallest tree"),
            ("see the end of the sea", "The sea was too big.", "built a small boat"),
        ),
    )
    return [
        f"{h.name} had a dream. {h.He} wanted to {goal}.",
        c.o(
            f'"That is not possible," said {h.his} {pick(c.rng, HELPERS)}.|Everyone laughed, but {h.name} wanted to try.'
        ),
        f"{_turn(c)} {h.he} and {h.his} friend {f.name} {plan}.",
        c.o(
            "It was a long way, and they were soon tired.|They sang songs on the way.|The wind was cold, but they went on."
        ),
        why,
        c.o(
            f'{h.name} was sad at first.|{h.name} sat down and sighed.|"Now we have come all this way for nothing," said {h.name}.'
        ),
        c.o(
            f'"Look!" said {f.name}. "Is it not beautiful here?"|But {f.name} pointed down. They could see the whole valley, the river and their village.'
        ),
        c.o(
            f'"Yes," said {h.name}. "It is good to be here with you."|{h.name} smiled. The way had been more beautiful than the end.|So they sat side by side and were happy.'
        ),
    ]


def _treasure(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    where = c.o(
        "in an old book|under the floor|in a bottle on the beach|in a box in the attic|in the hollow trunk of a tree"
    )
    end = c.o(
        "on the bank of the river|under the old bridge|behind the mill|under three big stones|in a dark cave where little bats spread their wings"
    )
    return [
        f"{_turn(c)} {h.name} found an old map {where}.",
        f'{h.He} showed it to {h.his} friend {f.name}. "It is a treasure map!" said {f.name}.',
        c.o(
            "They took a lamp and some bread and set out at once.|They put on their boots and took a spade.|They told nobody and went out early in the morning."
        ),
        c.o(
            "First they went over the bridge, and then through the forest.|They walked past the farm and along the stream.|The bark of the old trees was rough and brown, and the path was narrow."
        ),
        f"At last they came to the right place, {end}.",
        f"They dug and dug until they found {c.o('a wooden box|an old chest|an iron box')}.",
        c.o(
            'There was no gold in it.|"Is it full of gold?" asked '
            + f.name
            + ". No, it was not.|They opened it slowly."
        ),
        f'Inside was {c.o("a letter|a piece of paper|a small card")} with the words: "{c.o("A good friend is the best treasure of all.|Whoever finds this has a friend.|The real treasure is the way you went together.")}"',
        c.o(
            f'{h.name} looked at {f.name}, and they both smiled.|They laughed all the way home.|"That is true," said {h.name}.'
        ),
    ]


def _pet(c: Cast) -> list[str]:
    h = c.hero
    pet, sound = pick(
        c.rng, (("kitten", "miaow"), ("puppy", "woof"), ("duckling", "quack"), ("lamb", "baa"), ("chick", "cheep"))
    )
    name = c.o("Spot|Snowy|Patch|Socks|Pepper|Ginger|Biscuit|Star|Button|Coco")
    return [
        f'{_turn(c)} {h.he} heard a soft sound behind the house: "{sound.capitalize()}!"',
        f"It was a tiny {pet}. It was all alone, and it was {c.o('hungry|cold|wet|afraid')}.",
        f"{h.name} took it home and gave it {c.o('some food and water|a warm place by the fire|a bed in a little basket')}.",
        f'"May I keep it?" {h.he} asked {h.his} {c.o("mother|father|grandmother|grandfather")}.',
        c.o(
            '"First we must find out where it belongs," was the answer.|"Let us ask the neighbours first," was the answer.'
        ),
        f"So they asked {c.o('everyone in the street|at every house|at the farm and at the shop')}, but nobody had lost a {pet}.",
        f"So the {pet} stayed, and {h.name} called it {name}.",
        f"Every day {name} {c.o('waited for ' + h.him + ' at the door|ran after ' + h.him + ' in the garden|slept at the foot of ' + h.his + ' bed')}.",
    ]


def _royal(c: Cast) -> list[str]:
    h, f = c.hero, c.friend
    ruler, child = c.o("king|queen"), c.o("prince|princess")
    he = "he" if ruler == "king" else "she"
    return [
        f"In the castle lived {c.o('the king and the queen|the old king and the queen|the king and the queen with their son and their daughter')}.",
        f"{_turn(c)} the {ruler} {c.o('was sad and did not want to eat|could not laugh any more|lost a golden ring|could not sleep')}.",
        f'"Whoever can help will get {c.o("a bag of gold|a white horse|anything in the castle")}," said the {child}.',
        c.o(
            "Many clever people came, but nobody could help.|Doctors came, and teachers too, but it was no use.|The prince and the princess tried everything."
        ),
        f"Then {h.name} went to the castle with {h.his} friend {f.name}. {h.He} had {c.o('only a flute|only an idea|nothing but a smile')}.",
        c.o(
            f"{h.name} {c.o('sang a funny song|told a funny story|danced in the great hall')}, and at once everyone was happy again.|{h.name} sat with the {ruler} and listened for a long time, and that helped."
        ),
        f'The {ruler} smiled. "Thank you," {he} said. "What would you like?"',
        c.o(
            f'"I have everything I need," said {h.name}.|"A big party for the whole village," said {h.name}.|{h.name} thought of {h.his} family and asked for {c.o("a cow|some bread|a warm coat for everyone")}.'
        ),
    ]


PLOTS: tuple[Callable[[Cast], list[str]], ...] = (
    _lost,
    _forest,
    _rescue,
    _share,
    _learn,
    _storm,
    _garden,
    _quarrel,
    _boast,
    _birthday,
    _moon,
    _treasure,
    _pet,
    _royal,
)
ALONE = (_learn, _garden, _pet)  # no friend appears in these
HUMAN = (_learn, _pet, _birthday, _royal, _treasure)  # the hero is a child


def _ending(c: Cast, alone: bool) -> str:
    """A closing sentence; without a friend in the story, one that names none."""
    ending = _closing(c)
    while alone and (c.friend.name in ending or "hey " in ending):
        ending = _closing(c)
    return ending


def document(rng: random.Random) -> str:
    """One story."""
    plot = pick(rng, PLOTS)
    animals = plot not in HUMAN and rng.random() < 0.5
    hero, being = _being(rng, animal=animals)
    friend, pal = _being(rng, taken=hero.name, animal=animals)
    cast = Cast(rng, hero, friend, being, pal)
    return text(_opening(cast), *plot(cast), _ending(cast, plot in ALONE))
