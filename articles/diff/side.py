"""One side of a comparison: its paragraphs, split into words only when somebody asks."""

from collections.abc import Sequence

from articles.diff.tokens import Lexicon, is_plain, is_word, tokenise
from articles.diff.wording import Text


class Side:
    """The paragraphs of one side; both sides of a comparison share a lexicon and a memory of texts."""

    def __init__(self, texts: Sequence[str], lexicon: Lexicon, seen: dict[str, Text]) -> None:
        self.texts = texts
        self._lexicon = lexicon
        self._seen = seen
        self._words: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def codes(self, i: int) -> str:
        """The tokens of paragraph i as compared, a character for each."""
        found = self._seen.get(self.texts[i])
        return found.codes if found else self.split(i).codes

    def words(self, i: int) -> frozenset[str]:
        """Those codes of paragraph i that stand for words, not punctuation."""
        found = self._words.get(i)
        if found is None:
            codes, tokens = self.split(i)
            words = {code for code, token in zip(codes, tokens, strict=True) if is_word(token)}
            if tokens and is_word(tokens[0].lstrip()):
                words.add(codes[0])
            found = self._words[i] = frozenset(words)
        return found

    def words_of(self, i: int) -> str:
        """The words of paragraph i as compared, a character for each, without punctuation."""
        words = self.words(i)
        return "".join(code for code in self.codes(i) if code in words)

    def split(self, i: int) -> Text:
        """Paragraph i in tokens."""
        text = self.texts[i]
        found = self._seen.get(text)
        if found is None:
            tokens = tokenise(text)
            codes = self._lexicon.encode(tokens, plain=is_plain(text))
            found = self._seen[text] = Text(codes, tokens)
        return found
