"""Which addresses lead to one story."""

from articles.diff import key
from articles.extract import Story
from articles.fetch import Answer, address_key
from articles.models import Address, Article
from articles.watch.check.classify import leads_away


def other_article(article: Article, address: str) -> int | None:
    """The article other than this one that *address* leads to."""
    known = Address.objects.filter(key=address_key(address)).exclude(article=article)
    return known.values_list("article_id", flat=True).first()


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


def same_story(article: Article, aliases: tuple[str, ...], story: Story) -> int | None:
    """The article that the story's addresses lead to already, if it bears the same headline."""
    if not story.headline:
        return None
    for other in filter(None, (other_article(article, alias) for alias in aliases)):
        headline = Article.objects.values_list("headline", flat=True).get(pk=other)
        if key(headline) == key(story.headline):
            return other
    return None
