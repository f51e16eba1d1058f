"""Texts to embed and letters to import, made from the shipped corpus by a seeded generator."""

from __future__ import annotations

import random
from pathlib import Path

_SEED = 20161201


def corpus_sentences(corpus: Path) -> list[str]:
    """The sentences of the illustrative determinations, in file order."""
    joined = " ".join(path.read_text("utf-8") for path in sorted((corpus / "determinations").glob("*.md")))
    return [" ".join(piece.split()) for piece in joined.split(". ") if len(piece.split()) > 5]


def distinct_texts(corpus: Path, count: int) -> list[str]:
    """`count` distinct texts of one to eight sentences, the lengths of real rationales; the same for every run."""
    chance = random.Random(_SEED)  # noqa: S311 - repeatable, nothing secret
    sentences = corpus_sentences(corpus)
    texts: dict[str, None] = {}
    while len(texts) < count:
        texts[". ".join(chance.sample(sentences, chance.randint(1, 8))) + "."] = None
    return list(texts)


def write_letters(corpus: Path, folder: Path, count: int) -> None:
    """`count` letters as text files: the illustrative letters over and over, each with a sentence of its own."""
    chance = random.Random(_SEED)  # noqa: S311 - repeatable, nothing secret
    originals = [
        path.read_text("utf-8").split("---", 2)[-1] for path in sorted((corpus / "determinations").glob("*.md"))
    ]
    sentences = corpus_sentences(corpus)
    for number in range(count):
        letter = originals[number % len(originals)]
        (folder / f"letter-{number:06}.txt").write_text(f"{letter}\n{chance.choice(sentences)} ({number}).\n", "utf-8")
