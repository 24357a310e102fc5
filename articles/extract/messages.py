"""What sites say in place of a story: walls, consent forms, "not found", in the languages of most news sites.

Said in place of a story, these name what the page is; within one they mean nothing.
"""

import re

WALL = re.compile(
    r"""(?:enable|turn\ on|requires?|activate)\ (?:javascript|cookies)
    | verif(?:y|ying)\ (?:that\ )?you\ are\ (?:a\ |not\ a\ )?(?:human|robot)
    | (?:press\ (?:&|and)\ hold\ to\ )?confirm\ (?:that\ )?you\ are\ (?:a\ )?human
    | browser\ (?:is\ out\ of\ date|(?:that\ )?(?:we|is)\ no\ longer\ support)
    | checking\ your\ browser | access\ (?:to\ this\ page\ )?(?:has\ been\ )?denied | unusual\ traffic
    | are\ you\ a\ robot
    | (?:subscribe|log\ in|sign\ in|register)\ (?:now\ )?to\ (?:continue|read|keep\ reading|unlock)
    | for\ subscribers\ only
    | (?:already\ a|become\ a)\ (?:subscriber|member) | you(?:\ have|['’]ve)\ reached\ your .{0,20} limit
    | weiterlesen\ mit | (?:jetzt|hier)\ abonnieren | nur\ für\ abonnent
    | bitte\ aktivieren\ sie\ (?:javascript|cookies)
    | sie\ haben\ bereits\ ein\ abo | sicherheitsüberprüfung
    | réservé\ (?:à\ nos|aux)\ abonnés | abonnez-vous\ pour | (?:veuillez\ )?activer\ (?:le\ )?javascript
    | déjà\ abonné
    | contenido\ (?:exclusivo\ )?para\ suscriptores | suscr[íi]bete\ para
    | (?:active|habilite|activa)\ javascript
    | ya\ (?:eres|soy)\ suscriptor
    | riservat[oa]\ agli\ abbonati | abbonati\ per | (?:abilita|attiva)(?:re)?\ javascript
    | sei\ già\ abbonato
    | (?:conteúdo\ )?exclusivo\ para\ assinantes | assine\ para | (?:ative|habilite)\ o?\ ?javascript
    | já\ é\ assinante
    | alleen\ voor\ abonnees | word\ abonnee | schakel\ javascript\ in | al\ abonnee
    | (?:tylko\ )?dla\ (?:prenumeratorów|subskrybentów) | włącz(?:yć)?\ (?:obsługę\ )?javascript
    | (?:kun|bare|endast)\ for\ abonnent | för\ prenumeranter | logga\ in\ för\ att\ läsa
    | logg\ inn\ for\ å\ lese
    | доступ(?:но|ен)?\ (?:только\ )?(?:по\ подписке|для\ подписчиков) | включите\ javascript
    | подтвердите,\ что\ вы\ не\ робот
    | доступ\ (?:ограничен|запрещ[её]н) | πρόσβαση\ μόνο\ για\ συνδρομητές
    | (?:会員|有料会員|購読者)(?:限定|登録が必要) | javascript\ ?を有効に | 请(?:启用|开启)\ ?javascript
    | (?:订阅|登录)后(?:继续)?阅读
    | 請(?:啟用|開啟)\ ?javascript | 구독(?:자|회원)\ ?전용 | 자바스크립트를\ 활성화 | 로그인\ ?후\ ?이용
    | للمشتركين\ فقط | تفعيل\ جافا | abonelere\ özel | javascript['’]?i\ etkinleştir""",
    re.IGNORECASE | re.VERBOSE,
)
NOT_FOUND = re.compile(
    r"""(?:page|article|story)\ (?:you\ .{0,40}\ )?(?:was\ |is\ |could\ |can\ ?)?not
        \ (?:be\ )?(?:found|available)
    | (?:can['’]t|cannot|couldn['’]t)\ (?:be\ found|find\ (?:the|that|this)\ page) | page\ doesn['’]t\ exist
    | (?:error|fehler|erreur|errore?|błąd|ошибка|エラー)\ ?404 | 404\ (?:error|not\ found)
    | no\ longer\ (?:available|exists)
    | (?:this|the)\ (?:article|story|page)\ (?:has\ been|was)\ (?:removed|deleted)
        \ from\ (?:our|this|the)\ (?:web\ ?)?site
    | (?:gewünschte|angeforderte|gesuchte)n?\ (?:seite|artikel) | seite\ gibt\ es\ (?:leider\ )?nicht
    | page\ que\ vous\ (?:recherchez|cherchez|demandez)
    | (?:notizia|pagina|articolo)\b[^.]{0,30}\ non\ (?:è|sono)\ più\ disponibil[ei]
    | (?:noticia|página|artículo)\b[^.]{0,30}\ ya\ no\ (?:está\ disponible|existe)
    | (?:notícia|página|artigo)\b[^.]{0,30}\ (?:não\ está\ mais|já\ não\ está)\ disponível
    | (?:pagina|artikel)\ die\ (?:je|u)\ zoekt | sidan\ du\ (?:letar|söker)\ efter | siden\ du\ leter\ etter
    | szukan\w+\ stron\w+ | (?:запрашиваем\w+|искомая)\ страниц\w+ | aradığınız\ (?:sayfa|haber)
    | (?:seite|artikel)(?:,\ [^,.]{1,40},)?\ (?:wurde\ |konnte\ |ist\ )?(?:leider\ )?nicht
        \ (?:mehr\ )?(?:gefunden|verfügbar|vorhanden)
    | page\ (?:est\ |demandée\ est\ )?introuvable | (?:page|article)\ n['’](?:existe|est)\ (?:pas|plus)
    | (?:página|nota|artículo|noticia)\ no\ (?:encontrad[ao]|existe|disponible)
    | (?:página|nota|notícia)\ (?:não|nao)\ (?:foi\ )?encontrad[ao]
    | pagina\ (?:non\ (?:trovata|esiste|disponibile)|niet\ gevonden | (?:nu|negăsită))
    | nie\ (?:znaleziono|istnieje)\ (?:strony|taka\ strona)? | strona\ nie\ (?:istnieje|została\ znaleziona)
    | sidan\ (?:kunde\ inte\ hittas|hittades\ inte|finns\ inte)
    | siden\ (?:blev\ ikke\ fundet|finnes\ ikke|ble\ ikke\ funnet)
    | sivua\ ei\ löy(?:dy|tynyt) | stránka\ (?:nebyla\ nalezena|nenalezena|neexistuje)
    | (?:страница|статья)\ не\ (?:найдена|существует) | сторінку\ не\ знайдено | η\ σελίδα\ δεν\ βρέθηκε
    | sayfa\ bulunamadı
    | ページ(?:が|は)(?:見つかりません|存在しません)
    | (?:页面|頁面|网页|文章)(?:不存在|未找到|已删除|已刪除) | 找不到(?:页面|頁面|网页)
    | 페이지를\ 찾을\ 수\ 없 | الصفحة\ (?:غير\ موجودة|المطلوبة\ غير) | הדף\ לא\ נמצא | पृष्ठ\ नहीं\ मिला
    | ไม่พบหน้า""",
    re.IGNORECASE | re.VERBOSE,
)
# How servers say that they give no page, and sites that they are not there for now.
OUT_OF_ORDER = re.compile(
    r"""\b(?:5\d\d|4[025]\d)\b\W{0,3}(?:bad\ (?:gateway|request) | service\ (?:temporarily\ )?unavailable
        | internal\ server\ error | gateway\ time-?out | too\ many\ requests | forbidden | unauthori[sz]ed)
    | unavailable\ (?:due\ to|for)\ legal\ reasons
    | attempting\ to\ access\ this\ (?:web\ ?)?site\ from\ a\ country
    | (?:not\ available|unavailable|blocked)\ (?:in|for|from)\ your\ (?:country|region|location)
    | (?:this|our|the)\ (?:web\ ?)?site\ is\ (?:currently\ |temporarily\ )?
        (?:unavailable|down\ for\ maintenance|under\ (?:scheduled\ )?maintenance)
    | backend\ fetch\ failed
    | we(?:\ are|['’]re)\ (?:currently\ )?(?:experiencing|having)\ (?:some\ )?technical\ (?:difficult|problem)
    | please\ try\ again\ (?:later|in\ a|shortly) | versuchen\ sie\ es\ (?:bitte\ )?(?:später|in\ (?:ein|wen))
    | (?:ré)?essaye[rz]\ (?:plus\ tard|dans\ quelques) | riprova(?:re)?\ più\ tardi
    | (?:inténtelo|inténtalo|intentarlo)\ (?:de\ nuevo\ )?más\ tarde | tente\ novamente\ mais\ tarde
    | probeer\ het\ (?:later|straks)\ (?:opnieuw|nog) | försök\ igen\ senare | prøv\ igjen\ senere
    | spróbuj\ (?:ponownie\ )?później | попробуйте\ (?:ещё\ раз|позже|обновить) | daha\ sonra\ tekrar\ deneyin
    | もう一度お試し | 请稍后(?:再试|重试) | 請稍後(?:再試|重試) | 잠시\ 후\ 다시
    | (?:seite|website|webseite)\ ist\ (?:derzeit|momentan|aktuell|vorübergehend|zurzeit)
        \ (?:leider\ )?nicht\ (?:erreichbar|verfügbar)
    | (?:notre|ce|le)\ site\ est\ (?:actuellement|momentanément|temporairement)
        \ (?:en\ maintenance|indisponible|inaccessible)
    | (?:sitio|página)\ (?:web\ )?(?:está|se\ encuentra)\ (?:en\ mantenimiento
        |temporalmente\ no\ disponible)
    | sito\ (?:web\ )?è\ (?:in\ manutenzione|temporaneamente\ non\ disponibile)
    | site\ está\ (?:em\ manutenção|temporariamente\ indisponível)
    | (?:site|website)\ is\ (?:tijdelijk|momenteel|op\ dit\ moment)\ niet\ (?:beschikbaar|bereikbaar)
    | (?:serwis|strona)\ jest\ (?:tymczasowo|chwilowo)\ niedostępn[ya]
    | сайт\ временно\ недоступен | на\ сайте\ ведутся\ (?:технические\ )?работы
    | サイトにアクセスが集中し | メンテナンス中の(?:ため|為) | 접속이\ 원활하지\ 않 | 시스템\ 점검\ 중입니다
    | (?:网站|系统)正在维护 | (?:網站|系統)正在維護 | 访问过于频繁""",
    re.IGNORECASE | re.VERBOSE,
)
# What forms of consent speak of; a story speaks of some of it now and then, a form of nothing else. To be
# looked for in a text `in_small_letters`: with re.IGNORECASE so long a pattern takes six times as long.
CONSENT = re.compile(
    r"""cookie | consent | our\ (?:\d+\ )?partners | personal(?:i[sz]ed)?\ (?:data|ads|advertising|content)
    | privacy
    | legitimate\ interest | accept\ all | reject\ all | ad(?:vert)?s?-?free | tracking
    | einwillig | zustimm | unsere\ (?:\d+\ )?partner | personenbezogen | personalisierte | datenschutz
    | werbefrei
    | berechtigtes\ interesse | alle\ akzeptieren
    | consentement | nos\ (?:\d+\ )?partenaires | données\ personnelles | publicités?\ personnalisée
    | tout\ (?:accepter|refuser)
    | consentimiento | nuestros\ (?:\d+\ )?socios | datos\ personales | aceptar\ (?:todo|y\ continuar)
    | consenso | nostri\ (?:\d+\ )?partner | dati\ personali | accetta\ (?:tutto|e\ continua)
    | consentimento | nossos\ (?:\d+\ )?parceiros | dados\ pessoais | toestemming | onze\ (?:\d+\ )?partners
    | persoonsgegevens
    | zgod[aęy]\ na | zaufan\w+\ partner | dan(?:e|ych)\ osobow | samtyck | samtykke | personuppgift
    | personopplysning
    | файл\w*\ cookie | персональн\w+\ данн | συγκατάθεσ | クッキー | 個人情報 | 同意 | 개인정보 | 쿠키
    | ملفات\ تعريف""",
    re.VERBOSE,
)

# Letters that `re.IGNORECASE` takes for others, and `str.lower` leaves or makes two of.
_SAME_LETTERS = str.maketrans("İıſΣςϑϰϵᲁᲂᲃ", "iisσσθκεдос")


def in_small_letters(text: str) -> str:
    """Return a text in which CONSENT finds what it would find with re.IGNORECASE in the text as it is."""
    return text.lower() if text.isascii() else text.translate(_SAME_LETTERS).lower()
