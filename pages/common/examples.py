"""Ready-made prompts, each for something it shows."""

EXAMPLES = (
    ("The Eiffel …", "The Eiffel"),
    ("A dog's bark", "The dog's bark was"),
    ("A tree's bark", "The tree's bark was"),
    ("Better safe …", "Better safe than"),
    ("Favourite colour", "My favourite colour is"),
    ("A story", "Once upon a time there was a little"),
)
