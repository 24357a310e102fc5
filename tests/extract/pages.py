# ruff: noqa: E501  (a sentence stays on its line)
"""News pages for the tests, made from nothing but these words: a story, and furniture that changes around it."""

import json
import random
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Words:
    """One language's story, and what its page says besides."""

    language: str
    headline: str
    paragraphs: tuple[str, ...]
    advert: str
    read_more: str
    newsletter: str
    teasers: tuple[str, ...]


ENGLISH = Words(
    "en-GB",
    "Harbour bridge to close for two months",
    (
        "The old harbour bridge will close to all traffic from Monday, the city council said on Thursday.",
        "Engineers found cracks in three of its twelve steel girders during an inspection in the spring.",
        "“We did not take this decision lightly,” the mayor, Ada Lindqvist, told reporters. “Safety comes first.”",
        "Ferries will run every 20 minutes, and cyclists may use the railway tunnel until the work is done.",
        "The repairs are expected to cost 4.5 million pounds, half of which the region has promised to pay.",
    ),
    "Advertisement",
    "Read more",
    "Get the news of the day in your inbox every morning. You can unsubscribe at any time.",
    (
        "Ten gardens worth a detour",
        "Why the ferry is late again",
        "Chess club wins at last",
        "Rain until Friday",
    ),
)
GERMAN = Words(
    "de",
    "Alte Hafenbrücke wird für zwei Monate gesperrt",
    (
        "Die alte Hafenbrücke wird ab Montag für den gesamten Verkehr gesperrt, teilte die Stadt am Donnerstag mit.",
        "Bei einer Prüfung im Frühjahr hatten Ingenieure Risse in drei der zwölf Stahlträger gefunden.",
        "„Wir haben uns das nicht leicht gemacht“, sagte Bürgermeisterin Ada Größl. „Die Sicherheit geht vor.“",
        "Fähren fahren alle 20 Minuten, Radfahrer dürfen bis zum Ende der Arbeiten den Bahntunnel benutzen.",
        "Die Arbeiten kosten voraussichtlich 4,5 Millionen Euro, die Hälfte davon zahlt das Land.",
    ),
    "Anzeige",
    "Lesen Sie auch",
    "Die wichtigsten Nachrichten jeden Morgen in Ihrem Postfach. Sie können sich jederzeit abmelden.",
    ("Zehn Gärten für den Sommer", "Warum die Fähre zu spät kommt", "Schachklub siegt", "Regen bis Freitag"),
)
FRENCH = Words(
    "fr",
    "Le vieux pont du port fermé pendant deux mois",
    (
        "Le vieux pont du port sera fermé à toute circulation dès lundi, a annoncé jeudi la municipalité.",
        "Des ingénieurs ont découvert au printemps des fissures dans trois de ses douze poutres d’acier.",
        "« Nous n’avons pas pris cette décision à la légère », a déclaré la maire. « La sécurité d’abord. »",
        "Des bacs circuleront toutes les 20 minutes et les cyclistes pourront emprunter le tunnel ferroviaire.",
        "Les travaux devraient coûter 4,5 millions d’euros, dont la moitié sera payée par la région.",
    ),
    "Publicité",
    "Lire aussi",
    "Recevez chaque matin l’essentiel de l’actualité dans votre boîte. Désinscription à tout moment.",
    (
        "Dix jardins à voir cet été",
        "Pourquoi le bac est en retard",
        "Le club d’échecs gagne",
        "Pluie vendredi",
    ),
)
ARABIC = Words(
    "ar",
    "إغلاق جسر الميناء القديم لمدة شهرين",
    (
        "أعلن مجلس المدينة يوم الخميس إغلاق جسر الميناء القديم أمام حركة المرور ابتداء من يوم الاثنين المقبل.",
        "وعثر المهندسون على شقوق في ثلاث من عوارضه الفولاذية خلال عملية فحص أجريت في فصل الربيع الماضي.",
        "وقالت رئيسة البلدية للصحفيين إن القرار لم يكن سهلا على الإطلاق، وإن سلامة الناس تأتي في المقام الأول.",
        "وستعمل العبارات كل عشرين دقيقة، ويمكن لراكبي الدراجات استخدام نفق السكة الحديدية حتى انتهاء الأشغال.",
        "ومن المتوقع أن تبلغ كلفة الإصلاحات أربعة ملايين ونصف المليون، وقد وعدت المنطقة بدفع نصفها.",
    ),
    "إعلان",
    "اقرأ أيضا",
    "احصل على أهم أخبار اليوم في بريدك كل صباح، ويمكنك إلغاء الاشتراك في أي وقت تشاء.",
    ("عشر حدائق تستحق الزيارة", "لماذا تأخرت العبارة مرة أخرى", "فوز نادي الشطرنج", "أمطار حتى الجمعة"),
)
JAPANESE = Words(
    "ja",
    "老朽化した港の橋を二か月間通行止めに",
    (
        "市は木曜日、老朽化した港の橋を来週の月曜日からすべての車両について通行止めにすると発表した。",
        "春に行われた点検で、十二本ある鋼鉄製の桁のうち三本に亀裂が見つかったためだという。",
        "市長は記者団に対し、「簡単な決断ではなかった。何よりも安全を優先しなければならない」と述べた。",
        "渡し船は二十分ごとに運航され、工事が終わるまで自転車は鉄道のトンネルを通ることができる。",
        "補修の費用は四億五千万円にのぼる見込みで、その半分は県が負担することになっている。",
    ),
    "広告",
    "関連記事",
    "毎朝その日の主なニュースをメールでお届けします。登録はいつでも解除することができます。",
    ("夏に訪れたい十の庭園", "渡し船はなぜ今日も遅れたのか", "将棋クラブがついに優勝", "金曜日まで雨が続く"),
)
LANGUAGES = (ENGLISH, GERMAN, FRENCH, ARABIC, JAPANESE)


