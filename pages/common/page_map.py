"""Every screen there is. PAGES are the stations, in the order in which a sentence passes; a new screen joins with one entry."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """One screen: its key, its file from the project's root, its title and its question (English, translated when shown).

    `guesses`: it asks what belongs in a gap, so a model that fills gaps may not see the word that is looked at.
    """

    key: str
    file: str
    title: str
    question: str
    guesses: bool = False

    @property
    def url_path(self) -> str:
        """The last part of the address, as Streamlit makes it from the file's name; empty for the home screen."""
        return "" if self.key == "home" else Path(self.file).stem.partition("_")[2]


PAGES = (
    Page("home", "app.py", "Text", "What happens to a sentence on its way to the next word?", guesses=True),
    Page("tokens", "pages/1_Tokens.py", "Tokens", "How is the sentence cut into pieces?"),
    Page("embeddings", "pages/2_Embeddings.py", "Embeddings", "Which tokens are alike?"),
    Page("attention", "pages/3_Attention.py", "Attention", "Where does each token look?"),
    Page("layers", "pages/4_Layers.py", "Layers", "How does the guess form from layer to layer?", guesses=True),
    Page("prediction", "pages/5_Prediction.py", "Prediction", "How likely is each possible next token?", guesses=True),
    Page("sampling", "pages/6_Sampling.py", "Sampling", "How is one token chosen?", guesses=True),
    Page("generation", "pages/7_Generation.py", "Generation", "How does one token after another become a text?"),
)
BESIDE = (Page("glossary", "pages/8_Glossary.py", "Glossary", "What does this word mean?"),)
"""What is not a station of the way: it shows no sentence, and the bar leads there."""

BY_KEY = {page.key: page for page in (*PAGES, *BESIDE)}
