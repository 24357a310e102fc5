# ruff: noqa: E501  (a sentence stays on its line)
import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.extract import NoStory, extract, messages
from tests.extract.pages import news_page
from tests.extract.words import CHINESE, ENGLISH

URL = "https://paper.example/a"


def problem(body: str | bytes, content_type: str | None = None) -> str:
    return extract(body.encode() if isinstance(body, str) else body, URL, content_type=content_type).problem


def test_a_story_has_no_problem() -> None:
    assert problem(news_page(ENGLISH)) == ""


@pytest.mark.parametrize("body", [b"", b"  \n ", b"\xef\xbb\xbf", b"\x00\x00"])
def test_nothing_is_empty(body: bytes) -> None:
    assert problem(body) == "empty"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 \x93\x8c\x8b\x9e", None),
        (b'{"headline": "Bridge"}', None),
        (b"Just text, 3 < 4.", "text/plain"),
        (b"<?xml version='1.0'?><rss><channel></channel></rss>", "application/xml"),
        (b"<html><p>story</p></html>", "image/jpeg"),
        (b"<!-- -->", "text/html"),
    ],
)
def test_what_is_no_page_is_not_html(body: bytes, content_type: str | None) -> None:
    assert problem(body, content_type).startswith("not HTML")


def test_a_short_text_is_too_short() -> None:
    assert problem("<h1>Bridge</h1><p>The bridge is closed, the city said on Monday.</p>").startswith(
        "too short"
    )
    assert problem("<div id=app></div>") == "no article text found"


def test_a_letter_of_chinese_says_more_than_one_of_an_alphabet() -> None:
    brief = "".join(f"<p>{paragraph}</p>" for paragraph in CHINESE.paragraphs[:2])
    assert len(brief) < 120
    assert problem(f"<h1>{CHINESE.headline}</h1>{brief}") == ""
    assert problem(f"<h1>{CHINESE.headline}</h1><p>{CHINESE.paragraphs[0][:30]}</p>").startswith("too short")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Please enable JavaScript and disable any ad blocker", "a wall"),
        ("Checking your browser before accessing the site.", "a wall"),
        ("Subscribe to continue reading.", "a wall"),
        ("Bitte aktivieren Sie JavaScript, um fortzufahren.", "a wall"),
        ("Dieser Artikel ist nur für Abonnenten.", "a wall"),
        ("Cet article est réservé aux abonnés.", "a wall"),
        ("Contenido exclusivo para suscriptores", "a wall"),
        ("Articolo riservato agli abbonati", "a wall"),
        ("Conteúdo exclusivo para assinantes", "a wall"),
        ("Dit artikel is alleen voor abonnees", "a wall"),
        ("Artykuł tylko dla prenumeratorów", "a wall"),
        ("Статья доступна только по подписке: доступно только по подписке", "a wall"),
        ("この記事は会員限定です", "a wall"),
        ("请启用 JavaScript 后重试", "a wall"),
        ("구독자 전용 기사입니다", "a wall"),
        ("هذا المقال للمشتركين فقط", "a wall"),
        ("Error 404. We looked for it everywhere.", "not found"),
        ("The page you are looking for could not be found.", "not found"),
        ("Seite nicht gefunden", "not found"),
        ("Der Artikel ist leider nicht mehr verfügbar.", "not found"),
        ("La page demandée est introuvable", "not found"),
        ("Página no encontrada", "not found"),
        ("Pagina non trovata", "not found"),
        ("Página não encontrada", "not found"),
        ("Pagina niet gevonden", "not found"),
        ("Nie znaleziono strony", "not found"),
        ("Sidan kunde inte hittas", "not found"),
        ("Страница не найдена", "not found"),
        ("お探しのページは見つかりません", "not found"),
        ("您访问的页面不存在", "not found"),
        ("페이지를 찾을 수 없습니다", "not found"),
        ("الصفحة غير موجودة", "not found"),
        ("503 Service Temporarily Unavailable", "out of order"),
        ("451: Unavailable due to legal reasons", "out of order"),
        ("This website is currently under maintenance.", "out of order"),
        ("Unsere Seite ist derzeit leider nicht erreichbar.", "out of order"),
        ("Notre site est actuellement en maintenance.", "out of order"),
        ("El sitio web está en mantenimiento.", "out of order"),
        ("На сайте ведутся технические работы.", "out of order"),
        ("現在、サイトにアクセスが集中しております。", "out of order"),
        ("Es ist ein Fehler aufgetreten. Bitte versuchen Sie es später noch einmal.", "out of order"),
        ("We are having technical difficulties.", "out of order"),
        ("Verifying you are human. This may take a few seconds.", "a wall"),
        ("Press & Hold to confirm you are a human (and not a bot).", "a wall"),
        ("You are using a browser that we no longer support.", "a wall"),
        ("La page que vous recherchez a été déplacée.", "not found"),
        ("Leider konnten wir die gewünschte Seite nicht finden.", "not found"),
        ("La notizia richiesta non è più disponibile.", "not found"),
        ("This article has been removed from our website.", "not found"),
    ],
)
def test_a_page_that_is_only_a_message_says_so(said: str, reason: str) -> None:
    assert problem(f"<h1>The Paper</h1><p>{said}</p>").startswith(reason)
    longer = (
        f"{said} You can search the site, or go back to the front page, where the news of today stands first."
    )
    assert problem(f"<h1>The Paper</h1><div><p>{longer}</p></div>").startswith(reason)


