"""Which links lead to articles: told by how their addresses are made and what they say."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

_DATE = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|\d\d)")
_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?([0-3]\d)(?!\d)")
_IDENTIFIER = re.compile(r"\d{5,}")
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_QUERY_IDENTIFIER = re.compile(
    r"(?:^|&)(?:id|p|aid|nid|sid|artid|article_?id|news_?id|story_?id|idx\w*|no)=\w*\d", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|xml|rss|json|css|js)$", re.IGNORECASE)
_SERVICES = """
    about account advertise agb archive archives author authors autor autoren categories category contact
    cookies datenschutz faq feed feeds help hilfe imprint impressum jobs kontakt legal login logout masthead
    mentions-legales my newsletter newsletters page podcasts privacy privacy-policy profile register rss
    search shop sign-in signin signup sitemap subscribe subscription suche tag tags terms terms-of-use thema
    topic topics user users
    auteur auteurs autore autores autori categoria categorias categorie etiqueta etiquetas etiquette
    etiquettes kategori kategorie kategorien mot-cle rubrik rubriken rubrique rubriques schlagwort
    schlagworte seccion secciones stichwort tema temas themen
"""
_NO_ARTICLE = frozenset(_SERVICES.split())
_SLUG_WORDS = 4  # "council-votes-on-bridge"; sections and services have fewer
_SAID_WORDS = 5  # a headline's; menus say less
_SAID_WIDE = 10  # characters, in scripts that set no space between words


def looks_like_article(address: str, said: str = "") -> bool:
    """Whether a link to `address` that says `said` is likely one to an article.

    An address shows it by a date, a long number or a slug of several words; where it shows nothing (and is no
    page of a service), a link that says as much as a headline does is believed.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    path = unquote(parts.path)
    pieces = [piece for piece in path.split("/") if piece]
    if not pieces:
        return _QUERY_IDENTIFIER.search(parts.query) is not None
    if _FILE.search(path) or pieces[0].lower() in _NO_ARTICLE:
        return False
    if _DATE.search(path + "/"):
        return not _ends_in_date(path)
    if any(piece.lower() in _NO_ARTICLE for piece in pieces):
        return False
    slug = pieces[-1]
    if _IDENTIFIER.search(slug) or _QUERY_IDENTIFIER.search(parts.query):
        return True
    if len(_WORD.findall(slug.rpartition(".")[0] or slug)) >= _SLUG_WORDS:
        return True
    return len(_WORD.findall(said)) >= _SAID_WORDS or len(_WIDE.findall(said)) >= _SAID_WIDE


def is_listing(address: str) -> bool:
    """Whether an address is plainly one of a tag, category, author, archive or service."""
    path = unquote(address.partition("?")[0].partition("://")[2].partition("/")[2])
    pieces = path.lower().strip("/").split("/")
    if _NO_ARTICLE.isdisjoint(pieces) and not pieces[-1].isdigit():
        return False
    return _ends_in_date(f"/{path}") if _DATE.search(f"/{path}/") else not _NO_ARTICLE.isdisjoint(pieces)


def date_in_address(address: str) -> datetime | None:
    """The day that an address names, in UTC, as most news sites' do; None if it names none."""
    match = _DAY.search(address)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC) if match else None
    except ValueError:
        return None


def _ends_in_date(path: str) -> bool:
    """Whether the date is all: the archive of a day or a month."""
    return re.search(r"[^\d/-]", _DATE.split(path + "/", maxsplit=1)[-1]) is None
