from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from shop.admin.base import OnPages, ShopAdmin
from support.models import Article


@admin.register(Article)
class ArticleAdmin(OnPages, ShopAdmin):
    list_display = ("title", "kind", "position", "is_published", "updated_at")
    list_filter = ("kind", "is_published")
    search_fields = ("title", "summary", "body")
    search_help_text = _("Title or words of the text")
    ordering = ("kind", "position", "title", "id")
    prepopulated_fields = {"slug": ("title",)}
