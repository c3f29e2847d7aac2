from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = "Analytics"

    def ready(self) -> None:
        from analytics.services import forgetting  # noqa: PLC0415 - models are there only now

        post_migrate.connect(forgetting.install, sender=self)
