"""Keys that come with a request: in the header Authorization alone, never in an address, as those stand in
logs."""

from django.http import HttpRequest
from django.utils import timezone

from articles.models import ApiKey


class NoKey(Exception):
    """What came is no key that opens anything here, or it has ended."""


def key_of(request: HttpRequest) -> ApiKey | None:
    """The key that came with *request*; None where none came.

    :raises NoKey: what came is none.
    """
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    key = ApiKey.of(text.strip(), timezone.now()) if scheme.lower() == "bearer" else None
    if key is None:
        raise NoKey
    return key
