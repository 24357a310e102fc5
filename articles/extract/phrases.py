"""The few words that furniture uses, in the languages of most news sites.

A language that is missing here has the signs that need no words: how a text is set, and what it links to.
"""

import re

# Labels that stand alone on a line, or before a link to another story.
LABEL = re.compile(
    r"""(?:
    advertisements? | ad | sponsored(?:\ content)? | article\ content | story\ continues\ below.* | read\ more
    | advertisement\W+(?:continue|scroll|article|story)\b.*
    | (?:this\ )?(?:article|story)\ continues\ (?:below|after).* | scroll\ (?:down\ )?to\ continue.*
    | loading.* | share(?:\ this(?:\ (?:article|story|page|post))?)? | copy\ link | print(?:\ this\ page)?
    | listen\ to\ (?:this|the)\ (?:article|story)
    | anzeige | werbung | artikel\ wird\ nach\ der\ werbung.* | (?:weiter\ )?nach\ der\ anzeige.* | teilen
    | publicité | la\ suite\ après\ (?:la|cette)\ publicité | partager
    | publicidad | el\ artículo\ continúa.* | compartir
    | pubblicità | continua\ (?:a\ leggere|dopo).* | condividi
    | annonse | annonce | annons | advertentie | mainos | reklam[ae]? | inzerce | hirdetés | oglas | iklan
    | quảng\ cáo | реклама | διαφήμιση | פרסומת | إعلان(?:ات)? | آگهی | تبلیغات | اشتہار | विज्ञापन | বিজ্ঞাপন
    | โฆษณา | 広告 | 광고 | 廣告 | 广告
    )[\s.:…]*""",
    re.IGNORECASE | re.VERBOSE,
)
POINTER = re.compile(
    r"""(?:[>»→•▶➤\-–—|\[(]\s*)*(?:
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
# Clocks and counters change by themselves.
CLOCK = re.compile(
    r""".{0,30}?(?:
    \b(?:\d+ | an? | one)\ ?(?:[smhd] | sec(?:ond)?s? | min(?:ute)?s? | h(?:ou)?rs? | days? | weeks?)\ ago
    | \bvor\ (?:\d+ | einer | einem)\ (?:sek | min | std | stunde | tag | woche)
    | \bil\ y\ a\ \d+\ (?:sec | min | h | jour | semaine)
    | \bhace\ \d+\ (?:seg | min | h | día | dia | semana)
    | \bhá\ \d+\ (?:min | h | dia) | \b\d+\ (?:minut[io] | or[ae] | giorn[io])\ fa\b
    | \b\d+\ (?:minu(?:ut|ten) | uur | dag(?:en)?)\ geleden
    | \bför\ \d+\ .{1,9}\ sedan | \bfor\ \d+\ .{1,9}\ siden
    | \b\d+\ [^\W\d]{1,8}\ (?:temu | назад | тому) | \bpřed\ \d+\ (?:min | hod | dn) | \bمنذ\ \d+
    | \d+\ ?(?:秒 | 分 | 分钟 | 分鐘 | 時間 | 小时 | 小時 | 日 | 天)前 | \d+\ ?(?:초 | 분 | 시간 | 일)\ ?전
    ).{0,20}""",
    re.IGNORECASE | re.VERBOSE,
)
COUNTER = re.compile(
    r"""\W*\d[\d.,]*\s?[km]?\s?(?:
    (?:people|readers)\ (?:are\ )?(?:now\ |currently\ )?(?:reading|viewing|watching)(?:\ [^.!?]{1,40})?
    | comments? | views? | shares? | likes? | reads? | votes? | min(?:ute)?s?(?:\ read)?
    | kommentare? | aufrufe | leser | min(?:uten)?(?:\ lesezeit)? | commentaires? | vues | partages
    | comentarios? | comentários? | visitas | visualizações | commenti | visualizzazioni
    | reacties | kommentarer
    | komentarz[ey] | комментари\w+ | просмотр\w+ | コメント | 件 | 评论 | 댓글
    )?\W*""",
    re.IGNORECASE | re.VERBOSE,
)
STAMP = re.compile(
    r"""\W*(?:
    (?:last\ )?(?:updated?|published|modified|posted) | (?:zuletzt\ )?aktualisiert | veröffentlicht | stand\b
    | mis\ à\ jour | publié | actualizado | publicado | atualizado | aggiornat[oa] | pubblicat[oa]
    | bijgewerkt | uppdaterad | publicerad | oppdatert | publisert | opdateret | обновлено | опубликовано
    | 更新 | 公開 | 最終更新 | 更新于 | 更新時間 | 입력 | 수정 | آخر\ تحديث
    )[^.!?]{0,40}\d{1,2}\s?[:.h]\s?\d{2}.{0,20}""",
    re.IGNORECASE | re.VERBOSE,
)
