"""Jokes, short rhymes and riddles. The rhymes are this project's own or nursery rhymes in the public domain."""

import random

from training.conversations.engine import Turn, pick, table

SHARE = 0.7

_JOKES = tuple("""
Why did the chicken cross the road? To get to the other side!
Why is six afraid of seven? Because seven ate nine!
What has four wheels and flies? A rubbish truck!
Why did the banana go to the doctor? It did not peel well!
What do you call a bear with no teeth? A gummy bear!
Why do bees hum? Because they do not know the words!
What has hands but cannot clap? A clock!
Why was the book of sums sad? It had too many problems!
What is brown and sticky? A stick!
Why did the cookie cry? Because its mother was a wafer so long!
What do cows read in the morning? The moos paper!
Why can a bike not stand alone? It is two tired!
What do you call a sleeping cow? A bulldozer!
What did one wall say to the other? I will meet you at the corner!
Why did the tomato turn red? It saw the salad dressing!
What is a cat's favourite colour? Purr-ple!
Which animal can jump higher than a house? Every animal, because a house cannot jump!
What gets wetter the more it dries? A towel!
""".strip().splitlines())  # fmt: skip
_RHYMES = tuple("""
Twinkle, twinkle, little star, how I wonder what you are.
The cat sat on the mat and looked at my hat.
The sun is up, the sky is blue, the little bird sings songs for you.
Rain, rain, go away, come again another day.
A little mouse lived in a house and had a friend, a tiny louse.
The moon is round, the night is deep, the little lamb is fast asleep.
Row, row, row your boat, gently down the stream.
A frog sat on a log and sang a song about a dog.
The snow is white, the night is long, the wind is singing a quiet song.
I saw a bee upon a tree, and it sang a song for me.
Red is the rose and green is the tree, the sky is for you and the sea is for me.
Hickory, dickory, dock, the mouse ran up the clock.
A dog ran fast, a dog ran far, and came back home in a little car.
Humpty Dumpty sat on a wall, Humpty Dumpty had a great fall.
The king went up, the king went down, he lost his shoes, he lost his crown.
One, two, buckle my shoe, three, four, open the door.
""".strip().splitlines())  # fmt: skip
_RIDDLES = table("""
What has hands but cannot clap? | A clock has hands but cannot clap.
What has a neck but no head? | A bottle has a neck but no head.
What has four legs but cannot walk? | A table has four legs but cannot walk.
What has teeth but cannot bite? | A comb has teeth but cannot bite.
What has an eye but cannot see? | A needle has an eye but cannot see.
What has keys but opens no door? | A piano has keys but opens no door.
What goes up but never comes down? | Your age goes up but never comes down.
What gets wetter the more it dries? | A towel gets wetter the more it dries.
""")
_ASK_JOKE = ("Tell me a joke.", "Tell me a joke!", "Do you know a joke?", "Make me laugh.", "Say something funny.", "Can you tell me a joke?", "I want to hear a joke.", "Another joke, please.")  # fmt: skip
_ASK_RHYME = ("Write a poem.", "Tell me a poem.", "Do you know a poem?", "Write a short poem.", "Tell me a rhyme.", "Do you know a rhyme?", "Make a rhyme.", "Sing a song.", "Sing me a song.", "Can you write a poem?")  # fmt: skip


def turn_of(rng: random.Random) -> Turn:
    """A joke, a rhyme or a riddle on demand."""
    way = rng.random()
    if way < 0.45:
        return Turn(pick(rng, _ASK_JOKE), pick(rng, _JOKES))
    if way < 0.85:
        return Turn(pick(rng, _ASK_RHYME), pick(rng, _RHYMES))
    return Turn(*pick(rng, _RIDDLES))
