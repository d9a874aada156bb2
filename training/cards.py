"""Model cards: the words are `texts/cards/NAME.md`, the numbers come in. And what several cards say."""

from pathlib import Path

from training.engine import FOLDER

SOURCES = {
    "tinystories": ("TinyStories (Eldan & Li 2023, arXiv 2305.07759), 5,271 of its stories", "CDLA-Sharing-1.0"),
    "storybooks": (
        "picture books of African Storybook (africanstorybook.org) and of Pratham Books' StoryWeaver (storyweaver.org.in)",
        "CC BY 3.0 / 4.0",
    ),
    "tatoeba_en": ("English sentences of Tatoeba (tatoeba.org)", "CC BY 2.0 FR"),
    "classic_children": (
        "the simpler part of 60 children's classics from Project Gutenberg (gutenberg.org)",
        "public domain",
    ),
    "facts": ("template sentences on countries, capitals and languages after the CIA World Factbook", "CC0"),
    "classroom": ("synthetic English of this project (`training/classroom`)", "the project's own"),
}

THANKS_FOR_TEXT = (
    "The weights are under **CC BY 4.0**, the code that made them under the project's licence. The text asks for "
    "these credits:\n"
    "stories by the authors and illustrators of **African Storybook** (Saide, CC BY) and of **StoryWeaver** (Pratham "
    "Books, CC BY 4.0); sentences by the\n"
    "contributors of **Tatoeba** (CC BY 2.0 FR); **TinyStories** by Ronen Eldan and Yuanzhi Li (CDLA-Sharing-1.0, "
    "which puts no condition on results\n"
    "such as weights); **Project Gutenberg** and its volunteers; the **CIA World Factbook**. The texts were changed: "
    "repeats dropped, broken\n"
    "lines joined, some lines filtered. None of the sources endorses this model."
)


def millions(n: float) -> str:
    return f"{n / 1e6:.2f} M"


def data_table(plan: dict) -> str:
    rows = [
        "| source | licence | documents | characters | passes | tokens in the plan |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for name, passes in plan["passes"].items():
        what, licence = SOURCES.get(name, (name, "see the source"))
        rows.append(
            f"| `{name}`: {what} | {licence} | {plan['documents'][name]:,} | {millions(plan['characters'][name])} | "
            f"{passes:g} | {millions(plan['tokens_read'][name])} |"
        )
    return "\n".join(rows)


def lessons_table(lessons: list[dict]) -> str:
    topics = list(dict.fromkeys(item["topic"] for item in lessons))
    rows = ["| topic | right | prompts that fail, with what the model says |", "|---|---:|---|"]
    for topic in topics:
        items = [item for item in lessons if item["topic"] == topic]
        wrong = [
            f"“{item['prompt']}” → “{item['says'].strip()}” ({item['answers'][0]}: rank {item['rank']})"
            for item in items
            if not item["right"]
        ]
        rows.append(f"| {topic} | {len(items) - len(wrong)} of {len(items)} | {'; '.join(wrong)} |")
    return "\n".join(rows)


def arithmetic(training: dict) -> str:
    """In which types the run was computed."""
    found = training.get("arithmetic", "bfloat16")  # runs before it was recorded
    return f"{found} arithmetic with float32 weights" if found != "float32" else "float32 arithmetic"


def train_options(training: dict, more: str) -> str:
    """The options of `train` that make this run again; `more` are those of this program alone."""
    schedule = training["schedule"]
    return (
        f"--total-tokens {schedule['total']} --warmup-tokens {schedule['warmup']} "
        f"--decay-share {1 - schedule['decay_start'] / schedule['total']:.2f} "
        f"--muon-lr {training['muon_lr']:g} --adam-lr {training['adam_lr']:g} {more}"
    ).strip()


def write(folder: Path, name: str, **values: object) -> None:
    """The card's text with the values put in, as README.md of the model folder."""
    (Path(folder) / "README.md").write_text((FOLDER / "cards" / f"{name}.md").read_text("utf-8").format(**values))