@pytest.mark.parametrize(
    "teaser",
    [
        '<li><a href="/{n}">{head}</a><p>{text}</p></li>',
        '<article><h2><a href="/{n}">{head}</a></h2><p>{text}</p><span>2 h</span></article>',
    ],
)
def test_a_list_of_other_stories_is_no_story(teaser: str) -> None:
    teasers = "".join(
        teaser.format(n=n, head=f"Boy finds coin {n}", text=f"{paragraph} …")
        for n, paragraph in enumerate(ENGLISH.paragraphs)
    )
    page = f"<title>Coast</title><main><h1>Coast</h1><div>{teasers}</div></main>"
    assert problem(page) == "a list of stories"
    gone = page.replace("<h1>Coast</h1>", "<h1>Page not found</h1><p>We can’t find this page.</p>")
    assert problem(gone).startswith("not found")
    article = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Coast"}</script>'
    assert problem(page.replace("<main>", f"{article}<main>")) == ""


@pytest.mark.parametrize(
    "part",
    [
        '<section><h2><a href="https://shop.example/{n}">The best boat of all {n}</a></h2><p>{text}</p></section>',
        '<section><a href="?post={n}">10:3{n}</a><p>{text}</p></section>',
        '<section><a href="/who/{n}">Ada Lindqvist:</a><p>{text}</p></section>',
        '<section><a href="/share/{n}">Share</a><p>{text}</p></section>',
    ],
    ids=["to shops", "by time", "by speaker", "to share"],
)
def test_a_story_in_parts_that_links_head_is_a_story(part: str) -> None:
    parts = "".join(part.format(n=n, text=text) for n, text in enumerate(ENGLISH.paragraphs))
    page = f"<title>{ENGLISH.headline}</title><main><h1>{ENGLISH.headline}</h1><div>{parts}</div></main>"
    assert problem(page) == ""
    assert set(ENGLISH.paragraphs) <= set(extract(page.encode(), URL).paragraphs)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (
            "Die Website ist derzeit nicht erreichbar: Hacker legen die Stadt Selm lahm",
            "Hacker haben am Montag die Stadt lahmgelegt. Wann die Ämter wieder öffnen, ist noch nicht bekannt. Die Polizei ermittelt.",
        ),
        (
            "Tickets for the fair are gone",
            "Tickets for the fair were gone within an hour. “Please try again later,” was all that people read, 3,000 of them.",
        ),
    ],
)
def test_a_page_that_calls_itself_an_article_may_tell_what_a_server_said(headline: str, text: str) -> None:
    body = f"<title>{headline}</title><main><h1>{headline}</h1><p>{text}</p></main>"
    assert problem(f'<meta property="og:type" content="article">{body}') == ""


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (
            "Website of the tax office down for hours",
            "The website of the tax office was down for hours on Monday. The office asked people to try again.",
        ),
        (
            "Ferry firm admits technical difficulties",
            "The ferry firm admitted technical difficulties on Monday, and said that 3,000 bookings were lost by it.",
        ),
        (
            "Tunnel closed for maintenance",
            "The Elm tunnel is closed for maintenance each night of the week. Buses go round by the old quay.",
        ),
    ],
)
def test_a_brief_of_what_is_out_of_order_is_a_story(headline: str, text: str) -> None:
    assert problem(f"<title>{headline}</title><main><h1>{headline}</h1><p>{text}</p></main>") == ""


