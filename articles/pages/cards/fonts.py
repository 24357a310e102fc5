"""Which font draws which letters.

Open Sans comes with the installation (the package ttf-opensans) and has Latin, Greek and Cyrillic. Other
scripts are drawn where the machine has Noto or DejaVu fonts, as Debian's fonts-noto packages bring them.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import ttf_opensans
from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont, features

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_NAMES = ("DejaVuSans{}.ttf", "NotoSansCJK{}.ttc", "NotoSans{}.ttf", "NotoSans*{}.ttf")
_STYLES = {False: ("", "-Regular"), True: ("-Bold",)}

_COLLECTION = {"ja": "JP", "ko": "KR", "zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK", "zh": "SC"}
"""Han letters look different in each language: the member of a collection by the language's name."""

# Hebrew to Thaana and beyond, the scripts of South and South East Asia whose letters join or reorder, and
# the forms of the first.
_JOINING = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))


class Face(NamedTuple):
    """A font file, and which font in it where it holds several."""

    path: str
    member: int = 0


@lru_cache(maxsize=10_000)
def face_for(text: str, *, bold: bool, language: str) -> Face | None:
    """The first font that has every letter of *text*; None when there is none."""
    wanted = frozenset(map(ord, text))
    return next((face for face in _faces(bold, language) if wanted <= _letters(face)), None)


def drawable(text: str, *, bold: bool, language: str) -> str | None:
    """*text* as it can be drawn, or None where a letter or figure of it can't be.

    A sign that can't be drawn, such as an emoji, is only left out.
    """
    if not _joins_letters() and any(_is_joining(ord(letter)) for letter in text):
        return None
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if _is_selector(letter):
            continue
        if letter.isspace() or face_for(letter, bold=bold, language=language):
            kept.append(letter)
        elif unicodedata.category(letter)[0] in "LNM":
            return None
    return "".join(kept)


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size, index=face.member)


@cache
def _joins_letters() -> bool:
    """Whether Pillow can shape text here: its wheels can, a build without Raqm can't."""
    return bool(features.check("raqm") and features.check("fribidi"))


def _is_joining(code: int) -> bool:
    return any(first <= code <= last for first, last in _JOINING)


def _is_selector(letter: str) -> bool:
    """Whether it only says how the sign before it looks."""
    return "\ufe00" <= letter <= "\ufe0f"


@cache
def _faces(bold: bool, language: str) -> tuple[Face, ...]:
    """The fonts there are, ours first; those of the other weight last: better another weight than none."""
    ours = ttf_opensans.OPENSANS_BOLD if bold else ttf_opensans.OPENSANS_REGULAR
    found = [Face(str(ours.path))]
    for weight in (bold, not bold):
        for name in _NAMES:
            for style in _STYLES[weight]:
                found += [_face(path, language) for path in _files(name.format(style))]
    return tuple(dict.fromkeys(found))


def _files(pattern: str) -> list[Path]:
    return sorted(path for folder in _FOLDERS for path in folder.rglob(pattern))


def _face(path: Path, language: str) -> Face:
    if path.suffix != ".ttc":
        return Face(str(path))
    tag = language.lower()
    member = next((end for start, end in _COLLECTION.items() if tag.startswith(start)), "SC")
    names = _members(path)
    return Face(str(path), next((n for n, name in enumerate(names) if name.endswith(f" {member}")), 0))


@cache
def _members(path: Path) -> tuple[str, ...]:
    with TTCollection(path, lazy=True) as collection:
        return tuple(str(member["name"].getBestFamilyName()) for member in collection)


@cache
def _letters(face: Face) -> frozenset[int]:
    """The code points that the font has a picture for."""
    with TTFont(face.path, fontNumber=face.member, lazy=True) as opened:
        return frozenset(opened.getBestCmap() or ())
