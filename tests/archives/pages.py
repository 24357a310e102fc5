"""News pages for WARC files, written by us."""

from collections.abc import Sequence

LONG = (
    "The bridge over the river was closed to all traffic on Monday after the storm had damaged two piers.",
    "Engineers of the county looked at the damage in the morning and said repairs would take weeks.",
    "Drivers were asked to use the old road through the valley, where buses ran every twenty minutes.",
)


def page(headline: str, paragraphs: Sequence[str] = LONG, *, aside: str = "", head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{headline}</title>{head}</head><body>"
        f"<main><article><h1>{headline}</h1>{body}</article></main><footer>{aside}</footer></body></html>"
    ).encode()
