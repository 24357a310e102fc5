"""Query parameters that say how a reader came to a page, never which page it is.

Analytics, mail and advertising services add them, and news sites add them to the links of their own feeds.
Each is known by its whole name: "pk_campaign" is Piwik's, "pk_id" is some site's key of a story, and a site
whose stories differ in such a parameter alone would become one article. Names are compared in lower case.
"""

import re

PREFIX = "utm_"  # Google Analytics and everyone after it, who add names of their own


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES = frozenset().union(
    # Google, and its advertising
    _words("_ga _gac _gl dclid gad_campaignid gad_source gbraid gclid gclsrc srsltid usqp wbraid"),
    # Facebook, Instagram, X, TikTok, LinkedIn, Pinterest, Snapchat, Microsoft, Yandex and their like
    _words("fb_action_ids fb_action_types fb_ref fb_source fbclid fref igsh igshid mibextid"),
    _words("__twitter_impression epik li_fat_id msclkid sc_cid ttclid twclid yclid ymclid ysclid"),
    # AT Internet (the BBC and others)
    _words("""
        at_ad at_adgroup at_advertiser at_bbc_team at_campaign at_campaign_type at_channel at_creation
        at_custom1 at_custom2 at_custom3 at_custom4 at_detail_placement at_emailtype at_format
        at_general_placement at_identifier at_link_id at_link_origin at_link_type at_medium at_network
        at_platform at_ptr_name at_ptr_type at_recipient_id at_recipient_list at_send_date at_term at_type
        at_variant xtatc xtcr xtnp xtor xtref
    """),
    # comScore
    _words("ns_campaign ns_fee ns_linkname ns_mchannel ns_source"),
    # Matomo, which was Piwik
    _words("""
        matomo_campaign matomo_keyword matomo_kwd mtm_campaign mtm_cid mtm_content mtm_group mtm_keyword
        mtm_kwd mtm_medium mtm_placement mtm_source piwik_campaign piwik_keyword piwik_kwd pk_campaign pk_cid
        pk_content pk_cpn pk_keyword pk_kwd pk_medium pk_source
    """),
    # HubSpot, Mailchimp, Marketo, Omeda, Vero, Webtrends, MailerLite, Kit, Klaviyo
    _words("__hsfp __hssc __hstc _hsenc _hsmi hsctatracking"),
    _words("hsa_acc hsa_ad hsa_cam hsa_grp hsa_kw hsa_la hsa_mt hsa_net hsa_ol hsa_src hsa_tgt hsa_ver"),
    _words("_kx ck_subscriber_id mc_cid mc_eid mc_tc mkt_tok ml_subscriber ml_subscriber_hash"),
    _words("oly_anon_id oly_enc_id vero_conv vero_id wickedid wt_mc wt_zmc wt.mc_ev wt.mc_id wt.nav wt.tsrc"),
    # Yahoo
    _words(".tsrc guccounter guce_referrer guce_referrer_sig"),
    # Adobe, Outbrain, Piano, Branch, Impact and other services
    _words("""
        _branch_match_id _branch_referrer _openstat cx_artpos cx_testid cx_testvariant dicbo dlvrit echobox
        ftag icid igshid intcid int_cid irclickid irgwc rb_clickid s_cid s_kwcid soc_src soc_trk srnd tblci
        trkcampaign wprov
    """),
    # Names that single publishers give the links they spread
    _words("""
        amp_gsa amp_js_v cmp cmpid cvid emc feedname ito mbid mod_source ncid ocid ref_src ref_url
        referringsource share_source sharetoken smid smprod smtyp sr_share taid trk
    """),
)
# These name a page on some sites and a referrer on others: dropped only with a value that names a referrer.
# "feed" is none of them: "/?feed=atom" is where WordPress has its feed.
REFERRER_NAMES = _words("feedtype from partner ref referrer rss share source src via")
REFERRER_VALUES = _words("""
    atom email facebook fb feed feedburner google instagram linkedin mail newsletter rss rssfeed rss_feed
    share social twitter whatsapp
""")
# Dow Jones and others mark a feed so ("mod=rss_markets_main"), while "mod=article_inline" may be a module.
FEED_MARK_NAME, FEED_MARK_VALUE = "mod", "rss"

# Sessions of a visitor: servers write them into links for whoever sends no cookie, another at each reading.
SESSION_NAMES = _words("cfid cftoken jsessionid oscsid phpsessid zenid")
SESSION_NAMES_OF_HEX = _words("s session session_id sessionid sess sessid sid")
# With a letter among them: a long number alone may be the story's.
_SESSION_HEX = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16,}", re.IGNORECASE)
# Java's path parameter, and what ASP.NET puts before the last part: /(S(lit3py55t21z5v55vlm25s55))/
_SESSION_PARAMETER = re.compile(r"(?:;|%3B)(?:jsessionid|phpsessid)(?:=|%3D)[^;/]*", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(r"/\((?:[A-Z]\([a-z0-9_-]{8,}\))+\)(?=/)", re.IGNORECASE)

# Asks for another rendering of the same story.
AMP_NAMES = frozenset({"amp"})
AMP_VALUES = {"output": "amp", "outputtype": "amp", "view": "amp"}

# What was dropped before 0.1.0 besides: names by how they began, and some that say too little.
FORMER_PREFIXES = (
    *("at_", "mtm_", "pk_", "hsa_", "ns_", "oly_", "vero_", "guce_", "mc_", "wt_", "wt.", "__hs", "_hs"),
)
FORMER_NAMES = _words("campaign_id newsletter_id xtor")


def was_tracking(name: str, value: str) -> bool:
    """What `is_tracking` said before 0.1.0 of a query parameter, decoded."""
    name = name.lower()
    if name in SESSION_NAMES or name in SESSION_NAMES_OF_HEX or name == FEED_MARK_NAME:
        return False
    if name == "feed" and value.lower() in REFERRER_VALUES:
        return True
    return is_tracking(name, value) or name in FORMER_NAMES or name.startswith(FORMER_PREFIXES)


def is_tracking(name: str, value: str) -> bool:
    """Whether a query parameter, decoded, only says how the reader came, or which visit it is."""
    name, value = name.lower(), value.lower()
    if name in NAMES or name in SESSION_NAMES or name.startswith(PREFIX):
        return True
    if name == FEED_MARK_NAME:
        return value.startswith(FEED_MARK_VALUE)
    if name in SESSION_NAMES_OF_HEX:
        return _SESSION_HEX.fullmatch(value) is not None
    return name in REFERRER_NAMES and value in REFERRER_VALUES


def without_session(path: str) -> str:
    """An address's path without the visitor's session that some servers write into it."""
    return _SESSION_SEGMENT.sub("", _SESSION_PARAMETER.sub("", path)) or "/"


def is_amp(name: str, value: str) -> bool:
    """Whether a query parameter, decoded, asks for the AMP rendering."""
    name, value = name.lower(), value.lower()
    return (name in AMP_NAMES and value in {"", "1", "true"}) or AMP_VALUES.get(name) == value
