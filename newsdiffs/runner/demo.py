"""The demo: a newsroom of our own beside the site, and a source that watches it at a quick pace."""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from articles.models import Feed, Host, Source
from demo import NAME
from newsdiffs import environment
from newsdiffs.runner.startup import CannotStart, port_is_free

ADDRESS = "127.0.0.1"
SLUG = "harbour-gazette"
PORTS_TRIED = 50

# The script's edits of one story lie 45 seconds apart or more (demo/script.py).
PACE = {
    "floor_seconds": 10,
    "ceiling_seconds": 30,
    "feed_seconds": 20,
    "confirm_text_seconds": 5,
    "confirm_removal_seconds": 20,
}


def choose_port() -> int:
    """The newsroom's port: NEWSROOM_PORT, or the one its stories had last time, or a free one after PORT.

    Raises CannotStart when it is taken.
    """
    wanted = environment.whole("NEWSROOM_PORT", _last_port(), most=65535)
    if wanted and not port_is_free(ADDRESS, wanted):
        raise CannotStart(
            f"Something else already listens on port {wanted}, where the demo's newsroom has its stories. "
            "Stop it, or begin a new demo elsewhere: DATA_DIR=/somewhere ./run demo"
        )
    if wanted:
        return wanted
    for port in range(settings.PORT + 1, min(settings.PORT + PORTS_TRIED, 65536)):
        if port_is_free(ADDRESS, port):
            return port
    raise CannotStart(f"No port after {settings.PORT} is free for the demo's newsroom: set NEWSROOM_PORT.")


def _last_port() -> int:
    feed = Feed.objects.filter(source__slug=SLUG).first()
    return urlsplit(feed.address).port or 0 if feed else 0


def watch(port: int) -> None:
    """Add the newsroom's source and feed, or turn them on again, with no failure held against its host."""
    home_page = f"http://{ADDRESS}:{port}/"
    with transaction.atomic():
        source, _ = Source.objects.get_or_create(
            slug=SLUG, defaults={"name": NAME, "home_page": home_page, "language": "en", **PACE}
        )
        Source.objects.filter(pk=source.pk).update(enabled=True, home_page=home_page)
        feed = source.feeds.first() or Feed(source=source)
        feed.address = f"{home_page}feed.rss"
        feed.save()
        # Where it did not answer, it was not running.
        Host.objects.filter(pk=feed.host_id).update(failures=0, pauses=0, paused_until=None)


def check_apart(*, demo: bool) -> None:
    """The demo and a site in use never share data, whatever DATA_DIR and DATABASE_URL say.

    Raises CannotStart where the demo finds sources that are not its own alone, or a site finds the demo's.
    """
    is_the_demos = Source.objects.filter(slug=SLUG, home_page__startswith=f"http://{ADDRESS}:").exists()
    if demo and not is_the_demos and Source.objects.exists():
        raise CannotStart(
            f"{_where()} has sources of a site in use, which the demo leaves alone. "
            "Begin it elsewhere: DATA_DIR=/somewhere ./run demo (and without DATABASE_URL)"
        )
    if not demo and is_the_demos:
        raise CannotStart(
            f"{_where()} has the demo's data. Go on with the demo by ./run demo, or begin a site of your own "
            "elsewhere: DATA_DIR=/somewhere ./run"
        )


def _where() -> str:
    return f"The database in {settings.DATA_DIR}" if settings.SQLITE else "The database of DATABASE_URL"


def environment_for(port: int) -> dict[str, str]:
    """What the site and the worker must be told so that they may fetch from the newsroom, and soon, tell of
    its changes at once, and let everybody have evidence of them."""
    allowed = [settings.FETCH_ALLOW_ENDPOINTS, f"{ADDRESS}:{port}"]
    return {
        "FETCH_ALLOW_ENDPOINTS": ",".join(filter(None, allowed)),
        "FETCH_HOST_DELAY": os.environ.get("FETCH_HOST_DELAY", "0.5"),
        # All of its texts are ours.
        "OPEN_EVIDENCE": os.environ.get("OPEN_EVIDENCE", "1"),
        # Whoever looks on should not have to wait ten minutes to be told.
        "NOTICE_DELAY": os.environ.get("NOTICE_DELAY", "0"),
    }
