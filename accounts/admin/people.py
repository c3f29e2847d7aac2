from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm

from accounts.admin import doors
from accounts.forms import NewUserForm, UserForm
from accounts.models import PolicyVersion, User
from accounts.services import roles
from shop.admin.base import OnPages, ReadOnlyAdmin, ShopAdmin
from shop.admin.kit import CheckboxSelectMultiple

if TYPE_CHECKING:
    UserPages = DjangoUserAdmin[User]
else:
    UserPages = DjangoUserAdmin

admin.site.unregister(Group)
SAFETY = ("is_superuser", "user_permissions")


@admin.register(User)
class UserAdmin(UserPages, ShopAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "roles", "is_staff", "is_active", "last_login")
    list_filter = ("groups", "is_staff", "is_active")
    search_fields = ("email", "name")
    search_help_text = _("E-mail or name")
    ordering = ("email", "id")
    filter_horizontal = ()
    readonly_fields = ("last_login", "joined_at", "second_factor")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Role"), {"fields": ("is_active", "is_staff", "groups", *SAFETY)}),
        (_("Dates"), {"fields": ("last_login", "joined_at", "second_factor")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Roles as boxes to tick: a list to hold Ctrl over is a trap."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("signs in with"))
    def second_factor(self, user: User) -> str:
        return doors.factors(user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) | doors.actions(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Whoever may manage people may still not make themselves a superuser."""
        return () if request.user.is_superuser else SAFETY

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = self.get_exclude(request, obj)
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and _may_touch(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Somebody has to stay who can let others in."""
        found, counts, missing, kept = super().get_deleted_objects(objs, request)
        if not roles.keeps_an_owner([user.pk for user in objs]):
            kept = [*kept, str(_("The shop needs an owner: name another one first."))]
        return found, counts, missing, kept


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or bool(request.user.is_superuser)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """Roles are code (accounts.services.roles); who has one is set on the person's page."""

    list_display = ("name", "people")
    fields = ("name", "permissions")
    ordering = ("name",)

    @admin.display(description=_("people"))
    def people(self, group: Group) -> int:
        return int(getattr(group, "people_count", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        rows: QuerySet[Group] = super().get_queryset(request)
        return rows.annotate(people_count=Count("user"))


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What was changed by hand in these pages. What the shop did is on each order's page."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change")
    list_select_related = ("user", "content_type")
    list_filter = ("action_flag", "content_type")
    search_fields = ("object_repr", "user__email")
    ordering = ("-action_time", "-id")

    @admin.display(description=_("change"))
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()


@admin.register(PolicyVersion)
class PolicyVersionAdmin(OnPages, ShopAdmin):
    """A text in force is never edited: people agreed to it. Write the next version instead."""

    list_display = ("title", "slug", "published_at")
    list_filter = ("slug",)
    search_fields = ("title", "body")
    ordering = ("slug", "-published_at", "-id")
    prepopulated_fields = {"slug": ("title",)}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_in_force(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_in_force(obj)


def _is_in_force(policy: PolicyVersion | None) -> bool:
    return policy is not None and policy.published_at <= timezone.now()