def news_page(
    words: Words,
    *,
    paragraphs: tuple[str, ...] | None = None,
    furniture: int | None = 0,
    linked_data: bool = True,
) -> str:
    """Return a page that tells the story. `furniture` seeds what stands around it; None leaves it out."""
    story = [f"<p>{escape(text)}</p>" for text in (words.paragraphs if paragraphs is None else paragraphs)]
    boxes = _Furniture(words, random.Random(furniture)) if furniture is not None else None
    if boxes:
        for box in boxes.between():
            story.insert(boxes.random.randrange(1, len(story)), box)
    data = {"@type": "NewsArticle", "headline": words.headline, "datePublished": "2024-03-07T09:30:00+01:00"}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if linked_data else ""
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.headline)} | The Paper</title>{script}</head><body>"
        f"{boxes.above() if boxes else ''}"
        f'<main><article class="story"><h1>{escape(words.headline)}</h1>'
        f'<div class="story-body">{"".join(story)}</div></article>{boxes.below() if boxes else ""}</main>'
        f"{boxes.footer() if boxes else ''}</body></html>"
    )


class _Furniture:
    def __init__(self, words: Words, source: random.Random) -> None:
        self.words = words
        self.random = source

    def above(self) -> str:
        sections = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("World", "Sport", "Money"))
        clock = f'<div class="clock">{self.random.randrange(24)}:{self.random.randrange(60):02}</div>'
        return f"<header><nav><ul>{sections}</ul></nav>{clock}</header>"

    def between(self) -> list[str]:
        number = self.random.randrange(10**6)
        boxes = [
            f'<div class="ad-slot" id="slot-{number}"><span>{self.words.advert}</span><script>ad({number})</script></div>',
            f'<p><strong>{self.words.read_more}: <a href="/a/{number}">{self._teaser()}</a></strong></p>',
            f'<aside class="related"><h3>{self.words.read_more}</h3><ul>{self._links(3)}</ul></aside>',
            f'<div class="css-{number:x}q"><h4>{self._teaser()}</h4><p>{self.words.newsletter}</p>'
            '<form action="/sign-up"><input name="mail"><button>OK</button></form></div>',
            f'<div class="share"><button>Share</button><span>{number % 977}</span></div>',
            f"<ul>{self._links(2)}</ul>",
        ]
        return self.random.sample(boxes, self.random.randrange(1, len(boxes) + 1))

    def below(self) -> str:
        comments = "".join(
            f'<div class="comment"><p>{self._teaser()}, {self._teaser()}. {self.words.newsletter}</p></div>'
            for _ in range(self.random.randrange(6))
        )
        return (
            f'<section class="most-read"><h2>Top</h2><ol>{self._links(4)}</ol></section>'
            f'<section id="comments"><h2>{self.random.randrange(99)}</h2>{comments}</section>'
        )

    def footer(self) -> str:
        consent = f'<div id="cookie-banner"><p>{self.words.newsletter} {self.words.newsletter}</p></div>'
        return f"<footer><p>© {self.random.randrange(2000, 2026)} The Paper</p></footer>" + consent

    def _teaser(self) -> str:
        return escape(self.random.choice(self.words.teasers))

    def _links(self, count: int) -> str:
        return "".join(f'<li><a href="/a/{n}">{self._teaser()}</a></li>' for n in range(count))
