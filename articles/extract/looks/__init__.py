"""What only several looks at the pages of one source can tell. Pure: looks in, decisions out.

`Look` is one look at one page, made of a `Story` with `look_of`. A *place* is known by its `PlaceKey`: the
signature of a paragraph and its words with numbers folded.

ticking     `ticking_places`: what changes at nearly every look though nobody edited; `rests`: when it stopped
furniture   `standing_on_many`: what stands on many articles of a day: learned, or only suggested to an admin;
            `lying_signatures`: places that hold another story's words at most looks; `left_alone`: whether
            something learned left one article while it stands on the others, which is an edit
headlines   `variants_in_use`: headlines that come back while the body stays
live        `compare_entries`: what became of the entries of a live blog; `only_figures_moved`: of a table

What is learned leaves stored texts whole: `without` filters both sides of a comparison. What editors write to
readers (corrections, agencies' credits) is never learned: `is_kept_for_good`.
"""

from articles.extract.looks.furniture import (
    Standing,
    is_kept_for_good,
    left_alone,
    lying_signatures,
    standing_on_many,
)
from articles.extract.looks.headlines import HeadlineLook, variants_in_use
from articles.extract.looks.live import EntryChanges, compare_entries, only_figures_moved
from articles.extract.looks.look import Look, PlaceKey, SeenBlock, look_of, without
from articles.extract.looks.ticking import rests, ticking_places

__all__ = [
    "EntryChanges",
    "HeadlineLook",
    "Look",
    "PlaceKey",
    "SeenBlock",
    "Standing",
    "compare_entries",
    "is_kept_for_good",
    "left_alone",
    "look_of",
    "lying_signatures",
    "only_figures_moved",
    "rests",
    "standing_on_many",
    "ticking_places",
    "variants_in_use",
    "without",
]
