"""The few words that furniture uses, in the languages of most news sites.

A language that is missing here has the signs that need no words: how a text is set, and what it links to.
"""

import re

# Labels that stand alone on a line, or before a link to another story.
LABEL = re.compile(
    r"""(?:
    advertisements? | ad | sponsored(?:\ (?:content|post|by\ \S{1,30}))? | promoted | article\ content
    | (?:this\ )?(?:article|story)\ continues\ (?:below|after)(?:\ (?:the\ |this\ )?\w+)?
    | advertisement\W+(?:(?:continue|scroll|article|story)\b.{0,40}) | read\ more
    | scroll\ (?:down\ )?to\ continue(?:\ (?:reading|with\ \w+))?
    | loading | share(?:\ this(?:\ (?:article|story|page|post))?)?
    | (?:share|send|post)\ (?:on|by|via|to)\ \S{1,20} | copy\ link | print(?:\ this\ page)?
    | anzeige | werbung | artikel\ wird\ nach\ der\ werbung\ fortgesetzt | (?:weiter\ )?nach\ der\ anzeige
    | teilen | per\ e-?mail\ senden
    | publicité | la\ suite\ après\ (?:la|cette)\ publicité | partager | envoyer\ par\ e-?mail
    | publicidade? | el\ artículo\ continúa\ (?:después|tras|debajo).{0,30} | compartir | partilhar
    | pubblicità | continua\ (?:a\ leggere|dopo\ la\ pubblicità) | condividi
    | (?:(?:die|der)\ )?(?:geschichte|text|artikel|beitrag)\ (?:geht|wird)\ (?:nach|unter)\ .{0,9}
        (?:werbung|anzeige|foto|bild|video|galerie)\ (?:weiter|fortgesetzt)
    | \(?(?:lees\ verder|tekst\ loopt\ door|(?:het\ )?artikel\ gaat\ verder)\ (?:na|onder)\ .{3,30}
    | artikeln?\ fortsätter\ (?:efter|under)\ .{3,20} | artiklen\ fortsætter\ (?:efter|under)\ .{3,20}
    | (?:saken|artikkelen)\ fortsetter\ (?:etter|under)\ (?:annonse\w{0,2}|bilde\w{0,3}|videoen|reklamen)
    | artikkeli\ jatkuu\ .{3,20}
    | (?:dalsza\ część|reszta)\ (?:artykułu|tekstu)\ (?:znajduje\ się\ )?pod\ .{3,30}
    | článek\ pokračuje\ (?:pod|po)\ .{3,20} | continua\ (?:depois|após)\ (?:d?[ae]\ )?publicidade
    | продолжение\ (?:статьи\ )?(?:после|под)\ (?:реклам\w{1,3}|фото|видео)
    | haberin\ devamı\ .{3,30} | อ่านข่าวต่อด้านล่าง
    | annonse | annonce | annons | advertentie | mainos | reklam[ae]? | inzerce | hirdetés | oglas | iklan
    | quảng\ cáo | реклама | поделиться | διαφήμιση | פרסומת | إعلان(?:ات)? | شارك | آگهی | تبلیغات | اشتہار
    | انتهای\ پیام | विज्ञापन | বিজ্ঞাপন | โฆษณา | 広告 | 광고 | 廣告 | 广告
    )[\s.:…]*""",
    re.IGNORECASE | re.VERBOSE,
)
# How a line below a text begins that says who its author is, and what he or she is or does.
AUTHOR_IS = re.compile(
    r"""\W*(?:
    the\ (?:author|writer)\ (?:is|teaches|writes|works|lives|covers|lectures|reports)
    | (?:der|die)\ (?:autor(?:in)?|verfasser(?:in)?)\ (?:ist|lehrt|schreibt|arbeitet|lebt|forscht|leitet)
    | l['’](?:auteure?|autrice)\ (?:est|enseigne|écrit|travaille|vit|dirige)
    | (?:el\ autor|la\ autora)\ (?:es|enseña|escribe|trabaja|vive|dirige)
    | [oa]\ autora?\ (?:é|ensina|escreve|trabalha|vive)
    | l['’](?:autore|autrice)\ (?:è|insegna|scrive|lavora|vive)
    | de\ auteur\ (?:is|schrijft|werkt|doceert) | (?:författaren|skribenten)\ är | forfatteren\ er
    | autor(?:ka)?\ (?:jest|je) | автор(?:ка)?\ [—–-] | 作者(?:是|为|為)
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# How what editors add to their own text begins, besides a NOTE.
UPDATE = re.compile(
    r"\W*(?:updated?|aktualisiert|aktualisierung|actualización|aggiornamento|atualização|oppdatering|uppdatering"
    r"|opdatering|обновление|更新)\W",
    re.IGNORECASE,
)
# What stands for an e-mail address in a byline, and one that is told as the newspaper's own.
MAIL = re.compile(r"\S{1,64}@\S{1,100}")
MAILBOX = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# Where readers find a newspaper besides its own pages.
NETWORK = re.compile(
    r"""\b(?:facebook | instagram | whats\ ?app | twitter | tiktok | telegram | youtube | linkedin | bluesky
    | mastodon | viber | threads)\b""",
    re.IGNORECASE | re.VERBOSE,
)
ACCOUNT = re.compile(r"(?<!\w)@\w{3}")
# Words for the newspaper, or the author, in what they say themselves.
OF_US = re.compile(
    r"""\b(?:us | our | me | my | uns(?:er\w{0,2})? | nous | notre | nos | nosotros | nuestr[ao]s? | nós
    | noss[ao]s? | noi | nostr[aoie] | ons | onze | oss | vår[ta]? | vores | nas | nasz\w{0,3} | nás | náš
    | нас | наш\w{0,3} | bizi)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Who pays for what follows, as a whole line.
PAID = re.compile(
    r"""\W*(?:
    (?:paid(?:\ (?:for|content))? | sponsored(?:\ content)? | promoted
        | brought\ to\ you | (?:paid\ )?partner\ content | advertisement | in\ association)
        (?:\ (?:and\ paid\ for\ )?(?:by|with|from)\ .{1,40})?
    | advertorial | paid\ (?:post|partnership) | (?:an\ )?ad\ from\ .{1,40}
    | (?:bezahlte\ )?anzeige | gesponsert(?:\ von\ .{1,40})?
    | (?:bezahlter\ )?inhalt\ von\ .{1,40}
    | contenu\ (?:sponsorisé|partenaire)(?:\ par\ .{1,40})? | publi-?(?:rédactionnel|reportage|rreportaje)
    | (?:proposé|sponsorisé)\ par\ .{1,40}
    | (?:contenido\ )?patrocinad[oa](?:\ por\ .{1,40})? | publicidad | ofrecido\ por\ .{1,40}
    | (?:conteúdo\ )?(?:patrocinado|publicitário)(?:\ por\ .{1,40})? | oferecido\ por\ .{1,40}
    | contenuto\ sponsorizzato | sponsorizzato(?:\ da\ .{1,40})? | offerto\ da\ .{1,40}
    | gesponsord(?:\ door\ .{1,40})? | aangeboden\ door\ .{1,40} | annonsinnehåll | annons\ från\ .{1,40}
    | annonsørinnhold | annoncørbetalt(?:\ indhold)? | kaupallinen\ yhteistyö
    | materiał\ (?:sponsorowany|partnera|promocyjny) | artykuł\ sponsorowany | komerční\ sdělení
    | на\ правах\ рекламы | партн[её]рский\ материал | спонсорський\ матеріал | χορηγούμενο
    | sponsorlu\ içerik
    | محتوى\ (?:برعاية|مدفوع).{0,40} | برعاية\ .{1,40} | תוכן\ (?:ממומן|שיווקי)
    | スポンサー(?:ド|記事|コンテンツ)? | 提供[:：].{1,40} | 赞助内容 | 贊助內容 | 협찬 | konten\ sponsor
    | nội\ dung\ tài\ trợ
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
POINTER = re.compile(  # behind a quotation mark it is what somebody says
    r"""(?:[^\w"'“”„‘’‚«»‹›「」『』] | [»›]\s){0,6}(?:
    read\ (?:more|also|next|our|the\ full|:) | also\ read | see\ (?:also|more) | related | recommended | watch
    | more\ (?:on|from|about|stories) | listen | click\ here | don['’]t\ miss | sign\ up | subscribe
    | follow\ us | join\ (?:us|our|the\ conversation) | get\ our | get\ in\ touch | have\ you\ got\ a\ story
    | you\ (?:may|might)\ (?:also\ )?like | for\ more\ (?:stories|news) | download\ (?:the|our)
    | lesen\ sie | lies\ auch | mehr\ (?:zum|dazu|lesen|über|zu\ ) | auch\ interessant
    | hier\ (?:lesen|finden) | folgen\ sie\ uns | abonnieren\ sie | das\ könnte\ sie | passend\ dazu
    | zum\ thema | weiterlesen | siehe\ auch | newsletter
    | rejoignez(?:-nous)? | abonnez-vous | inscrivez-vous
    | lire\ (?:aussi|également) | à\ lire | voir\ aussi | en\ savoir\ plus | suivez
    | lee\ también | lea\ también | leer\ más | te\ puede\ interesar | más\ información
    | noticias\ relacionadas | síg[au]enos | síganos | suscr[íi]bete | únete\ a | iscriviti | seguici
    | siga\ o | inscreva-se | leggi\ (?:anche|di\ più) | per\ approfondire | potrebbe\ interessarti
    | leia\ (?:também|mais) | veja\ (?:também|mais) | saiba\ mais | lees\ (?:ook|meer) | bekijk\ ook
    | les\ (?:også|mer) | læs\ (?:også|mere) | läs\ (?:också|mer|även) | lue\ (?:myös|lisää)
    | czytaj\ (?:też|także|więcej) | zobacz\ (?:też|także) | čtěte\ (?:také|i|více) | přečtěte
    | читайте\ также | читать\ (?:далее|также) | смотрите\ также | بیشتر\ بخوانید | اقرأ\ (?:أيض[اًا]+|المزيد)
    | meer\ over\ dit | ilginizi\ çekebilir | διαβάστε\ (?:επίσης|ακόμη) | קראו\ (?:עוד|גם) | यह\ भी\ पढ़ें
    | আরও\ পড়ুন | baca\ (?:juga|selengkapnya) | xem\ thêm | อ่านเพิ่มเติม | citește\ (?:și|mai)
    | olvassa\ (?:el|még)
    | あわせて読みたい | 関連記事 | 【関連 | 相關新聞 | 延伸閱讀 | 相关阅读 | 관련\ ?기사
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What editors say of their own text.
NOTE = re.compile(
    r"""[\W_]{0,3}(?:
    (?:correction | clarification | editor['’]?s['’]?\ note | erratum | amendment | korrektur | berichtigung
    | anmerkung\ der\ redaktion | rectificatif | rectification | note\ de\ la\ rédaction | mise\ à\ jour
    | corrección | rectificación | fe\ de\ err(?:ores|atas) | nota\ del?\ (?:editor|la\ redacción) | correção
    | errata(?:\ corrige)? | nota\ da\ redação | rettifica | correzione | nota\ della\ redazione
    | correctie | rectificatie | rättelse | rettelse | retting | korreksjon | oikaisu | korjaus | sprostowanie
    | oprava | исправление | уточнение | поправка | от\ редакции | διόρθωση | düzeltme | תיקון | सुधार
    | تصحيح | تصويب | توضيح)
    (?:(?:\ ?\([^)]{1,40}\))?\ ?(?:[:：–—]|-\ ) | ,\ [^!?:]{1,40}: | \ [^.!?:]{1,40}[:：])
    | (?:訂正|更正|勘误|編按|编者按|編者按|정정|바로잡습니다)[\ ]?[:：）)】\]】》」]
    | this\ (?:article|story|report|post|headline|piece)\ (?:has\ been|was)\ (?:\w+\ )?
      (?:amended|corrected|updated|edited|revised|changed)
    | we\ have\ (?:\w+\ )?(?:amended|corrected|updated|edited|revised|changed)
      \ (?:this|the)\ (?:article|story|report|post|headline|piece)
    | (?:an?|the)\ (?:earlier|previous)\ version\ of\ (?:this|the\ (?:article|story|report|post|headline))\b
    | in\ einer\ (?:früheren|vorherigen|ersten|vorigen)\ (?:version|fassung)
    | dieser\ (?:artikel|text|beitrag)\ wurde\ [^!?]{0,60}
      (?:aktualisiert|angepasst|berichtigt|ergänzt|geändert|korrigiert|überarbeitet)
    | une\ (?:première|précédente)\ version\ de\ (?:cet?|notre)\b
    | cet\ article\ a\ été\ (?:modifié|mis\ à\ jour|corrigé|actualisé)
    | una\ versión\ (?:anterior|previa)\ del?\ (?:est[ae]|artículo|texto)\b
    | este\ (?:artículo|artigo)\ (?:ha\ sido|fue|foi)\ [^.!?]{0,30}
      (?:actualizado|alterado|atualizado|corregido|corrigido|editado|modificado|rectificado)
    | uma\ versão\ anterior\ (?:d?est[ae]|do\ (?:artigo|texto))\b
    | una\ versione\ precedente\ d(?:i\ quest|ell['’]articolo)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What a publishing system or a browser should have carried out: a shortcode, a script.
CODE = re.compile(
    r"""\[/?[a-z]+(?:_\w+|(?=[^\]]*=))[^\]]*\]
    | (?:googletag|window|document|adsbygoogle)\b[.\[(].*[;)}]""",
    re.VERBOSE,
)
# Headings of furniture, as a whole line: "Read also", "More on this:". A heading that goes on is the story's.
HEADING = re.compile(
    r"""[\W_]*(?:
    read\ (?:more|also|next|on) | also\ read | see\ also
    | related(?:\ (?:articles?|stories|news|content|topics|links))?
    | recommended(?:\ (?:for\ you|stories|articles|reading|videos))?
    | more\ (?:on\ this(?:\ (?:story|topic))?|stories|news)
    | keep\ reading | up\ next | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in) | don['’]t\ miss
    | most\ (?:read|popular|viewed|shared) | trending(?:\ now)? | top\ stories | latest(?:\ news|\ stories)?
    | newsletters? | (?:our\ )?newsletter | sign\ up | subscribe | follow\ us | share\ this(?:\ \w+)?
    | comments? | tags? | topics | about\ the\ (?:authors?|writer) | über\ (?:den\ autor|die\ autorin)
    | à\ propos\ de\ l['’]aut(?:eure?|rice) | (?:sobre|acerca\ de)l?\ (?:el\ |la\ |o\ |a\ )?autora?
    | l['’]aut(?:ore|rice) | over\ de\ auteur | om\ (?:författaren|skribenten|forfatteren)
    | o\ autor(?:ze|ce|ovi)
    | об\ авторе | про\ автора | yazar\ hakkında | عن\ الكاتب | על\ הכותבת? | 作者简介 | 著者について
    | mehr\ zum\ thema | lesen\ sie\ auch | auch\ interessant | weiterlesen | meistgelesen
    | das\ könnte\ sie\ auch\ interessieren
    | passend\ dazu | mehr\ dazu | kommentare | themen | unser\ newsletter
    | (?:à\ )?lire\ (?:aussi|également) | à\ lire(?:\ (?:aussi|également))? | voir\ aussi
    | sur\ le\ même\ (?:sujet|thème)
    | les\ plus\ lus | dans\ la\ même\ rubrique | commentaires
    | le[ae]\ también | noticias\ relacionadas | relacionad[ao]s | más\ (?:sobre\ el\ tema|leídas|información)
    | lo\ más\ leído | (?:también\ )?te\ puede\ interesar | comentarios
    | leia\ (?:também|mais) | veja\ também | mais\ (?:lidas|sobre\ o\ tema) | comentários
    | leggi\ anche | articoli\ correlati | correlati | potrebbe\ interessarti | i\ più\ letti
    | per\ approfondire
    | lees\ (?:ook|meer) | meest\ gelezen | les\ (?:også|mer) | mest\ lest | læs\ også
    | läs\ (?:också|mer|även) | mest\ läst
    | lue\ (?:myös|lisää) | czytaj\ (?:także|też|więcej) | zobacz\ (?:także|też) | najczęściej\ czytane
    | čtěte\ (?:také|více)
    | читайте\ также | смотрите\ также | материалы\ по\ теме | по\ теме | похожие\ материалы
    | самое\ читаемое | комментарии
    | اقرأ\ (?:أيضا|أيضًا|المزيد) | مواضيع\ ذات\ صلة | ذات\ صلة | الأكثر\ قراءة | قد\ يعجبك\ أيضا
    | 関連記事 | あわせて読みたい | 関連ニュース | おすすめ記事 | よく読まれている記事
    | 相关(?:报道|阅读|新闻) | 延伸(?:阅读|閱讀) | 相關新聞
    | 更多报道 | 猜你喜欢 | 热门文章 | 관련\ ?기사 | 많이\ 본\ 뉴스
    )[\s:：.…→»›>]*""",
    re.IGNORECASE | re.VERBOSE,
)
# Headings of what readers say, as a whole line.
TALK = re.compile(
    r"""\W*(?:\d[\d.,]*\s*)?(?:(?:readers['’]?|user|your|all|latest)\ )?(?:
    comments? | replies | responses | (?:leser)?kommentare? | leserbriefe | commentaires? | réactions
    | comentarios? | comentários? | commenti | reacties | reakties | kommentarer | kommentit | komentarz[ey]
    | komentáře | komentari | комментари\w+ | коментарі | σχόλια | yorumlar | yorum | תגובות | تعليقات
    | التعليقات | نظرات | टिप्पणियाँ | komentar | bình\ luận | ความคิดเห็น | コメント | 评论 | 評論 | 留言 | 댓글
    | hozzászólások | comentarii
    )(?:\s*[(:：]?\s*\d[\d.,]*\)?)?\W*""",
    re.IGNORECASE | re.VERBOSE,
)
# What is said where a text breaks off, of the rest of it.
READ_ON = re.compile(
    r"""(?:keep | continue | finish)\ reading | read\ (?:on | the\ (?:rest | full | whole | entire))
    | unlock\ (?:this | the | all | full) | to\ read\ (?:this | the)\ (?:full | whole | rest)
    | weiterlesen | (?:ganzen|vollständigen|kompletten)\ (?:artikel|text|beitrag) | lesen\ sie\ den\ ganzen
    | (?:poursui\w+|continue\w*)\ (?:la\ |votre\ )?lecture | la\ suite\ (?:de|est) | lire\ la\ suite
    | (?:sig[au]e|seguir|continú[ae]|continuar)\ leyendo | leer\ (?:el\ resto|completo)
    | continu[ae]r?\ (?:a\ leggere|a\ lendo|lendo|a\ ler) | leggi\ (?:tutto|il\ resto)
    | lees\ (?:verder|het\ hele) | verder\ lezen | läs\ (?:vidare|hela) | les\ (?:videre|hele)
    | læs\ (?:videre|hele) | lue\ koko | czytaj\ dalej | pokračovat\ ve\ čtení | číst\ dál
    | читать\ (?:дальше|полностью) | devamını\ oku | اقرأ\ (?:المقال|بقية) | متابعة\ القراءة | להמשך\ קריאה
    | 続きを読む | 続きは | (?:继续|繼續)(?:阅读|閱讀) | (?:阅读|閱讀)全文 | 계속\ 읽""",
    re.IGNORECASE | re.VERBOSE,
)
# Headings of what comes in about other stories, as a whole line: "Live", "Breaking news".
TICKER = re.compile(
    r"""[\W_]*(?:
    live(?:\ (?:updates?|ticker|feed|blog|news))? | (?:news\ ?)?ticker | breaking(?:\ news)? | just\ in
    | latest(?:\ (?:news|updates?|headlines))? | news\ (?:feed|in\ brief|flash)
    | live-?ticker | newsticker | eilmeldung(?:en)? | kurzmeldungen
    | en\ direct | en\ continu | le\ direct | fil\ (?:info|d['’]actualité|actu) | dernières\ (?:minutes|infos)
    | última\ hora | últimas\ (?:noticias|notícias) | en\ (?:vivo|directo) | ao\ vivo | ultim['’]\ ?ora
    | (?:in\ )?diretta | ultime\ notizie | laatste\ nieuws | senaste\ nytt | siste\ nytt | seneste\ nyt
    | na\ żywo | z\ ostatniej\ chwili | лента(?:\ новостей)? | онлайн | срочно | последние\ новости
    | عاجل | مباشر | آخر\ الأخبار | 速報 | ライブ | 快讯 | 快訊 | 滚动新闻 | 即时新闻 | 即時新聞 | 속보
    )[\s:：.…→»›>]*""",
    re.IGNORECASE | re.VERBOSE,
)
# Clocks and counters change by themselves.
_AGO = r"""(?:
    \b(?:\d+ | an? | one | a\ few)\ ?(?:[smhd] | sec(?:ond)?s? | min(?:ute)?s? | h(?:ou)?rs? | days?
    | weeks?)\ ago\b
    | \bjust\ now\b
    | \bvor\ (?:\d+ | einer | einem)\ (?:sek\w* | min\w* | std\.? | stunden? | tag(?:en)? | wochen?)\b
    | \bil\ y\ a\ (?:\d+ | une?)\ (?:sec\w* | min\w* | h\b | heures? | jours? | semaines?)
    | \bhace\ (?:\d+ | una?)\ (?:seg\w* | min\w* | horas? | h\b | días? | dias? | semanas?)
    | \bhá\ (?:\d+ | uma?)\ (?:min\w* | horas? | h\b | dias?)
    | \b\d+\ (?:minut[io] | or[ae] | giorn[io])\ fa\b
    | \b\d+\ (?:minu(?:ut|ten) | uur | dag(?:en)?)\ geleden\b
    | \bför\ \d+\ \w{1,9}\ sedan\b | \bfor\ \d+\ \w{1,9}\ siden\b
    | \b\d+\ [^\W\d]{1,8}\ (?:temu | назад | тому)\b | \bpřed\ \d+\ (?:min\w* | hod\w* | dny)
    | (?:منذ|قبل)\ \d+\ \w{1,8} | \bלפני\ \d+\ \w{1,8}
    | \bπριν(?:\ από)?\ \d+\ \w{1,8} | \b\d+\ (?:saniye | dakika | saat | gün | hafta)\ önce
    | \b\d+\ (?:giây | phút | giờ | ngày)\ trước
    | \b\d+\ (?:detik | menit | jam | hari | minit)\ (?:yang\ )?lalu
    | \d+\ ?(?:วินาที | นาที | ชั่วโมง | วัน)(?:ที่แล้ว | ที่ผ่านมา) | \d+\ \S{1,12}\ (?:पहले | আগে | پہلے | پیش | قبل)
    | \d+\ [^\d.]{1,20}\ முன்பு | \b\d+\ \w{1,9}\ sitten | \b\d+\ (?:perce | órája | napja)\b
    | \bacum\ \d+\ (?:sec\w* | min\w* | or[eă] | zile) | \bfa\ \d+\ (?:min\w* | hor\w* | di\w*)
    | \bпреди\ \d+\ \w{1,8} | \b(?:pre | prije | pred)\ \d+\ (?:min\w* | sat\w* | hod\w* | dan\w* | ur\w*)
    | \b(?:dakika | saa | siku)\ \d+\ (?:zilizopita | yaliyopita)
    | \d+\ ?(?:秒 | 分 | 分钟 | 分鐘 | 時間 | 小时 | 小時 | 日 | 天)(?:之)?前 | \d+\ ?(?:초 | 분 | 시간
    | 일)\ ?전
    )"""
# A line that holds a relative time, and before and after it at most what was done then ("Last updated").
CLOCK = re.compile(
    rf"""[^.!?。]{{0,24}}?{_AGO}[^.!?。]{{0,14}}[.。]?""",
    re.IGNORECASE | re.VERBOSE,
)
# The same in a whole sentence on the text itself: "This story was updated 5 minutes ago."
CLOCK_OF_THE_TEXT = re.compile(
    rf"""\W*(?:this\ (?:article|story|page|post|report) | (?:the\ )?(?:article|story)
        | dieser\ (?:artikel|beitrag|text)
    | cet\ article | este?\ (?:artículo|artigo|texto) | quest['’]?o?\ ?articolo | (?:статья|материал))
    [^.!?]{{0,40}}?{_AGO}[^.!?]{{0,60}}[.]?""",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = r"""(?:
    (?:people|readers|users)\ (?:are\ |have\ )?(?:now\ |currently\ )?(?:reading|viewing|watching
    |read)(?:\ this(?:\ \w+)?)?(?:\ right\ now)?
    | comments? | (?:page\ ?)?views? | shares? | likes? | reads? | votes?(?:\ (?:so\ far|cast))?
    | min(?:ute)?s?(?:\ read)?
    | reactions? | replies | followers
    | kommentare? | aufrufe | leser | stimmen | min(?:uten)?(?:\ lesezeit)? | commentaires? | vues
    | lectures | partages | réactions
    | comentarios? | comentários? | visitas | visualiza(?:ções|ciones) | vistas | lecturas | leituras
    | vot[oi]s
    | partilhas | commenti | visualizzazioni | letture | condivisioni
    | reacties | keer\ gelezen | kommentarer | visninger | visningar
    | komentarz[ey] | wyświetleń | odsłon | комментари\w+ | просмотр\w* | прочтени\w* | голос\w*
    | تعليقا?ت? | مشاهدة | قراءة | صوتا?(?:\ حتى\ الآن)? | 回(?:視聴|閲覧)? | ビュー | コメント | 件
    | 条评论 | 评论
    | 次(?:阅读|浏览) | 人(?:阅读|投票) | 댓글 | 조회
    )"""
_COUNTING = r"""(?:
    (?:page\ ?)?views? | reads? | readers | comments? | shares? | likes? | votes? | seen | viewed | read
    | hits
    | aufrufe | gelesen | leser | kommentare | stimmen | angesehen
    | vues | vu | lu | lectures | nombre\ de\ (?:vues|lectures) | commentaires | partages
    | visitas | vistas | leído | leídas? | lecturas | visto | visualiza(?:ções|ciones) | lido | leituras
    | comentarios | comentários
    | visualizzazioni | letto | letture | visite | commenti
    | gelezen | weergaven | visninger | visningar | lest | läst | wyświetlenia | odsłony
    | просмотр\w* | прочитали | прочитано | прочтений | комментари\w+ | проголосовали
    | (?:عدد\ )?(?:المشاهدات|القراءات|التعليقات) | قرئ | مشاهدات
    | 阅读(?:数|量|次数)? | 浏览(?:数|量|次数)? | 点击(?:数|量)? | 评论(?:数)? | 已有 | 閲覧(?:数|回数)?
    | 再生回数 | 投票数 | コメント(?:数)?
    | 조회(?:수)? | 댓글
    )"""
COUNTER = re.compile(
    rf"""\W*(?:
    \d[\d.,\s]*[km]?\s?(?:{_COUNTED})?
    | {_COUNTING}\s*[:：]?\s*\(?\d[\d.,]*\s?[km]?\)?\s?(?:
        times|mal|fois|veces|vezes|volte|раз|مرة|次|回|件|人(?:阅读|投票)?|keer|ganger|gånger)?
    | \d[\d.,]*[\s-]?(?:mal|fois|times|veces|vezes|volte|раз|次|回)\s?(?:{_COUNTING}|読まれました|再生)
    )\W*(?:{_COUNTED})?\W*""",
    re.IGNORECASE | re.VERBOSE,
)
# How long something takes to hear or to read: "Listen to this article · 4 min".
DURATION = re.compile(
    r"""[^.!?。]{0,60}?[·•|(（–—-]\s*\d{1,3}(?::\d\d)?\s?(?:min\w*|mins?|мин\w*|دقائق|دقيقة|分钟|分鐘
        |分|분|sec\w*|s)?\s*[)）]?\W*""",
    re.IGNORECASE | re.VERBOSE,
)
READING_TIME = re.compile(
    r"""(?:lesedauer | lesezeit | reading\ time | time\ to\ read | temps\ de\ lecture
    | tiempo\ de\ lectura | tempo\ (?:de\ leitura | di\ lettura)
    | leestijd | lästid | lesetid
    | læsetid | czas\ czytania | время\ (?:чтения | на\ чтение)
    | 阅读时间 | 読了時間)\W{0,3}(?:ca\.?\ )?\d{1,3}.{0,12}""",
    re.IGNORECASE | re.VERBOSE,
)
LISTEN = re.compile(
    r"""listen|hear\ this|anhören|vorlesen|écouter|escuch[ae]|ouvir|ouça|ascolta|beluister|lyssna|lytt
        |posłuchaj
    | слушать|прослушать|استمع|收听|听新闻|聴く|듣기 | watch | video | vídeo | vidéo | видео | شاهد
    | 视频 | 動画
    | lesezeit | reading\ time""",
    re.IGNORECASE | re.VERBOSE,
)
# What a site says of how much of it may be read for nothing: free articles that are left, and to subscribe.
_FREE = r"""(?:free|gratis|kostenlos\w*|frei\w*|offerts?|gratuits?|gratuit\w*|gratis-|grátis
    |бесплатн\w+|مجاني\w*|免费|免費|無料|무료)"""
_ARTICLES = r"""(?:articles?|stor(?:y|ies)|artikel\w*|beiträge|artículos?|artigos?|articoli|статей
    |статьи|материал\w*|مقالات|مقال|文章|記事|기사)"""
_SUBSCRIBE = r"""(?:subscri\w+|abonn\w+|abbonat\w+|suscr\w+|assin\w+|подпи\w+|подписк\w+|اشترك\w*|订阅
    |訂閱|購読|会員|구독)"""
METER = re.compile(
    rf"""(?=.*\d)(?=.*{_FREE}\W?\s?(?:\w+\s)?{_ARTICLES}|.*{_ARTICLES}\W?\s?{_FREE}|.*{_FREE}記事
        |.*{_FREE}{_ARTICLES}|.*{_FREE}.{{0,30}}{_SUBSCRIBE}|.*免费阅读)
    .{{0,160}}""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_UPDATED = r"""(?:(?:last\ |this\ \w+\ was\ )?(?:updated?|refreshed|published|modified|posted|edited)(?:\ on)?
    | (?:zuletzt\ )?(?:aktualisiert|veröffentlicht) | stand | (?:mis\ à\ jour|actualisé|publié|modifié)
    | (?:última\ )?(?:actualizad[oa]|actualización|publicad[oa])
    | (?:última\ )?(?:atualizad[oa]|atualização)
    | (?:ultimo\ )?(?:aggiornat[oa]|aggiornamento|pubblicat[oa]) | bijgewerkt | uppdaterad | publicerad
    | oppdatert | publisert | opdateret
    | обновлено | опубликовано | آخر\ تحديث | نشر | 更新 | 最終更新 | 公開 | 发布 | 更新于 )"""
# A sentence that says no more than when the text was updated.
CLOCK_SENTENCE = re.compile(
    rf"""\W*(?:{_UPDATED}\W{{0,3}})?{_AGO}\W*(?:{_UPDATED})?\W*""", re.IGNORECASE | re.VERBOSE
)
# A picture's line that has lost its picture: "Photo: …".
CREDIT = re.compile(
    r"""(?:photos?|photograph|image|picture|foto|fotos|bild|fotografía|crédit\ photo|фото|写真|图片|圖片|사진)
    \s?[:：/©].{1,60}""",
    re.IGNORECASE | re.VERBOSE,
)
TIME_OF_DAY = re.compile(
    r"\W*(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\W{1,4})?\d{1,2}\s?[:.h]\s?\d{2}(?:\s?(?:uhr|h|[ap]\.?m\.?|[A-Z]{2,4}))?\W*",
    re.IGNORECASE,
)
STAMP = re.compile(
    r"""\W*(?:
    (?:last\ )?(?:updated?|published|modified|posted) | (?:zuletzt\ )?aktualisiert | veröffentlicht | stand\b
    | mis\ à\ jour | publié | actualizado | publicado | atualizado | aggiornat[oa] | pubblicat[oa]
    | bijgewerkt | uppdaterad | publicerad | oppdatert | publisert | opdateret | обновлено | опубликовано
    | 更新 | 公開 | 最終更新 | 更新于 | 更新時間 | 입력 | 수정 | آخر\ تحديث
    )(?:[^.!?]|(?<=\d)\.){0,40}\d{1,2}\s?[:.h]\s?\d{2}.{0,40}""",
    re.IGNORECASE | re.VERBOSE,
)
