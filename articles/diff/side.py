"""One side of a comparison: its paragraphs, split into words only when somebody asks."""

from collections.abc import Sequence

from .tokens import Lexicon, tokenise


class Side:
    """The paragraphs of one side; both sides of a comparison share a lexicon and a memory of texts."""

    def __init__(
        self, texts: Sequence[str], lexicon: Lexicon, seen: dict[str, tuple[list[str], str]]
    ) -> None:
        self.texts = texts
        self._lexicon = lexicon
        self._seen = seen

    def __len__(self) -> int:
        return len(self.texts)

    def tokens(self, i: int) -> list[str]:
        """The tokens of paragraph i, as written."""
        return self._split(self.texts[i])[0]

    def codes(self, i: int) -> str:
        """The tokens of paragraph i as compared, a character for each."""
        return self._split(self.texts[i])[1]

    def _split(self, text: str) -> tuple[list[str], str]:
        found = self._seen.get(text)
        if found is None:
            tokens = tokenise(text)
            found = self._seen[text] = tokens, self._lexicon.encode(tokens)
        return found
