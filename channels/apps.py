from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "channels"
    verbose_name = "Channels"

    def ready(self) -> None:
        # The layers below learn here how to find out whether anybody wants to know.
        from channels.services.webhooks import is_wanted  # noqa: PLC0415 — models come first
        from shop.outbox import happenings  # noqa: PLC0415

        happenings.ask(is_wanted)
