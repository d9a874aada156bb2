"""Ten words with two senses, each in sentences written by hand for the measurement and kept out of the training text.

Every sentence holds its word exactly once. Eight of the words also stand in the synthetic text (classroom/senses.py), in
other sentences; `kind` and `left` are learnt from stories and everyday sentences alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sense:
    gloss: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class TwoSenses:
    word: str
    senses: tuple[Sense, Sense]


def _sense(gloss: str, text: str) -> Sense:
    return Sense(gloss, tuple(line.strip() for line in text.strip().splitlines()))


TWO_SENSES = (
    TwoSenses(
        "bark",
        (
            _sense(
                "the sound of a dog",
                """
                I woke up because I heard a bark in the garden.
                The puppy is so young that it cannot bark yet.
                Our neighbour's dog will bark at every car.
                She was afraid of the bark of the big hound.
                Please do not bark at the postman, Rex!
                With one short bark he called his master.
                Dogs bark when somebody knocks at the door.
                A wolf can howl, but it does not often bark.
                The thief heard an angry bark and ran away.
                My dog gives a little bark when he is hungry.
                They taught the dog to sit, to wait and to bark.
                From behind the fence came a bark and then a growl.
                """,
            ),
            _sense(
                "the skin of a tree",
                """
                The woodpecker made a hole in the bark.
                He cut his name into the bark of an old elm.
                In winter the deer eat the bark of young trees.
                The children made a little boat out of bark.
                Long ago people wrote on the bark of birches.
                There was green moss on the bark.
                The lightning had torn the bark off the trunk.
                Ants were running up and down the bark.
                Some medicine is made from the bark of a willow.
                The roof of the hut was covered with bark and leaves.
                A tree without its bark will soon die.
                She pressed paper on the bark and rubbed it with a crayon.
                """,
            ),
        ),
    ),
    TwoSenses(
        "bank",
        (
            _sense(
                "a house for money",
                """
                My uncle works in a bank.
                The robbers took all the gold from the bank.
                She went to the bank to pay in a cheque.
                You can get cash at the bank next to the post office.
                The bank lent them the money for a new car.
                He has a lot of money in the bank.
                Is the bank open on Saturday?
                The rich man owned a bank and two shops.
                I must go to the bank before I buy the tickets.
                There was a long queue of customers at the bank.
                The bank sent him a letter about his account.
                A guard stood in front of the bank.
                """,
            ),
            _sense(
                "the side of a river",
                """
                The otter slid down the muddy bank.
                We tied the boat to a tree on the bank.
                A crocodile lay asleep on the bank.
                Tall reeds grew along the bank.
                He jumped from the bank into the cold water.
                The fisherman stood on the bank all day.
                They swam across the stream to the other bank.
                The cows came down to the bank to drink.
                She picked daisies on the bank of the brook.
                After the flood the bank was covered with mud.
                The ducks climbed up the bank and shook their feathers.
                The water rat had its hole in the bank.
                """,
            ),
        ),
    ),
    TwoSenses(
        "bat",
        (
            _sense(
                "a stick to hit a ball with",
                """
                He swung the bat as hard as he could.
                My brother got a new bat and a glove.
                The ball struck the middle of the bat.
                Hold the bat with both hands.
                The player threw down his bat and ran to first base.
                She bought a bat for the school team.
                It is your turn, so take the bat.
                The bat broke when he hit the ball.
                We need a bat and a ball to play cricket.
                The coach showed her how to hold the bat.
                He carried his bat over his shoulder to the game.
                Who left the bat on the playing field?
                """,
            ),
            _sense(
                "an animal that flies at night",
                """
                A bat hung upside down from the roof.
                The bat sleeps all day and hunts at night.
                Is a bat a bird or a mouse with wings?
                The bat caught a moth in the air.
                Something dark flew past, and it was only a bat.
                The owl and the bat come out when it is dark.
                A bat can find its way with its ears.
                There was a bat in the attic, and grandma screamed.
                The baby bat clung to its mother.
                The bat opened its mouth and showed its tiny teeth.
                At sunset a bat came out of the church tower.
                A bat has soft fur and wings of thin skin.
                """,
            ),
        ),
    ),
    TwoSenses(
        "turkey",
        (
            _sense(
                "a country",
                """
                We spent our holidays in Turkey.
                Istanbul is the largest city in Turkey.
                My friend was born in Turkey and speaks Turkish.
                They flew from Germany to Turkey last summer.
                Turkey lies between Europe and Asia.
                Have you ever been to Turkey?
                The people of Turkey drink a lot of tea.
                Greece and Turkey are neighbours.
                He sent us a postcard from Turkey.
                The president of Turkey visited France.
                Many tourists travel to Turkey every year.
                She comes from a small village in Turkey.
                """,
            ),
            _sense(
                "a bird",
                """
                Mother put the turkey in the oven.
                The turkey on the farm made a funny noise.
                We eat turkey at Christmas.
                The farmer fed the hens and the turkey.
                Would you like some more turkey and gravy?
                The old turkey spread its tail feathers.
                Father cut the turkey with a long knife.
                I had a turkey sandwich for lunch.
                The turkey ran across the yard and gobbled.
                The cook stuffed the turkey with bread and onions.
                A fox stole the fattest turkey.
                There was cold turkey left for supper.
                """,
            ),
        ),
    ),
    TwoSenses(
        "spring",
        (
            _sense(
                "a season",
                """
                The birds build their nests in spring.
                After a long winter came spring at last.
                The cherry trees bloom every spring.
                My birthday is in spring, in April.
                In the spring the snow melts.
                Spring is warmer than winter.
                We plant potatoes in early spring.
                The lambs are born in spring.
                It was a sunny spring morning.
                She likes spring better than autumn.
                The bear woke up when spring came.
                They will get married next spring.
                """,
            ),
            _sense(
                "a place where water comes out of the earth",
                """
                Clear water came out of the spring.
                The thirsty deer drank from the spring.
                They filled their bottles at the spring.
                The stream begins at a spring in the hills.
                The water of this spring is cold and clean.
                We found a spring among the rocks.
                The girl carried a jug to the spring to get water.
                The old man lived beside a spring in the forest.
                The horses stopped at the spring to drink.
                A little brook flowed from the spring.
                People say the spring never runs dry.
                He knelt down by the spring and washed his face.
                """,
            ),
        ),
    ),
    TwoSenses(
        "ring",
        (
            _sense(
                "a piece of jewellery",
                """
                She wore a gold ring on her finger.
                He gave her a ring with a diamond.
                The princess lost her ring in the well.
                This ring belonged to my grandmother.
                The thief stole a ring and a necklace.
                Her wedding ring is too small now.
                The dragon guarded a magic ring.
                He took the ring out of a little box.
                The queen had a ruby ring.
                I found a silver ring on the beach.
                The ring would not come off her finger.
                The king sold his ring and his crown.
                """,
            ),
            _sense(
                "the sound of a bell or a telephone",
                """
                I heard the telephone ring in the hall.
                Did you ring the bell?
                The phone began to ring during dinner.
                Please ring me tomorrow morning.
                The church bells ring every Sunday.
                My alarm clock did not ring today.
                She waited for the phone to ring.
                Ring the doorbell and wait.
                The school bell will ring at nine.
                I will ring you when I get home.
                They let the bell ring three times.
                The phone did not ring all evening.
                """,
            ),
        ),
    ),
    TwoSenses(
        "light",
        (
            _sense(
                "brightness or a lamp",
                """
                Please turn off the light before you sleep.
                The light of the moon fell on the floor.
                She switched on the light in the kitchen.
                There was a light in the window.
                Plants need water and light.
                The light was so bright that he shut his eyes.
                A candle gave a little light.
                The sun gives us light.
                He could see a light far away in the forest.
                The light went out and it was dark.
                She read a book by the light of a lamp.
                The cars must stop when the light is red.
                """,
            ),
            _sense(
                "not heavy",
                """
                The box was so light that a child could lift it.
                A feather is very light.
                My bag is light because it is empty.
                This chair is light and easy to carry.
                She carried the light basket with one finger.
                His new coat is warm but light.
                The little girl was as light as a feather.
                The suitcase felt light in his hand.
                A balloon is light, but a stone is heavy.
                These shoes are so light that I can run fast.
                Wood is light enough to float.
                We had a light lunch and were soon hungry again.
                """,
            ),
        ),
    ),
    TwoSenses(
        "letter",
        (
            _sense(
                "a message on paper",
                """
                I got a long letter from my aunt.
                He put a stamp on the letter.
                She read the letter twice and began to cry.
                The postman brought a letter this morning.
                Thank you for your kind letter.
                Did you answer her letter?
                He folded the letter and put it in his pocket.
                I have to post this letter today.
                The king sent a letter to his brother.
                The letter was lost on its way.
                She tore the letter into pieces.
                He wrote a letter to Santa Claus.
                """,
            ),
            _sense(
                "a sign of the alphabet",
                """
                My name begins with the letter M.
                The first letter of the alphabet is A.
                Write the first word with a capital letter.
                Which letter comes after B?
                The word cat begins with the letter C.
                Z is the last letter of the alphabet.
                She can already write the letter S.
                There is one letter missing in this word.
                The teacher drew a big letter on the board.
                A small letter is enough here, not a big one.
                The letter E is a vowel.
                How do you say this letter in English?
                """,
            ),
        ),
    ),
    TwoSenses(
        "kind",
        (
            _sense(
                "friendly",
                """
                The old woman was very kind to us.
                It is kind of you to help me.
                He was a good and kind king.
                Be kind to your little sister.
                She has a kind heart.
                The kind fairy gave her a dress.
                My teacher is kind and patient.
                They were so kind that they let us stay.
                Thank you, you are very kind.
                A kind boy gave his seat to the old man.
                The farmer was kind to his animals.
                How kind she is!
                """,
            ),
            _sense(
                "a sort",
                """
                What kind of music do you like?
                A whale is a kind of animal that lives in the sea.
                I have never seen this kind of flower before.
                What kind of dog is that?
                It is a kind of soup with beans.
                He makes every kind of toy.
                She does not like that kind of film.
                A violin is a kind of instrument.
                This kind of bread is very good.
                What kind of work does your father do?
                They sell every kind of fruit.
                It was a different kind of story.
                """,
            ),
        ),
    ),
    TwoSenses(
        "left",
        (
            _sense(
                "the side",
                """
                Turn left at the next corner.
                He writes with his left hand.
                My house is on the left side of the street.
                She hurt her left foot.
                Look left and right before you cross the road.
                The bathroom is the second door on the left.
                He broke his left arm.
                In England they drive on the left.
                The picture on the left is mine.
                There was a ring on her left hand.
                Go to the left and then straight on.
                He cannot hear with his left ear.
                """,
            ),
            _sense(
                "went away",
                """
                They left the house early in the morning.
                The train left ten minutes ago.
                She left without saying goodbye.
                He left school when he was fifteen.
                My brother left for London yesterday.
                We left the party at midnight.
                The bird left its nest and flew away.
                After breakfast the guests left.
                I left my umbrella on the bus.
                The ship left the harbour at noon.
                She put on her hat and left.
                He left home to seek his fortune.
                """,
            ),
        ),
    ),
)
