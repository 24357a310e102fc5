"""Notices: telling people what changed, where they are.

Comes in: announcements, each written in the transaction that stored a version or an event. Goes out: e-mails,
webhooks, posts. Read ``tasks`` first: what the queue calls each minute.

    matching         who asks for which change: filters of subscriptions on many changes at once
    sentences        what became of one watched sentence in a new version
    outbox           from announcements to notices, and from notices to deliveries: at once, digest, flood
    sending          carrying deliveries out, and what follows when that fails
    mail, webhooks, chat, networks
                     how each way says it, and to whom
    bounces          reports of mails that came back
    message          a delivery in words, for all ways
    subscribing      making, confirming and ending subscriptions, and the limits on that
    forms, views, urls
                     the pages under /subscriptions/
    admin            bots, chats, and what bots are about to post
    websub           telling a hub which of our feeds have something new
    hubs, hub_views  being told by hubs that a feed which we read has something new
    web_archive      asking web.archive.org to save what was seen

Nothing that is hidden or deleted is ever told: it is looked at again when it is about to be sent. No
address, token or key stands in a log.
"""
