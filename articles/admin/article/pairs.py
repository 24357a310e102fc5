"""Pairs of articles that may be one story: their texts are alike, and a person says whether they are."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.lists import ReadOnlyAdmin
from articles.models import Article, Evidence, Proposal
from articles.watch.check.join import CantJoin, join, plan_join
from articles.web.audit import record

MOST = 100
"""Pairs joined at once: each is a transaction of its own."""


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Joining is what `join_articles` does too, which can also undo it."""

    list_display = ("at", "state", "older_shown", "younger_shown", "evidence", "share_shown")
    list_filter = ("state", "evidence")
    list_select_related = ("older", "younger")
    ordering = ("-id",)
    actions = ("join_them", "keep_apart")

    @admin.display(description=gettext_lazy("one article"))
    def older_shown(self, pair: Proposal) -> str:
        return _link(pair.older)

    @admin.display(description=gettext_lazy("the other"))
    def younger_shown(self, pair: Proposal) -> str:
        return _link(pair.younger)

    @admin.display(description=gettext_lazy("alike"), ordering="share")
    def share_shown(self, pair: Proposal) -> str:
        return f"{pair.share:.0%}"

    @admin.action(description=gettext_lazy("They are one story: join them"), permissions=["decide"])
    def join_them(self, request: HttpRequest, pairs: QuerySet[Proposal]) -> None:
        now = timezone.now()
        for pair in pairs.filter(state=Proposal.State.OPEN).select_related("older", "younger")[:MOST]:
            try:
                join(plan_join(pair.older, pair.younger, Evidence.PERSON), now, request.user)  # type: ignore[arg-type]
            except CantJoin as problem:
                told = _("%(pair)s: not joined: %(problem)s.") % {"pair": pair, "problem": problem}
                messages.warning(request, told)
                continue
            record(request, pair, {"state": (Proposal.State.OPEN, Proposal.State.JOINED)})
            messages.success(request, _("Joined: %(pair)s.") % {"pair": pair})

    @admin.action(description=gettext_lazy("They are two stories"), permissions=["decide"])
    def keep_apart(self, request: HttpRequest, pairs: QuerySet[Proposal]) -> None:
        for pair in pairs.filter(state=Proposal.State.OPEN)[:MOST]:
            Proposal.objects.filter(pk=pair.pk).update(state=Proposal.State.APART, decided=timezone.now())
            record(request, pair, {"state": (Proposal.State.OPEN, Proposal.State.APART)})

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change articles."""
        return request.user.has_perm("articles.change_article")


def _link(article: Article) -> str:
    return format_html(
        '<a href="{}"><bdi>{}</bdi></a><br><bdi dir="ltr">{}</bdi>',
        article.get_absolute_url(),
        str(article),
        article.address,
    )
