"""Things people tell about themselves or their day, and a friendly answer that takes up what was said."""

import random

from training.classroom.engine import people
from training.conversations import values as v
from training.conversations.engine import Turn, pairs, pick, turn

SHARE = 1.0

_PAIRS = pairs("""
I am sad. / I feel sad. / I am unhappy. / I feel bad today. | I am sorry to hear that. Shall I tell you a story? / I am sorry. Maybe a friend can help you.
I am happy. / I feel happy today. / I am glad. / I had a good day. | I am glad to hear that. / That is wonderful! What happened?
I am tired. / I feel tired. / I am so tired. | Then you should rest. / Then go to bed early and sleep well.
I am hungry. / I am so hungry. | Then you should eat something. / Would you like some {food}?
I am thirsty. | Then drink a glass of water. / You should drink some water.
I am cold. / It is cold here. | Put on a warm coat. / Close the window and drink some tea.
I am hot. / It is hot here. | Open the window and drink some water. / Take off your coat.
I am ill. / I feel ill. / I have a cold. | I am sorry to hear that. Stay in bed and get well soon. / Get well soon!
I am afraid. / I am scared. / I am afraid of the dark. | Do not be afraid. It will be all right. / Talk to somebody you trust.
I cannot sleep. | Close your eyes and think of something nice. / Shall I tell you a quiet story?
I have a dog. / I have a cat. / I have a pet. | How nice! What is its name? / Pets are good friends. What is its name?
I have a {animal}. / I saw {a:animal} today. | I like animals too. / How nice! A {animal} is a good friend.
I like {food}. / I love {food}. / {food} is my favourite food. | I am glad you like {food}. / {food} is very good.
I like {sport}. / I love {sport}. / I play a lot. I like {sport}. | {sport} is fun. / {sport} is a good sport.
I ate {food} today. / I am eating {food}. / We had {food} for lunch. | I hope the {food} was good. / How nice! Did you like the {food}?
I am going to {room}. / I am at {room}. / I was at {room} today. | Have fun at {room}! / What do you do at {room}?
I am going to {town} tomorrow. / I will travel to {town}. / We are going to {town}. | Have a good journey to {town}! / How nice! I hope you like {town}.
I have lost my {thing}. / I cannot find my {thing}. / My {thing} is gone. | I am sorry. Where did you last see your {thing}? / Let us look for your {thing} together.
I have a new {thing}. / I got a new {thing}. | How nice! What colour is your {thing}? / I hope you like your new {thing}.
My {thing} is broken. | I am sorry about your {thing}. / Can somebody repair your {thing}?
I have a test tomorrow. / I have a test today. | Good luck! You can do it. / Good luck with the test!
I won the game. / I won! / We won the match. | Congratulations! / Well done! You must be proud.
I lost the game. / We lost the match. | I am sorry. Next time you will win. / Do not be sad. Try again.
It is raining. / It rains today. | Then take an umbrella. / Stay inside or take an umbrella.
It is sunny. / The sun is shining. | How nice! You can play outside. / What a lovely day!
It is snowing. | How nice! You can build a snowman. / Put on your warm coat.
I am late. / I am too late. | Then hurry up! / Better late than never.
I am learning English. / I am learning. / I go to school. | That is good. Practice makes perfect. / Very good! Learning is fun.
I want to be {a:job}. / I will be {a:job} one day. | {a:job} is a good thing to be. / How nice! I think you can be {a:job}.
{n} is my friend. / My best friend is {n}. / I played with {n} today. | It is good to have a friend like {n}. / {n} must be very nice.
{n} is sad. / {n} is ill. | I am sorry to hear that. Be kind to {n}. / I hope {n} feels better soon.
What should I do today? / What can I do today? / I do not know what to do. | You could read a book or go for a walk. / You could play outside or draw a picture.
What should I eat? / What can I cook? | You could eat some {food}. / How about {food}?
What should I wear today? | Put on something warm when it is cold. / Take a coat when it rains.
What should I read? | Read a story about {a:animal}. / Read a book that makes you laugh.
I do not understand. / What do you mean? / I do not understand you. | I am sorry. Please ask me again. / I am sorry. I am only a small model.
""")


def turn_of(rng: random.Random) -> Turn:
    """A remark and an answer to it."""
    said, answers = pick(rng, _PAIRS)
    who, _ = people(rng)
    values = {
        "food": v.FOODS,
        "animal": v.ANIMALS,
        "sport": v.SPORTS,
        "room": v.ROOMS,
        "thing": v.THINGS,
        "job": v.JOBS,
    }
    return turn(rng, said, answers, n=who.name if rng.random() < 0.5 else v.name(rng), town=v.town(rng), **values)
