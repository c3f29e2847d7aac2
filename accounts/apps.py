from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        # After the last app: permissions come into being app by app.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(sync_roles, sender=last)


def sync_roles(**_about: Any) -> None:
    """Bring the roles up to date with the permissions that a migration left."""
    # Models can be imported only once all apps are loaded.
    from accounts.services import roles  # noqa: PLC0415

    roles.sync()
