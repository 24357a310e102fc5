"""Query parameters that say how a reader came to a page, never which page it is.

Analytics, mail and advertising services add them, and news sites add them to the links of their own feeds.
Names are compared in lower case.
"""

PREFIXES = (
    "utm_",  # Google Analytics and everyone after it
    "at_",  # AT Internet (BBC and others): at_medium, at_campaign, at_custom1 …
    "mtm_",  # Matomo
    "pk_",  # Piwik
    "hsa_",  # HubSpot advertising
    "ns_",  # comScore
    "oly_",  # Omeda
    "vero_",
    "guce_",  # Yahoo
    "mc_",  # Mailchimp
    "wt_",  # Webtrends
    "wt.",
    "__hs",  # HubSpot
    "_hs",
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES = _words("""
    __twitter_impression _ga _gac _gl _openstat amp_gsa amp_js_v campaign_id cmp cmpid cvid dclid dlvrit
    echobox emc epik fb_action_ids fb_action_types fb_ref fb_source fbclid fref ftag gbraid gclid gclsrc
    guccounter icid igsh hsctatracking igshid intcid int_cid ito mbid mkt_tok mod_source msclkid ncid
    newsletter_id ocid ref_src ref_url referringsource s_cid s_kwcid share_source sharetoken smid smprod
    smtyp soc_src soc_trk sr_share srnd taid trk trkcampaign ttclid twclid usqp wbraid wickedid wprov xtor
    yclid ysclid
""")
# These name a page on some sites and a referrer on others: dropped only with a value that names a referrer.
REFERRER_NAMES = _words("feed from partner ref referrer rss share source src via")
REFERRER_VALUES = _words("""
    atom email facebook fb feed feedburner google instagram linkedin mail newsletter rss rssfeed rss_feed
    share social twitter whatsapp
""")

# Asks for another rendering of the same story.
AMP_NAMES = frozenset({"amp"})
AMP_VALUES = {"output": "amp", "outputtype": "amp", "view": "amp"}


def is_tracking(name: str, value: str) -> bool:
    """Whether a query parameter, decoded, only says how the reader came."""
    name, value = name.lower(), value.lower()
    if name in NAMES or name.startswith(PREFIXES):
        return True
    return name in REFERRER_NAMES and value in REFERRER_VALUES


def is_amp(name: str, value: str) -> bool:
    """Whether a query parameter, decoded, asks for the AMP rendering."""
    name, value = name.lower(), value.lower()
    return (name in AMP_NAMES and value in {"", "1", "true"}) or AMP_VALUES.get(name) == value
