from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "shop.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        # Models can be imported only once all apps are loaded.
        from shop.audit import services, tables  # noqa: PLC0415

        # After the last app: tables come into being app by app.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(tables.install, sender=last)
        connection_created.connect(services.say_again)
