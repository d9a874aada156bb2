"""`python -m training.classroom --chars N --seed S --out FILE` writes the classroom text."""

import argparse

from training.classroom import documents


def main() -> None:
    """Write the documents, each followed by an end-of-text line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--chars", type=int, default=12_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with open(options.out, "w", encoding="utf-8") as file:
        for document in documents(options.seed, options.chars):
            file.write(document + "\n<|endoftext|>\n")


if __name__ == "__main__":
    main()