CONSENT = {
    "en": (
        "We and our 193 partners store information on a device, such as unique IDs in cookies, to process personal data.",
        "You may accept or manage your choices by clicking below, including your right to object to legitimate interest.",
        "Use precise geolocation data. Personalised advertising and content, advertising and content measurement.",
        "With your consent we may use tracking. You can withdraw your consent at any time in our privacy policy.",
        "Read with advertising, or subscribe to the ad-free version of The Paper for 4.99 a month.",
    ),
    "de": (
        "Wir und unsere 193 Partner verarbeiten Ihre personenbezogenen Daten, zum Beispiel mit Cookies auf Ihrem Gerät.",
        "Mit Ihrer Zustimmung zeigen wir Ihnen personalisierte Anzeigen und messen deren Leistung auf allen Seiten.",
        "Sie können Ihre Einwilligung jederzeit in der Datenschutzerklärung widerrufen, auch für einzelne Zwecke.",
        "Lesen Sie werbefrei mit dem Pur-Abo für 4,99 im Monat, oder lesen Sie weiter wie gewohnt mit Werbung.",
        "Manche Partner verarbeiten Daten auf der Grundlage eines berechtigten Interesses, dem Sie widersprechen können.",
    ),
    "fr": (
        "Avec votre consentement, nos 193 partenaires et nous utilisons des cookies pour traiter vos données personnelles.",
        "Vous pouvez retirer votre consentement à tout moment depuis la page consacrée aux cookies de notre site.",
        "Publicités personnalisées, mesure de performance des publicités, études d’audience, développement de services.",
        "Continuer sans accepter, paramétrer les choix ou tout accepter: vos préférences valent pour tout le site.",
        "Abonnez-vous pour lire sans cookies publicitaires: l’offre sans publicité coûte 4,99 euros par mois.",
    ),
}


@pytest.mark.parametrize("language", CONSENT)
def test_a_form_of_consent_is_no_story_however_long(language: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in CONSENT[language])
    page = f"<html lang={language}><title>The Paper</title><h1>The Paper</h1><div class='box'>{text}</div>"
    assert problem(page) == "a form of consent"


def test_a_form_of_consent_may_shout() -> None:
    text = "".join(f"<p>{paragraph.upper()}</p>" for paragraph in CONSENT["de"])
    assert problem(f"<h1>The Paper</h1><div class='box'>{text}</div>") == "a form of consent"


def test_in_small_letters_a_pattern_finds_what_it_finds_whatever_the_case() -> None:
    letters = "".join(filter(str.isalpha, set(re.sub(r"\\\w", "", messages.CONSENT.pattern))))
    whatever_the_case = re.compile(f"[{letters}]", re.IGNORECASE)
    for character in map(chr, range(sys.maxunicode + 1)):
        is_found = whatever_the_case.fullmatch(character) is not None
        assert is_found == (messages.in_small_letters(character) in letters), character


