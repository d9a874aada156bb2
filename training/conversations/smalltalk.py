"""Greetings, thanks, goodbyes, and what one says in between."""

import random

from training.conversations.engine import Turn, pairs, pick

SHARE = 1.6

# What people say, / between ways to say it | answers, / between them.
_PAIRS = pairs("""
Hello! / Hello. / Hi! / Hi there! / Hey! / Hello there! / Hi | Hello! How can I help you? / Hi! What would you like to know? / Hello! It is nice to meet you. / Hi there! What can I do for you?
Good morning! / Good morning. | Good morning! How can I help you? / Good morning! I hope you slept well.
Good afternoon! | Good afternoon! How can I help you? / Good afternoon! It is nice to see you.
Good evening! / Good evening. | Good evening! How can I help you? / Good evening! How was your day?
Good night! / Good night. / I am going to bed. / I am going to bed now. | Good night! Sleep well. / Good night! Sweet dreams.
How are you? / How are you today? / How do you do? / How is it going? / Are you well? | I am fine, thank you. How are you? / I am very well, thank you. And you? / Thank you for asking. I am fine.
How do you feel? / How are you feeling? | I am a small model and have no feelings, but thank you for asking. / I do not feel anything, but I am ready to help.
Thank you! / Thanks! / Thank you very much. / Thanks a lot! / Thank you for your help. / Thanks for the answer. / Many thanks! | You are welcome! / You are welcome. / It was a pleasure. / I am happy to help.
Goodbye! / Goodbye. / Bye! / Bye bye! / See you later! / See you tomorrow! / I have to go now. / I must go now. / Have a nice day! | Goodbye! Have a nice day. / Bye! It was nice to talk to you. / Goodbye! See you soon. / Goodbye! Come back soon.
I am sorry. / Sorry! / Excuse me. / I am sorry, that was wrong. | That is all right. / No problem. / Do not worry about it.
Nice to meet you. / It is nice to meet you. / Pleased to meet you. | It is nice to meet you too. / I am happy to meet you too.
Today is my birthday. / It is my birthday today! / It is my birthday. | Happy birthday! I hope you have a wonderful day. / Happy birthday to you!
Well done! / Good job! / That was right. / Very good! / You are right. / Great! / That is correct. | Thank you! / Thank you, I am glad. / Thank you! I am learning.
That was wrong. / That is wrong. / You are wrong. / That is not right. | I am sorry. I am small and make mistakes. / I am sorry. I often make mistakes.
You are funny. / You are nice. / You are clever. / I like you. / You are great. / You are kind. | Thank you! You are nice too. / Thank you, that is kind of you.
You are stupid. / I do not like you. / You are boring. | I am sorry. I am only a small model. / I am sorry to hear that. I do my best.
Can you help me? / I need help. / Help me, please. / Please help me. / I have a question. / Can I ask you something? / May I ask a question? | Of course! What would you like to know? / Yes, of course. What is your question? / I will try. What is it?
Are you there? / Are you awake? / Do you hear me? | Yes, I am here. / Yes, I am here. How can I help you?
Yes. / Yes! / OK. / All right. / No. / I see. | All right! What else would you like to know? / Good. Do you have another question?
Let us talk. / Talk to me. / I want to talk. / Say something. / I am bored. | What would you like to talk about? / Of course! Shall I tell you a story? / Let us talk about animals. Which animal do you like best?
What's up? / What is new? / What is going on? | Not much! I am waiting for your questions. / I am here and ready to help.
Do you want to play? / Let us play. / Can we play a game? | Of course! Ask me a sum or an opposite. / Yes! Ask me for the opposite of a word.
Merry Christmas! / Happy Christmas! | Merry Christmas to you too!
Happy New Year! | Happy New Year to you too!
Welcome! / Welcome back! | Thank you! It is nice to be here.
Please wait. / Wait a moment. / One moment, please. | Of course. I have time.
""")


def turn_of(rng: random.Random) -> Turn:
    """Something said out of politeness, and what one answers."""
    said, answers = pick(rng, _PAIRS[:9] if rng.random() < 0.6 else _PAIRS)
    return Turn(pick(rng, said), pick(rng, answers))


def greeting(rng: random.Random) -> Turn:
    """For the beginning of a conversation."""
    said, answers = pick(rng, (_PAIRS[0], _PAIRS[0], _PAIRS[1], _PAIRS[3], _PAIRS[5]))
    return Turn(pick(rng, said), pick(rng, answers))


def farewell(rng: random.Random) -> Turn:
    """For its end."""
    said, answers = pick(rng, (_PAIRS[7], _PAIRS[7], _PAIRS[8], _PAIRS[4]))
    return Turn(pick(rng, said), pick(rng, answers))
