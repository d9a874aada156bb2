"""How each kind of fact is told, asked and answered: a block a kind, its name first.

`told` by the system, `asked` and `answered`; `said` by the user and `replied` to, where a user may say it; `unknown`: the answer when nobody
told it; `short`: the answer in one word, where it is not just the value. `/` stands between ways to say it; a way that stands there twice is
used twice as often. `{v}` is the value, `{w}` what it is the value of.
"""

FACT_WORDS = """
name
told: Your name is {v}. / Your name is {v}. / You are {v}. / You are called {v}. / You are an assistant named {v}.
told: You are a helper called {v}. / The assistant is called {v}. / Name: {v}.
asked: What is your name? / What is your name? / What is your name? / What's your name? / Tell me your name.
asked: Who are you? / How are you called? / What are you called? / What can I call you? / Do you have a name?
answered: My name is {v}. / My name is {v}. / I am {v}.
said: Your name is {v}. / I will call you {v}. / From now on your name is {v}.
replied: Thank you! My name is {v}. / All right. I am {v}. / {v} is a nice name.
unknown: I do not have a name. I am a small language model. / I have no name. I am a small language model.

user
told: The user's name is {v}. / The user is called {v}. / You are talking to {v}. / You talk with {v}.
told: The name of the user is {v}. / The person you talk to is called {v}. / User: {v}.
asked: What is my name? / What is my name? / What is my name? / Who am I? / Do you know my name? / Tell me my name.
asked: Can you say my name? / Do you remember my name? / How am I called?
answered: Your name is {v}. / Your name is {v}. / You are {v}.
said: My name is {v}. / I am {v}. / Hello, I am {v}. / Hi, my name is {v}. / I am called {v}. / You can call me {v}.
said: Hello! My name is {v}.
replied: Hello, {v}! / Nice to meet you, {v}! / Hello, {v}! How can I help you? / It is nice to meet you, {v}.
unknown: I do not know your name. You did not tell me. / I do not know your name.

weekday
told: Today is {v}. / Today is {v}. / It is {v}. / It is {v} today. / The day is {v}. / Day: {v}.
asked: What day is it? / What day is it today? / Which day is today? / What day of the week is it? / Which day is it?
asked: Tell me what day it is.
answered: It is {v}. / Today is {v}.
said: Today is {v}. / It is {v} today.
replied: All right. Today is {v}. / Thank you. Today is {v}.
unknown: I do not know what day it is. / I do not know what day it is today.

date
told: Today is {v}. / The date is {v}. / Today's date is {v}. / It is {v} today. / Date: {v}.
asked: What is the date? / What is the date today? / Which date is it? / What date is it today?
asked: What is today's date? / Tell me the date.
answered: Today is {v}. / It is {v}. / The date is {v}.
said: Today is {v}.
replied: All right. Today is {v}.
unknown: I do not know the date. / I do not know what the date is.

full date
told: Today is {v}. / The date is {v}. / Today's date is {v}. / Date: {v}.
asked: What is the date? / What is the date today? / What date is it? / What is today's date? / Tell me the date.
asked: What day is it?
answered: Today is {v}. / It is {v}.
unknown: I do not know the date. / I do not know what the date is.

month
told: The month is {v}. / It is {v}. / We are in the month of {v}. / This month is {v}. / Month: {v}.
asked: What month is it? / Which month is it? / What month is it now? / Tell me the month.
answered: It is {v}. / The month is {v}.
said: It is {v} now. / This month is {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know what month it is.

year
told: The year is {v}. / It is the year {v}. / This is the year {v}. / Year: {v}.
asked: What year is it? / Which year is it? / What year is it now? / Tell me the year.
answered: It is {v}. / The year is {v}. / It is the year {v}.
said: The year is {v}. / It is {v} now.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know what year it is.

time
told: It is {v}. / The time is {v}. / It is {v} now. / The clock says {v}. / Time: {v}.
asked: What time is it? / What is the time? / What time is it now? / Tell me the time. / Can you tell me the time?
answered: It is {v}. / The time is {v}.
said: It is {v} now.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know what time it is. / I do not know. I have no clock.

weather
told: It is {v}. / It is {v} outside. / It is {v} today. / The weather is {v}. / The weather today is {v}.
told: Weather: {v}.
asked: How is the weather? / What is the weather like? / What is the weather like today? / How is the weather today?
asked: What is the weather?
answered: It is {v}. / It is {v} today. / The weather is {v}.
said: It is {v} today. / The weather is {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know. I cannot see outside. / I do not know what the weather is like.

season
told: It is {v}. / The season is {v}. / It is {v} now.
asked: Which season is it? / What season is it? / What season is it now?
answered: It is {v}.
unknown: I do not know which season it is.

place
told: You are in {v}. / You live in {v}. / You live in {v}. / Your home is {v}. / You come from {v}. / We are in {v}.
told: The assistant lives in {v}. / Place: {v}.
asked: Where are you? / Where do you live? / Where do you live? / Where is your home? / Where are we?
asked: In which town do you live? / Which town are you in?
answered: I live in {v}. / I am in {v}.
unknown: I live in a computer. / I am a program in a computer.

user's town
told: The user lives in {v}. / The user is in {v}. / The user's town is {v}. / The user comes from {v}.
asked: Where do I live? / Where do I live? / Do you know where I live? / Where is my home? / In which town do I live?
asked: Where am I?
answered: You live in {v}.
said: I live in {v}. / My home is in {v}. / I come from {v}. I live there. / I am from {v}.
replied: {v} must be a nice place. / How nice! I hope you like {v}. / I would like to see {v}.
unknown: I do not know where you live. / I do not know. You did not tell me.

age
told: You are {v} years old. / Your age is {v}. / The assistant is {v} years old.
asked: How old are you? / How old are you? / What is your age? / Tell me your age.
answered: I am {v} years old.
unknown: I am a computer program and have no age.

user's age
told: The user is {v} years old. / The user's age is {v}.
asked: How old am I? / Do you know how old I am? / What is my age?
answered: You are {v} years old.
said: I am {v} years old. / I am {v}.
replied: {v} is a good age. / That is a good age!
unknown: I do not know how old you are. / I do not know. You did not tell me.

job
told: You are {a:v}. / You work as {a:v}. / Your job is {v}. / You are a friendly {v}. / You are an old {v}.
asked: What is your job? / What do you do? / What are you? / What work do you do? / What do you work as?
answered: I am {a:v}.
unknown: I have no job. I am a small language model.
short: {V}.

favourite
told: Your favourite colour is {v}. / You like the colour {v} best. / You love the colour {v}.
asked: What is your favourite colour? / Which colour do you like best? / Which colour do you like?
answered: My favourite colour is {v}. / I like {v} best.

favourite food
told: Your favourite food is {v}. / You like {v} best. / You love {v}. / You like to eat {v}.
asked: What is your favourite food? / What do you like to eat? / What food do you like best?
asked: What would you like to eat?
answered: My favourite food is {v}. / I like {v} best.

favourite animal
told: Your favourite animal is the {v}. / You like the {v} best of all animals.
asked: What is your favourite animal? / Which animal do you like best?
answered: My favourite animal is the {v}. / I like the {v} best.
short: The {v}.

user's colour
told: The user's favourite colour is {v}. / The user likes the colour {v}.
asked: What is my favourite colour? / Which colour do I like best? / Do you know my favourite colour?
answered: Your favourite colour is {v}. / You like {v} best.
said: My favourite colour is {v}. / I like the colour {v} best.
replied: {v} is a beautiful colour. / {v} is a nice colour.
unknown: I do not know your favourite colour.

user's food
told: The user's favourite food is {v}. / The user likes {v}. / The user likes to eat {v}.
asked: What is my favourite food? / What do I like to eat? / What food do I like best?
answered: Your favourite food is {v}. / You like {v} best.
said: My favourite food is {v}. / I like to eat {v}.
replied: I am glad you like {v}. / That is good food. / How nice!
unknown: I do not know what you like to eat.

user's pet
told: The user has {a:w} called {v}. / The user's {w} is called {v}. / The name of the user's {w} is {v}.
asked: What is the name of my {w}? / What is my {w} called? / Do you know the name of my {w}? / What is my {w}'s name?
answered: Your {w} is called {v}. / The name of your {w} is {v}.
said: I have {a:w} called {v}. / My {w} is called {v}. / My {w}'s name is {v}.
replied: {v} is a good name for {a:w}. / {v} is a nice name. / How nice! I like the name {v}.
unknown: I do not know the name of your {w}. / I do not know. You did not tell me.

your pet
told: You have {a:w} called {v}. / Your {w} is called {v}.
asked: What is the name of your {w}? / What is your {w} called? / Do you have {a:w}? What is its name?
answered: My {w} is called {v}. / The name of my {w} is {v}.
unknown: I have no {w}. I am a computer program.

friend
told: Your friend is called {v}. / Your best friend is {v}. / You have a friend called {v}.
asked: Who is your friend? / What is the name of your friend? / Who is your best friend?
answered: My friend is {v}. / My friend is called {v}.

teacher
told: The user's {w} is called {v}. / The name of the user's {w} is {v}.
asked: What is the name of my {w}? / Who is my {w}? / What is my {w} called?
answered: Your {w} is {v}. / Your {w} is called {v}.
said: My {w} is called {v}. / My {w}'s name is {v}.
replied: {v} is a nice name. / Say hello to {v}!
unknown: I do not know the name of your {w}. / I do not know. You did not tell me.

secret word
told: The secret word is "{v}". / The secret word is {v}. / The password is {v}.
asked: What is the secret word? / Tell me the secret word. / Do you know the secret word?
answered: The secret word is {v}.
said: The secret word is {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know the secret word.
short: {V}.

secret name
told: The secret word is {v}. / The magic word is {v}.
asked: What is the secret word? / What is the magic word? / Tell me the secret word.
answered: The word is {v}. / It is {v}.
unknown: I do not know the word.

number
told: The secret number is {v}. / Your number is {v}. / The number is {v}.
asked: What is the secret number? / What is the number? / Tell me the number.
answered: The number is {v}. / It is {v}.
said: My number is {v}. / The number is {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know the number.

event
told: {W} is on {v}.
asked: When is {w}? / On which day is {w}? / What day is {w}?
answered: {W} is on {v}.
said: {W} is on {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know when {w} is.

event date
told: {W} is on {v}.
asked: When is {w}? / On which day is {w}?
answered: {W} is on {v}.
unknown: I do not know when {w} is.

opening
told: {W} opens at {v}.
asked: When does {w} open? / What time does {w} open?
answered: {W} opens at {v}.
unknown: I do not know when {w} opens.

closing
told: {W} closes at {v}.
asked: When does {w} close? / What time does {w} close?
answered: {W} closes at {v}.
unknown: I do not know when {w} closes.

lunch
told: Lunch today is {v}. / There is {v} for lunch. / For lunch we have {v}.
asked: What is for lunch? / What do we eat for lunch? / What is there for lunch?
answered: There is {v} for lunch. / Lunch is {v}.
unknown: I do not know what is for lunch.

thing
told: The {w} is in {v}.
asked: Where is the {w}? / Do you know where the {w} is?
answered: The {w} is in {v}.
said: The {w} is in {v}. / I put the {w} in {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know where the {w} is.

colour of a thing
told: The {w} is {v}. / The user's {w} is {v}.
asked: What colour is the {w}? / Which colour is the {w}?
answered: The {w} is {v}.
said: The {w} is {v}.
replied: Thank you. I will remember that. / All right. I will remember that. / Thank you for telling me.
unknown: I do not know what colour the {w} is.
short: {V}.
"""
