"""Text as it is stored: one form for what a reader cannot tell apart."""

import re
import unicodedata

# What never reaches the store. White space among the controls becomes a space before this is applied.
#   C0, DEL and C1 controls; surrogates; the two noncharacters that end each plane and U+FDD0..U+FDEF;
#   soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width space, word joiner and the other
#   invisible operators, bidirectional marks, embeddings and isolates, byte order mark, annotation anchors.
# ZWNJ (U+200C) and ZWJ (U+200D) stay: Persian, the Indic scripts and emoji are misspelt without them.
_NONCHARACTERS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    f"\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb{_NONCHARACTERS}]+"
)
_WHITE_SPACE = re.compile(r"[\s\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Return `text` as the store keeps it: NFC, no control or invisible characters, white space collapsed.

    Idempotent, and never raises. The characters removed are those of the design for stored text:
    C0 and C1 controls, NUL, surrogates, noncharacters, soft hyphens, zero-width and bidirectional marks.
    ZWJ and ZWNJ stay. Every run of white space becomes one space, none stands at either end.
    """
    plain = " ".join(text.split())
    if plain.isprintable():  # most texts: then it holds none of what is removed
        return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    spaced = _WHITE_SPACE.sub(" ", text)
    visible = _FORBIDDEN.sub("", spaced)
    return " ".join(unicodedata.normalize("NFC", visible).split())