def test_a_story_about_consent_is_a_story() -> None:
    assert problem(news_page(ENGLISH, paragraphs=CONSENT["en"])) == ""
    mostly = (*ENGLISH.paragraphs, CONSENT["en"][0])
    assert problem(news_page(ENGLISH, paragraphs=mostly, linked_data=False)) == ""


def test_a_story_about_a_wall_is_a_story() -> None:
    told = (*ENGLISH.paragraphs, "Visitors were told that the page could not be found.")
    assert problem(news_page(ENGLISH, paragraphs=told)) == ""


def test_a_page_the_parser_gave_up_on_is_cut_off() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "<div>" * 5000)
    assert problem(deep).startswith("cut off")


def test_a_page_merely_deep_is_read_whole() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "<div>" * 1500)
    assert extract(deep.encode(), URL).paragraphs == ENGLISH.paragraphs


def test_many_errors_do_not_hide_the_cut() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "</b></nonsense>" * 500 + "<div>" * 5000)
    assert problem(deep).startswith("cut off")


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html", "text/html; charset=utf-16", "text/html; charset=hz"]),
)
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    story = extract(body, URL, content_type=content_type)
    assert story.problem or story.paragraphs


_TAGS = [
    "p",
    "div",
    "article",
    "ul",
    "li",
    "h1",
    "h2",
    "a",
    "b",
    "table",
    "td",
    "blockquote",
    "aside",
    "br",
    "form",
    "html",
    "body",
]
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]),
    st.sampled_from(
        [
            '<div class="ad comments related">',
            "<p class='story-text'>",
            "<!--",
            "-->",
            "<script>",
            "&#0;",
            "\ud800",
            "]]>",
        ]
    ),
    st.sampled_from(ENGLISH.paragraphs),
    st.text(max_size=20),
)


@given(st.lists(_PIECES, max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_markup_raises_or_leaves_what_a_store_refuses(pieces: list[str]) -> None:
    story = extract("".join(pieces).encode("utf-8", "surrogatepass"), URL)
    for text in (story.headline, story.byline, story.problem, *story.paragraphs):
        text.encode()
        assert "\x00" not in text
        assert text == " ".join(text.split())


@pytest.mark.parametrize(
    "page",
    [
        "<p>word " * 20_000,
        "<b>" * 1000 + "word. " * 5000,
        "<ul><li>" * 900 + "<p>Some words that say a thing or two, here and there.</p>" * 5000,
        "<div>" * 1500 + "<div>A sentence that is long enough to be taken for prose by us.</div>" * 10_000,
        "<h1>Some heading that is repeated without end</h1>" * 10_000,
        "<time datetime='2024-01-01'>" * 10_000,
        "a<br><br>" * 30_000,
        "<p " + "class='" + "story " * 50_000 + "'>" + ENGLISH.paragraphs[0],
    ],
    ids=["paragraphs", "bold", "lists", "deep", "headings", "times", "breaks", "names"],
)
def test_large_and_odd_pages_come_to_an_end(page: str) -> None:
    story = extract(f"<html><body>{page}</body></html>".encode(), URL)
    assert story.problem or story.paragraphs


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (news_page(ENGLISH), NoStory.NONE),
        (" ", NoStory.EMPTY),
        ("%PDF-1.7", NoStory.NOT_HTML),
        ("<p>Subscribe to continue reading.</p>", NoStory.WALL),
        ("<h1>Page not found</h1><p>Page not found</p>", NoStory.NOT_FOUND),
        ("<h1>Bridge</h1><p>The bridge is closed, the city said on Monday.</p>", NoStory.TOO_SHORT),
        ("<div id=app></div>", NoStory.NO_TEXT),
    ],
)
def test_each_problem_has_its_code(body: str, code: NoStory) -> None:
    story = extract(body.encode(), URL)
    assert story.no_story is code
    assert bool(story.problem) is bool(code)
