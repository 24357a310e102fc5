"""What editors say of their own text is read wherever it stands."""

import pytest

from articles.extract import Story, extract
from tests.extract.pages import news_page
from tests.extract.words import ENGLISH

CORRECTION = "Correction: an earlier version of this article said that the bridge was opened in 1913."
UNNAMED = "We said at first that the bridge was opened in 1913; it was opened in 1931. We regret the error."


def read(page: str) -> Story:
    return extract(page.encode(), "https://paper.example/2024/03/bridge.html")


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=box><p>{CORRECTION}</p></div>",
        f"<aside><p><em>{CORRECTION}</em></p></aside>",
        f'<div class="article-correction"><p>{UNNAMED}</p></div>',
        f'<div class="editors-note"><div><p>{UNNAMED}</p></div></div>',
        f'<footer class="articleFooter"><div class="storyCorrections">{UNNAMED}</div></footer>',
    ],
)
@pytest.mark.parametrize("where", ["above", "among", "below"])
def test_a_note_is_read_above_among_and_below_the_text(box: str, where: str) -> None:
    page = news_page(ENGLISH)
    before, text = {
        "above": (0, page.replace('<div class="story-body">', f'{box}<div class="story-body">')),
        "among": (1, page.replace("<p>Engineers", f"{box}<p>Engineers")),
        "below": (5, page.replace("</div></article>", f"</div>{box}</article>")),
    }[where]
    note = CORRECTION if CORRECTION in box else UNNAMED
    assert read(text).paragraphs == (*ENGLISH.paragraphs[:before], note, *ENGLISH.paragraphs[before:])


@pytest.mark.parametrize(
    "note",
    [
        "This article was amended on 7 March 2024 to correct the cost of the repairs.",
        "Editor’s note: the mayor’s age has been corrected since this was first published.",
        "Correction, 8 March 2024: the bridge was opened in 1931, and not in 1913 as we wrote.",
        "Correction (8 March) – the bridge was opened in 1931, and not in 1913 as we wrote.",
        "An earlier version of this article said that the bridge was opened to traffic in 1913.",
        "Dieser Artikel wurde am 8. März um 10 Uhr aktualisiert, um das Jahr der Eröffnung zu berichtigen.",
        "Dieser Text wurde nachträglich korrigiert, da das Jahr der Eröffnung falsch war.",
        "Este artículo ha sido modificado para corregir el año en que se abrió el puente.",
        "Uma versão anterior deste texto dizia que a ponte tinha sido aberta em 1913.",
        "Korrektur: In einer früheren Fassung stand, die Brücke sei 1913 eröffnet worden.",
        "Rectificatif : le pont a été ouvert en 1931, et non en 1913 comme nous l’avions écrit.",
        "Corrección: el puente se abrió en 1931 y no en 1913, como se decía en una versión anterior.",
        "Correção: a ponte foi aberta em 1931, e não em 1913, como dizia o texto.",
        "Исправление: мост открыли в 1931 году, а не в 1913-м, как говорилось раньше.",
        "訂正：橋の開通は一九一三年ではなく、一九三一年でした。おわびして訂正します。",
        "更正：大桥于一九三一年通车，而非此前所写的一九一三年。特此更正，并向读者致歉。",
        "تصحيح: افتُتح الجسر عام 1931 وليس عام 1913 كما جاء في نسخة سابقة من هذا المقال.",
    ],
)
def test_notes_are_known_by_their_words_in_many_languages(note: str) -> None:
    page = news_page(ENGLISH).replace(
        "</div></article>", f'</div><div class="x7"><p>{note}</p></div></article>'
    )
    assert read(page).paragraphs == (*ENGLISH.paragraphs, note)


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="related-stories"><div class="item"><p>{CORRECTION}</p></div></div>',
        f'<div class="teaser"><p class="teaser-text">{CORRECTION}</p></div>',
        f'<div class="carousel"><div><p>{CORRECTION}</p></div></div>',
        f'<aside><div><h4><a href="/tunnel">Tunnel to be dug</a></h4><p>{CORRECTION}</p></div></aside>',
        f'<div class="grid"><article><b>Tunnel to be dug</b><p>{CORRECTION}</p></article></div>',
        '<div class="newsletter-box"><p>Editor’s note: our best stories of the week, on Sunday.</p></div>',
        '<div class="corrections"><p>Have you seen an error here? Tell us, and we will see to it.</p></div>',
        f'<ul class="corrections"><li>{CORRECTION}</li></ul>',
        f'<div class="comments"><p>{CORRECTION}</p></div>',
        f"<div hidden><p>{CORRECTION}</p></div>",
        f'<form class="correction"><p>{UNNAMED}</p><input></form>',
        "".join(
            f"<p class=correction>It was {n}; we regret the error in what we wrote.</p>" for n in range(6)
        ),
    ],
)
def test_what_asks_for_corrections_or_is_not_the_storys_is_no_note(box: str) -> None:
    page = news_page(ENGLISH).replace("</div></article>", f"</div>{box}</article>")
    assert read(page).paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize(
    "text",
    [
        "Dieser Beitrag wurde bisher von insgesamt 1.234 Leserinnen und Lesern aufgerufen.",
        "Dieser Artikel wurde am Montag in der gedruckten Ausgabe des Blattes veröffentlicht.",
        "Este artículo ha sido leído por más de 1.234 personas desde el lunes pasado.",
        "Este artigo foi lido por mais de 1.234 pessoas desde a segunda-feira passada.",
        "An earlier version of the telephone is to be taken from the shops in the coming year.",
        "Une première version de la loi avait été rejetée par les sénateurs l’année passée.",
        "Una versión anterior del teléfono se retirará de las tiendas el año que viene.",
        "Correction officers said the long-term plan for the prison left them short of staff.",
    ],
)
def test_what_only_begins_like_a_note_is_none(text: str) -> None:
    page = news_page(ENGLISH).replace(
        "</div></article>", f'</div><div class="x7"><p>{text}</p></div></article>'
    )
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_a_story_whose_own_box_is_called_a_card_keeps_its_note() -> None:
    page = news_page(ENGLISH).replace('<div class="story-body">', '<div class="story-body card">')
    page = page.replace("<p>Engineers", f"<aside><p>{CORRECTION}</p></aside><p>Engineers")
    assert CORRECTION in read(page).paragraphs


def test_a_note_in_one_of_several_articles_that_make_up_a_story_is_read() -> None:
    posts = [f'<article class="post"><p>{paragraph}</p></article>' for paragraph in ENGLISH.paragraphs]
    posts[1] = posts[1].replace("</article>", f"<div class=x1><p>{CORRECTION}</p></div></article>")
    page = f"<main><h1>{ENGLISH.headline}</h1><div class=live>{''.join(posts)}</div></main>"
    assert CORRECTION in read(page).paragraphs


def test_a_form_right_among_the_paragraphs_leaves_a_note_where_it_is() -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", f"<aside><p>{CORRECTION}</p></aside><p>Engineers")
    asking = page.replace("<p>Engineers", "<form><p>Your address:</p><input></form><p>Engineers")
    assert CORRECTION in read(asking).paragraphs
    assert read(asking).paragraphs == read(page).paragraphs


def test_notes_on_other_stories_of_the_page_are_left_out() -> None:
    page = news_page(ENGLISH).replace("</main>", f"</main><div class=correction><p>{UNNAMED}</p></div>")
    assert read(page).paragraphs == ENGLISH.paragraphs
