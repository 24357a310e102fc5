"""Accounts and groups: nobody gives away what he does not hold, and what was done stays told.

Without these guards whoever may change accounts could make himself a superuser, or take over the account of
one by giving it another password.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q, QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.accounts.roles import ADMIN, EDITOR, POWERS, READER, VIEWER
from articles.admin.audited import AuditedAdmin
from articles.admin.lists import QuickList
from articles.web.audit import OF_ONESELF, record

_OURS = (VIEWER, EDITOR, ADMIN)
_SINGLE = "user_permissions"


def held_by(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Permission]:
    """The permissions of an account, active or not."""
    if getattr(user, "is_superuser", False):
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=user.pk) | Q(group__user=user.pk)).distinct()


def may_manage(user: AbstractBaseUser | AnonymousUser, other: User) -> bool:
    """Whether *user* could do all that *other* can: only then may he change that account."""
    if getattr(user, "is_superuser", False):
        return True
    return not other.is_superuser and not held_by(other).exclude(pk__in=held_by(user)).exists()


def grantable_groups(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Group]:
    """The groups that give nothing but what *user* holds himself."""
    beyond = Permission.objects.exclude(pk__in=held_by(user))
    return Group.objects.exclude(pk__in=Group.objects.filter(permissions__in=beyond))


def superusers_left(*, without: QuerySet[User]) -> bool:
    """Whether somebody who may do everything can still sign in."""
    left = User.objects.filter(is_superuser=True, is_active=True, is_staff=True)
    return left.exclude(pk__in=without).exists()


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        keys = ("is_superuser", "is_active", "is_staff")
        was = all(getattr(self.instance, key) for key in keys)
        stays = all(cleaned.get(key, getattr(self.instance, key)) for key in keys)
        if was and not stays and not superusers_left(without=User.objects.filter(pk=self.instance.pk)):
            raise ValidationError(
                _(
                    "This is the last account that may do everything: it has to stay active, staff and "
                    "superuser. Make another superuser first."
                )
            )
        return cleaned


class NewAccountForm(UserCreationForm):  # type: ignore[type-arg]
    """A new account at once with its role; whether it may enter the administration follows from that."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        choices=[(READER, "")],
        help_text=gettext_lazy("More than one, or none of these: choose groups once the account is there."),
    )

    class Meta(UserCreationForm.Meta):
        fields = ("username", "email")

    def save(self, commit: bool = True) -> Any:
        self.instance.is_staff = self.cleaned_data["role"] != READER
        return super().save(commit)


def _role_field(user: AbstractBaseUser | AnonymousUser) -> forms.ChoiceField:
    """The field with the roles that *user* may give, each with what it may do."""
    field = NewAccountForm.base_fields["role"]
    given = set(grantable_groups(user).values_list("name", flat=True))
    choices = [
        (name, format_html("<span><strong>{}</strong>: {}</span>", label, powers))
        for name, (label, powers) in POWERS.items()
        if name == READER or name in given
    ]
    return forms.ChoiceField(
        label=field.label, help_text=field.help_text, widget=forms.RadioSelect, choices=choices
    )


admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg]
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = "admin/change_form.html"
    add_fieldsets = ((None, {"fields": ("username", "email", "role", "password1", "password2")}),)
    filter_horizontal = ()
    list_display = ("username", "email", "roles", "is_active", "is_staff", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return _("may do everything")
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields = {**form.base_fields, "role": _role_field(request.user)}
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        role = "" if change else form.cleaned_data["role"]
        if role in _OURS:
            form.instance.groups.set(grantable_groups(request.user).filter(name=role))
            record(request, form.instance, {"role": ("", role)})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """As of any row: there is no second form to go on with."""
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QuickList]:
        return QuickList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Accounts get what they may from roles; single permissions are for superusers, and folded."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        left = [
            (name, {**options, "fields": _without_single(options["fields"])}) for name, options in fieldsets
        ]
        if not getattr(request.user, "is_superuser", False):
            return left
        told = _("Beside those of its groups. A group of your own is easier to keep an eye on.")
        single = {"fields": (_SINGLE,), "classes": ("collapse",), "description": told}
        return [*left, (_("Single permissions"), single)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = (*super().get_readonly_fields(request, obj), "last_login", "date_joined")
        return own if getattr(request.user, "is_superuser", False) else (*own, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or may_manage(request.user, obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": forms.CheckboxSelectMultiple()}
        )
        if field is not None and db_field.name == "groups":
            field.queryset = grantable_groups(request.user)
        return field

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django has it; an account that the log tells of, or the last superuser, is protected."""
        users = list(objs)
        listed, counts, lacking, protected = super().get_deleted_objects(users, request)
        told = [_why_kept(user) for user in users]
        if not superusers_left(without=User.objects.filter(pk__in=[user.pk for user in users])):
            told.append(_("The last account that may do everything: make another superuser first."))
        # Nobody may delete entries by themselves; those that keep no account go with it.
        lacking.discard(LogEntry._meta.verbose_name)
        return listed, counts, lacking, [*protected, *filter(None, told)]


@admin.register(Group)
class RoleAdmin(AuditedAdmin, GroupAdmin):
    filter_horizontal = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QuickList]:
        return QuickList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.name not in _OURS:
            return super().get_fieldsets(request, obj)
        told = _(
            "NewsDiffs keeps this group, and brings it up to date at each start. Make another group "
            "for other permissions."
        )
        return [(None, {"fields": ("name", "permissions"), "description": told})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_manage(request, obj)

    def _may_manage(self, request: HttpRequest, group: Group | None) -> bool:
        if group is None:
            return True
        return group.name not in _OURS and grantable_groups(request.user).filter(pk=group.pk).exists()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": forms.CheckboxSelectMultiple()}
        )
        if field is not None and request is not None and db_field.name == "permissions":
            field.queryset = _as_shown(field.queryset, held_by(request.user))
        return field


def _without_single(fields: Any) -> tuple[Any, ...]:
    return tuple(field for field in fields if field != _SINGLE)


def _as_shown(permissions: QuerySet[Permission] | None, held: QuerySet[Permission]) -> QuerySet[Permission]:
    """Those of *permissions* that are *held*."""
    return held if permissions is None else permissions.filter(pk__in=held)


@receiver(pre_delete, sender=User, dispatch_uid="the log stays")
def _keep_the_log(sender: Any, instance: User, **_sent: Any) -> None:
    """Django's log goes with the account of whoever did what it tells: so an account with entries stays.

    That somebody signed in, or changed his own password, may go with him.

    :raises ProtectedError: it has others.
    """
    if why := _why_kept(instance):
        raise ProtectedError(why, {instance})


def _why_kept(user: User) -> str:
    """Why the account can't be deleted, or ''."""
    entries = LogEntry.objects.filter(user=user)
    count = entries.exclude(object_id=str(user.pk), change_message__in=OF_ONESELF).count()
    if not count:
        return ""
    told = ngettext(
        "The account %(name)s has %(count)s entry in the audit log, which would be deleted too. Take "
        "“active” away from it instead: then nobody can sign in with it.",
        "The account %(name)s has %(count)s entries in the audit log, which would be deleted too. Take "
        "“active” away from it instead: then nobody can sign in with it.",
        count,
    )
    return told % {"name": user.get_username(), "count": count}
