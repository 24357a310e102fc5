"""One side of a comparison: its paragraphs, split into words only when somebody asks."""

from collections.abc import Iterable, Sequence

from articles.diff.tokens import Lexicon, is_plain, tokenise
from articles.diff.wording import Text


class Side:
    """The paragraphs of one side; both sides of a comparison share a lexicon and a memory of texts."""

    def __init__(self, texts: Sequence[str], lexicon: Lexicon, seen: dict[str, Text]) -> None:
        self.texts = texts
        self._lexicon = lexicon
        self._seen = seen

    def __len__(self) -> int:
        return len(self.texts)

    def codes(self, i: int) -> str:
        """The tokens of paragraph i as compared, a character for each."""
        found = self._seen.get(self.texts[i])
        return found.codes if found else self.split(i).codes

    def holds_a_word(self, codes: Iterable[str]) -> bool:
        """Whether one of some codes stands for a word, not punctuation."""
        return not self._lexicon.words().isdisjoint(codes)

    def words_of(self, i: int) -> str:
        """The words of paragraph i as compared, a character for each, without punctuation."""
        codes = self.codes(i)
        return "".join(filter(self._lexicon.words().__contains__, codes))

    def split(self, i: int) -> Text:
        """Paragraph i in tokens."""
        text = self.texts[i]
        found = self._seen.get(text)
        if found is None:
            tokens = tokenise(text)
            codes = self._lexicon.encode(tokens, plain=is_plain(text))
            found = self._seen[text] = Text(codes, tokens)
        return found
