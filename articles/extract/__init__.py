"""What a news page says: bytes, its address and a source's rules in; a Story out.

Pure: no network, no database, no Django, no clock but to refuse dates that lie ahead. The same text gives the
same Story whatever adverts, "most read" lists and counters stand around it: that is what this room is for.

`extract` reads a page; `Story` is what it returns. Of each paragraph it says how it is set and what in it
changes by itself (`TextBlock`); `compared_paragraphs` is what two looks at a page are compared by, `left_out`
what that leaves out; `fold_digits` makes texts alike that differ in numbers only. A live blog has its
`LiveEntry`s; `Claims` is what the page says of itself to machines.
What only several looks can tell stands in `articles.extract.looks`.

`Rules` is what an admin may say about a source's pages; `faults_of` finds what of them cannot be applied,
each a `RuleFault`. `EXTRACTOR_VERSION` grows whenever the same page may give another Story, so that an
upgrade is not taken for an edit. `no_story_phrase` finds words that stand in place of a story. `clean` is the
one form in which text is stored; `decode` turns bytes to text. `teasers` are the links to other stories that
stand between a page's paragraphs. `trace` tells what rules do to a page, for
whoever writes them: a `Trace` of `Block`s.

A page of hostile markup can hold lxml for half a minute: callers run this in a process they can kill.
"""

from articles.extract.blocks import fold_digits
from articles.extract.decoding import decode
from articles.extract.problems import no_story_phrase, words_in_place_of_story
from articles.extract.reading import EXTRACTOR_VERSION, extract
from articles.extract.rules import RuleError, RuleFault, Rules, faults_of
from articles.extract.story import (
    Claims,
    LiveEntry,
    NoStory,
    Story,
    TextBlock,
    compared_paragraphs,
    left_out,
)
from articles.extract.teasers import teasers
from articles.extract.text import clean
from articles.extract.tracing import Block, Trace, trace

__all__ = [
    "EXTRACTOR_VERSION",
    "Block",
    "Claims",
    "LiveEntry",
    "NoStory",
    "RuleError",
    "RuleFault",
    "Rules",
    "Story",
    "TextBlock",
    "Trace",
    "clean",
    "compared_paragraphs",
    "decode",
    "extract",
    "faults_of",
    "fold_digits",
    "left_out",
    "no_story_phrase",
    "teasers",
    "trace",
    "words_in_place_of_story",
]
