"""Which addresses lead to one story. Pure."""

from articles.extract import Story
from articles.fetch import Answer, address_key
from articles.watch.check.classify import leads_away


def aliases_of(answer: Answer, story: Story) -> tuple[str, ...]:
    """Other addresses of the story: where redirects led, and its canonical link if that stays on the site.

    Canonical links to a home or section page are a known mistake of sites, and lead nowhere.
    """
    found = [answer.final_url]
    canonical = story.canonical
    if (
        canonical
        and _site(canonical) == _site(answer.final_url)
        and not leads_away(answer.final_url, canonical)
    ):
        found.append(canonical)
    return tuple(found)


def _site(address: str) -> str:
    try:
        return address_key(address).split("/")[2].removeprefix("www.")
    except ValueError:
        return ""
