"""How a kept page is stored: packed by zstandard, with another page as the dictionary where there is one.

Two renderings of one page have nearly all in common, two pages of one site still most. Each stored form bears
a checksum: a wrong dictionary raises instead of giving a wrong page.
"""

import zstandard

LEVEL = 9
"""The level of zstandard; a higher one takes several times as long for a few per cent."""

LARGEST_BASE = 4 * 1024 * 1024
"""Bytes; a larger page is no dictionary for others, so that packing takes no longer than reading the page."""

DAMAGED = (zstandard.ZstdError, ValueError)
"""The errors that unpacking raises when a stored page, or the one it is stored against, is damaged."""

_LARGEST_WINDOW = 27  # log2 of bytes: zstandard's own limit for readers that were not told otherwise


def pack(page: bytes, base: bytes | None) -> bytes:
    """Return *page* as stored, given the page to store it against (None: it is stored whole)."""
    usable = base if base and len(base) <= LARGEST_BASE else None
    window = max(10, min(_LARGEST_WINDOW, (len(page) + len(usable or b"")).bit_length()))
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(page), dict_size=len(usable or b""), window_log=window, write_checksum=True
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters, dict_data=_dictionary(usable))
    return packer.compress(page)


def unpack(data: bytes, base: bytes | None) -> bytes:
    """Return the page that `pack` stored.

    :raises zstandard.ZstdError: *base* is another page, or the data is damaged.
    """
    reader = zstandard.ZstdDecompressor(dict_data=_dictionary(base), max_window_size=1 << _LARGEST_WINDOW)
    return reader.decompress(data)


def _dictionary(base: bytes | None) -> zstandard.ZstdCompressionDict | None:
    if not base or len(base) > LARGEST_BASE:
        return None
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
