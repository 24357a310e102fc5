"""Which of what was found names the same articles as another, or articles that are watched already."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.fetch import address_key
from articles.models import Address
from articles.watch.onboarding.results import Candidate

SAME_FEED_SHARE = 0.8
"""The share of a feed's articles from which on it counts as naming the same as another feed."""


def all_watched(candidates: Sequence[Candidate]) -> set[str]:
    """The addresses of those whose newest articles are all watched already."""
    keys = {one.address: {address_key(link.url) for link in one.links} for one in candidates}
    known = set(Address.objects.filter(key__in=set().union(*keys.values())).values_list("key", flat=True))
    return {address for address, named in keys.items() if named and named <= known}


def overlaps(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Return by address, in words, what a candidate has in common with one before it, and with what is
    watched."""
    keys = {one.address: {address_key(link.url) for link in one.links} for one in candidates if one.is_usable}
    named_at_all = set().union(*keys.values())
    known = dict(Address.objects.filter(key__in=named_at_all).values_list("key", "article__source__name"))
    told = {}
    before: dict[str, set[str]] = {}
    for address, named in keys.items():
        same = next(
            (other for other, its in before.items() if len(named & its) >= SAME_FEED_SHARE * len(named)), ""
        )
        words = []
        if same and named:
            words.append(_("Names the same articles as %(address)s.") % {"address": same})
        if watched := named & known.keys():
            names = ", ".join(sorted({known[key] for key in watched})[:3])
            words.append(
                ngettext(
                    "%(count)s of its newest %(all)s is watched already, by %(names)s.",
                    "%(count)s of its newest %(all)s are watched already, by %(names)s.",
                    len(watched),
                )
                % {"count": len(watched), "all": len(named), "names": names}
            )
        told[address] = " ".join(words)
        before[address] = named
    return told
