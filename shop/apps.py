from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils import timezone


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        # Registers the system checks.
        import shop.checks  # noqa: F401, PLC0415
        from shop.lib import page_cache, rulebook  # noqa: PLC0415

        # After the last app: tables come into being app by app.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(rulebook.install, sender=last)
        page_cache.moment_passed.connect(_catch_up)


def _catch_up(**_about: object) -> None:
    # Models can be imported only once all apps are loaded.
    from shop.processes import on_time  # noqa: PLC0415

    on_time.catch_up(now=timezone.now())
