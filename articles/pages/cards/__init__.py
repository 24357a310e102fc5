"""The card of a change: a picture of 1200×630 pixels that other sites show beside a link to it.

:func:`card_of` says what stands on it, in words; :func:`draw` makes the PNG. Letters that no font here can
draw, or can't join as their script asks, are left out with the text they belong to: never boxes.
"""

from articles.pages.cards.content import Card, Line, card_of
from articles.pages.cards.drawing import HEIGHT, WIDTH, draw

__all__ = ["HEIGHT", "WIDTH", "Card", "Line", "card_of", "draw"]
