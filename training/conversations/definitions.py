"""What things are and what they are for: a hammer is a tool for hitting nails."""

import random

from training.conversations.engine import Turn, cap, frames, pick, table, turn

SHARE = 1.2

# thing | what it is | what one does with it
_THINGS = table("""
a hammer | a tool for hitting nails | hit nails
a saw | a tool for cutting wood | cut wood
a spoon | a thing for eating soup | eat soup
a fork | a thing for eating | eat
a knife | a sharp thing for cutting | cut bread
a pen | a thing for writing with ink | write
a pencil | a thing for writing and drawing | draw
a key | a small thing that opens a door | open a door
a door | the part of a house where you go in |
a window | a hole with glass in a wall that lets the light in | look outside
a clock | a thing that shows the time | see what time it is
a lamp | a thing that gives light | make light
a chair | a piece of furniture to sit on | sit down
a bed | a piece of furniture to sleep in | sleep
a table | a piece of furniture to put things on | put food on it
a cup | a thing to drink from | drink tea
a bottle | a thing that holds water or milk | keep water
a book | many pages with words to read | read
a library | a house full of books | borrow books
a school | a place where children learn | learn
a hospital | a place where sick people get well |
a shop | a place where you can buy things | buy things
a bakery | a shop that sells bread and cakes | buy bread
a museum | a house where you can see old or beautiful things |
a kitchen | a room where people cook | cook
a garden | a place where flowers and vegetables grow | grow flowers
a farm | a place with fields and animals |
a bus | a big car for many people | ride to school
a bike | a thing with two wheels that you can ride | ride
a boat | a thing that swims on the water and carries people | cross a river
a plane | a machine that flies and carries people | fly
a train | a row of wagons that runs on rails | travel
a bridge | a road over a river | cross a river
an umbrella | a thing that keeps the rain off you | stay dry
a coat | a warm piece of clothing | keep warm
a hat | a thing you wear on your head |
a shoe | a thing you wear on your foot |
a glove | a thing you wear on your hand in winter | keep your hands warm
soap | a thing for washing your hands | wash your hands
a towel | a piece of cloth for drying yourself | dry your hands
a broom | a thing for cleaning the floor | clean the floor
a bucket | a thing for carrying water | carry water
a needle | a thin thing for sewing | sew
a ladder | a thing for climbing up | climb up
a rope | a long thing for tying | tie things
a map | a picture of a country or a town | find the way
a telephone | a thing for talking with people who are far away | talk with a friend
a computer | a machine that can calculate and write | write letters
a model | a machine that has learned something from data |
a baker | a person who bakes bread |
a teacher | a person who helps children to learn |
a doctor | a person who helps sick people |
a farmer | a person who works in the fields |
a pilot | a person who flies a plane |
a king | a man who rules a country |
a queen | a woman who rules a country |
a friend | a person whom you like and who likes you |
a dog | an animal that barks and guards the house |
a cat | an animal that says meow and catches mice |
a bird | an animal with wings and feathers |
a fish | an animal that lives in the water |
a bee | a small animal that makes honey |
a tree | a big plant with a trunk and leaves |
a flower | a plant with a beautiful colour |
a forest | a place with many trees |
a mountain | a very high hill |
a river | a long water that flows to the sea |
the sea | a very big water with salt in it |
an island | land with water all around it |
a desert | a dry place with sand and few plants |
the sun | a star that gives us light and warmth |
the moon | a big round stone that goes around the earth |
a star | a far sun that shines at night |
rain | water that falls from the clouds |
snow | frozen water that falls in winter |
ice | frozen water |
wind | air that moves |
a cloud | many tiny drops of water in the sky |
a rainbow | a bow of many colours in the sky |
milk | a white drink that comes from cows |
honey | a sweet food that bees make |
bread | a food that is baked from flour |
cheese | a food that is made from milk |
a cake | a sweet food that is baked |
an egg | a thing that a hen lays |
a proverb | a short wise saying |
a story | words that tell what happened to somebody |
a holiday | a time without school or work |
a birthday | the day on which you were born |
""")
_DO = tuple((thing, use) for thing, _, use in _THINGS if use)
_ASK = frames("""
What is {x}?
What is {x}?
What is {x}?
Can you tell me what {x} is?
Do you know what {x} is?
What does the word "{w}" mean?
Explain what {x} is.
Tell me what {x} is.
""")
_USE = frames("""
What do you need to {u}?
What can I use to {u}?
What do people use to {u}?
""")
_FACTS = table("""
What do bees make? | Bees make honey. | Honey.
What do cows give? | Cows give milk. | Milk.
What do hens lay? | Hens lay eggs. | Eggs.
What do people do when they are tired? | When people are tired, they sleep. | Sleep.
What do you do when you are hungry? | When you are hungry, you eat something. |
What do you do when you are thirsty? | When you are thirsty, you drink water. |
What do you do when it rains? | When it rains, you take an umbrella. |
When does the sun rise? | The sun rises in the morning. | Morning.
When does the sun set? | The sun sets in the evening. | Evening.
Is fire hot or cold? | Fire is hot. | Hot.
Is ice hot or cold? | Ice is cold. | Cold.
Is sugar sweet or sour? | Sugar is sweet. | Sweet.
Is a lemon sweet or sour? | A lemon is sour. | Sour.
Is an elephant big or small? | An elephant is big. | Big.
Is a mouse big or small? | A mouse is small. | Small.
Is a snail fast or slow? | A snail is slow. | Slow.
Can fish swim? | Yes, fish can swim. | Yes.
Can birds fly? | Yes, most birds can fly. | Yes.
Can dogs fly? | No, dogs cannot fly. | No.
Can cats talk? | No, cats cannot talk. | No.
Can a stone swim? | No, a stone sinks in water. | No.
Do trees have leaves? | Yes, trees have leaves. | Yes.
Do people have wings? | No, people do not have wings. | No.
How many legs does a person have? | A person has two legs. | Two.
How many fingers does a hand have? | A hand has five fingers. | Five.
How many wheels does a car have? | A car has four wheels. | Four.
How many wheels does a bike have? | A bike has two wheels. | Two.
How many sides does a triangle have? | A triangle has three sides. | Three.
How many sides does a square have? | A square has four sides. | Four.
Where do fish live? | Fish live in the water. |
Where do birds sleep? | Birds sleep in their nests. |
Where do penguins live? | Penguins live in the cold south. |
Where do camels live? | Camels live in the desert. |
What do we see with? | We see with our eyes. | Eyes.
What do we hear with? | We hear with our ears. | Ears.
What do we smell with? | We smell with our nose. | Nose.
What do we walk with? | We walk with our feet. | Feet.
""")


def turn_of(rng: random.Random) -> Turn:
    """A definition, the thing for a purpose, or a fact about everyday things."""
    way = rng.random()
    if way < 0.55:
        thing, what, _ = pick(rng, _THINGS)
        word = thing.split(" ", 1)[1] if thing.startswith(("a ", "an ", "the ")) else thing
        return turn(rng, _ASK, ("{x} is {d}.",), x=thing, d=what, w=word)
    if way < 0.7:
        thing, use = pick(rng, _DO)
        uses = [t for t, u in _DO if u == use]
        return turn(rng, _USE, ("you need {x} to {u}.", "you can use {x} to {u}."), x=pick(rng, uses), u=use)
    if way < 0.78:
        thing, use = pick(rng, _DO)
        return turn(rng, ("what is {x} for?", "what can you do with {x}?", "what do people do with {x}?"), ("with {x} you can {u}.",), x=thing, u=use)  # fmt: skip
    question, answer, short = pick(rng, _FACTS)
    return Turn(question, answer, cap(short))
