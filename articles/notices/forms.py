"""The form in which somebody asks to be told. What is asked for stands in the address, as for a list."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import search
from articles.models import Article, Subscription, Way
from articles.notices.attempts import may_be_asked
from articles.notices.sentences import AROUND, LONGEST, stands_in
from articles.notices.subscribing import MOST_ARTICLES, Asked
from articles.pages.filters import FiltersForm

FOR_ALL = (Way.EMAIL, Way.FEED)
"""Ways for which nobody needs an account."""

SIGNED_IN = (
    *FOR_ALL,
    *(Way.WEBHOOK, Way.SLACK, Way.DISCORD, Way.MATTERMOST, Way.TEAMS, Way.TELEGRAM, Way.MATRIX, Way.NTFY),
)

LONGEST_WATCH = timedelta(days=3 * 365)
"""An article is kept watched no longer than that: who still wants it asks again."""

_NEEDS_RECEIVER = frozenset(SIGNED_IN) - {*FOR_ALL, Way.TELEGRAM}
_NEEDS_ACCOUNT = {Way.TELEGRAM, Way.MATRIX}
_NEEDS_SECRET = {Way.TELEGRAM, Way.MATRIX}
_NOT_IN_A_TOKEN = "/?#\\"  # noqa: S105 (signs that would end it in an address)


class SubscriptionForm(forms.Form):
    """How to be told, and of which articles where the address names none."""

    way = forms.ChoiceField(label=gettext_lazy("How"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Subscription.Frequency.choices,
        required=False,
        help_text=gettext_lazy("A feed is always up to date."),
    )
    receiver = forms.CharField(
        label=gettext_lazy("Address of the receiver"),
        help_text=gettext_lazy(
            "The webhook’s address, Matrix’s server, or the topic at ntfy. It is shown nowhere afterwards."
        ),
        max_length=2000,
        required=False,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
    )
    account = forms.CharField(
        label=gettext_lazy("Chat or room"),
        help_text=gettext_lazy("Of Telegram the chat’s number or @name, of Matrix the room’s id."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("Token"),
        help_text=gettext_lazy("Of Telegram’s bot, of Matrix, of ntfy if it needs one. It is never shown."),
        max_length=500,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Keep watching until"),
        help_text=gettext_lazy(
            "An article is not checked any more 40 days after its last change; until this day it is."
        ),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    sentence = forms.CharField(
        label=gettext_lazy("Only one sentence"),
        help_text=gettext_lazy(
            "Copied from the article as it stands now: you are told when it changes, moves, goes or comes "
            "back."
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Only these articles"),
        help_text=gettext_lazy("Their addresses, one a line: the references of a text, say."),
        max_length=100_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, request: HttpRequest, article: Article | None, query: str, **given: Any) -> None:
        super().__init__(**given, label_suffix="")
        self.article, self.query = article, query
        self.articles: list[Article] = [article] if article else []
        self.unknown: list[str] = []
        self._selector: dict[str, str] | None = None
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        signed_in = request.user.is_authenticated
        way.choices = [(one.value, one.label) for one in (SIGNED_IN if signed_in else FOR_ALL) if _works(one)]
        if not signed_in:
            for name in ("receiver", "account", "secret"):
                del self.fields[name]
        if article is None:
            del self.fields["sentence"]
        else:
            del self.fields["addresses"]
        unfit = {"until", "addresses"} if query else set()
        if [value for value, _label in way.choices] == [Way.FEED]:
            # A feed is of one list or one article, and nothing is sent.
            unfit |= {"email", "frequency", "sentence", "addresses", *(() if article else ("until",))}
        for name in unfit & self.fields.keys():
            del self.fields[name]

    def clean_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        today = timezone.now().astimezone(UTC).date()
        if not today < day <= today + LONGEST_WATCH:
            raise forms.ValidationError(_("Give a day to come, within three years."))
        return datetime.combine(day, time(), UTC)

    def clean_sentence(self) -> str:
        exact = " ".join(str(self.cleaned_data["sentence"]).split())
        if exact and self.article is not None:
            self._selector = selector_of(exact, self.article)
            if self._selector is None:
                raise forms.ValidationError(
                    _("These words don’t stand in the latest version that was seen. Copy them from it.")
                )
        return exact

    def clean_addresses(self) -> str:
        lines = [line.strip() for line in str(self.cleaned_data["addresses"]).splitlines() if line.strip()]
        if len(lines) > MOST_ARTICLES:
            raise forms.ValidationError(
                _("Give at most %(most)s addresses at once.") % {"most": MOST_ARTICLES}
            )
        known: dict[int, Article] = {}
        for line in lines:
            found = search.look_up(search.as_addresses(line)).article
            article = Article.objects.visible().filter(pk=found).first() if found else None
            if article is None:
                self.unknown.append(line[:200])
            else:
                known[article.pk] = article
        if lines and not known:
            raise forms.ValidationError(_("None of these is the address of an article that is watched here."))
        self.articles = list(known.values())
        return "\n".join(lines)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _(
                    "The field that is to be left empty was filled in, as programs do. Empty it, and send "
                    "again."
                )
            )
        return ""

    def clean(self) -> None:
        given = self.cleaned_data
        way = given.get("way")
        if way == Way.EMAIL and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Give the address to which the mails are to go."))
        if way in _NEEDS_RECEIVER:
            self._clean_receiver(str(given.get("receiver", "")))
        if way in _NEEDS_ACCOUNT and not given.get("account"):
            self.add_error("account", _("Say which chat or room."))
        if way in _NEEDS_SECRET and not given.get("secret"):
            self.add_error("secret", _("Without its token nothing can be posted there."))
        if way == Way.TELEGRAM and any(sign in str(given.get("secret", "")) for sign in _NOT_IN_A_TOKEN):
            self.add_error("secret", _("This is no token of Telegram."))
        if way == Way.FEED and (self._selector or len(self.articles) > 1):
            self.add_error("way", _("For a sentence, or a list of articles, choose another way than a feed."))

    def _clean_receiver(self, receiver: str) -> None:
        if not receiver:
            self.add_error("receiver", _("Give the address to which the notices are to be sent."))
        elif not may_be_asked(receiver):
            self.add_error(
                "receiver",
                _(
                    "Nothing can be sent there: it must be an address on the public internet that begins "
                    "with https://, and whose host is known."
                ),
            )

    def asked(self) -> Asked:
        """What the form asks for, once it is valid."""
        given, way = self.cleaned_data, Way(self.cleaned_data["way"])
        is_mail = way == Way.EMAIL
        posts = way not in FOR_ALL
        return Asked(
            way=way,
            query=self.query,
            articles=tuple(self.articles),
            frequency=(given.get("frequency") or Subscription.Frequency.AT_ONCE)
            if way != Way.FEED
            else Subscription.Frequency.AT_ONCE,
            email=str(given.get("email", "")) if is_mail else "",
            receiver=str(given.get("receiver", "")) if posts else "",
            account=str(given.get("account", "")) if posts else "",
            secret=str(given.get("secret", "")) if posts else "",
            sentence=self._selector,
            watch_until=given.get("until"),
        )

    def visible_ones(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "website"]


def _works(way: Way) -> bool:
    return way != Way.EMAIL or settings.MAIL_IS_SET_UP


def selector_of(exact: str, article: Article) -> dict[str, str] | None:
    """The TextQuoteSelector of words that stand in the latest version of *article*; None where they don't."""
    latest = article.versions.filter(hidden=False, hidden_itself=None).order_by("-number").first()
    if latest is None or not stands_in({"exact": exact}, latest.paragraphs):
        return None
    around = {"prefix": "", "suffix": ""}
    for paragraph in latest.paragraphs:
        before, found, after = paragraph.partition(exact)
        if found:
            around = {"prefix": before[-AROUND:], "suffix": after[:AROUND]}
            break
    return {"type": "TextQuoteSelector", "exact": exact, **around}


def filters_asked(given: QueryDict) -> tuple[FiltersForm, str]:
    """The filters that an address asks for, as a form and as they are stored: no other parameter with them.

    :raises Http404: there is no such source.
    """
    bare = QueryDict(mutable=True)
    for name in FiltersForm.field_order:
        values = [value for value in given.getlist(name) if value]
        if values:
            bare.setlist(name, values)
    form = FiltersForm(bare)
    form.filters()
    return form, bare.urlencode()


def article_asked(given: QueryDict) -> Article | None:
    """The article that an address asks for.

    :raises Http404: there is none of this number that readers may see.
    """
    number = given.get("article", "")
    if not number:
        return None
    found: Article | None = None
    if number.isascii() and number.isdigit() and len(number) <= 18:
        found = Article.objects.visible().filter(pk=int(number)).first()
    if found is None:
        raise Http404(_("There is no article of this number."))
    return found
