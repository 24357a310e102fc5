"""`manage.py join_articles ADDRESS ADDRESS`: make one article of two that are one story, or part them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.fetch import address_key
from articles.models import Address, Article, Evidence, Join
from articles.watch.check.join import CantJoin, CantUndo, Plan, join, plan_join, undo


class Command(BaseCommand):
    help = (
        "Say what joining two articles would do, and do it with --yes. The older stays, and the younger "
        "one's pages lead to it. With --undo two that were joined are parted again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("articles", nargs=2, metavar="ARTICLE", help=_("an article's number or address"))
        parser.add_argument("--yes", action="store_true", help=_("do it; else it is only said"))
        parser.add_argument("--undo", action="store_true", help=_("part two articles that were joined"))

    def handle(self, *, articles: list[str], yes: bool, undo: bool, **_options: Any) -> None:
        if undo:
            self._undo(articles, yes=yes)
            return
        one, other = map(_found, articles)
        try:
            plan = plan_join(one, other, Evidence.PERSON)
            self._tell(plan)
            if yes:
                join(plan, timezone.now())
        except CantJoin as problem:
            raise CommandError(_("They can't be joined: %(problem)s.") % {"problem": problem}) from problem
        self.stdout.write(_("Done.") if yes else _("Nothing was done. Do it with --yes."))

    def _tell(self, plan: Plan) -> None:
        older, younger = plan.older, plan.younger
        for article, words in ((older, _("It stays")), (younger, _("It leads there"))):
            self.stdout.write(
                _("%(words)s: article %(pk)s, “%(headline)s”, %(count)s versions, %(address)s")
                % {
                    "words": words,
                    "pk": article.pk,
                    "headline": article.headline,
                    "count": article.version_count,
                    "address": article.address,
                }
            )
        if plan.take_from:
            first = older.version_count + 1
            self.stdout.write(
                _("%(taken)s versions of it become versions %(first)s to %(last)s.")
                % {"taken": plan.taken, "first": first, "last": first + plan.taken - 1}
            )
        else:
            self.stdout.write(_("Its history stays as it is, and is named on the other’s page."))
        if older.hidden != younger.hidden:
            self.stdout.write(_("One of them is taken down: both will be hidden."))
        self.stdout.write(_("From then on %(address)s is checked.") % {"address": plan.address})

    def _undo(self, articles: list[str], *, yes: bool) -> None:
        pair = [_number_of(text) for text in articles]
        made = Join.objects.filter(older__in=pair, younger__in=pair, undone=None).order_by("-pk").first()
        if made is None:
            raise CommandError(_("These two are not joined."))
        self.stdout.write(
            _("Article %(younger)s becomes an article of its own again, beside article %(older)s.")
            % {"younger": made.younger_id, "older": made.older_id}
        )
        if made.taken_to:
            self.stdout.write(_("Versions %(first)s and later go back to it.") % {"first": made.taken_to})
        if not yes:
            self.stdout.write(_("Nothing was done. Do it with --yes."))
            return
        try:
            undo(made)
        except CantUndo as problem:
            raise CommandError(_("They can't be parted: %(problem)s.") % {"problem": problem}) from problem
        self.stdout.write(_("Done."))


def _found(text: str) -> Article:
    article: Article | None = Article.objects.filter(pk=_number_of(text)).first()
    if article is None:
        raise CommandError(_("There is no article %(text)s.") % {"text": text})
    return article


def _number_of(text: str) -> int:
    """The number of the article that *text*, its number or an address, names."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    try:
        pk = Address.objects.filter(key=address_key(text)).values_list("article", flat=True).first()
    except ValueError as problem:
        raise CommandError(f"{text}: {problem}") from problem
    if pk is None:
        raise CommandError(_("No article is known at %(text)s.") % {"text": text})
    return pk
