"""The one shape of history: who moved what from where to where, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Transition(models.Model):
    """A row per move of a state machine. Append-only; the process map is drawn from these."""

    axis = models.CharField(_("axis"), max_length=20, help_text=_("Which state moved."))
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30)
    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.axis}: {self.from_state} > {self.to_state}"


class InvalidTransition(Exception):
    """Raised when a state machine is asked for a move that its table does not allow."""

    def __init__(self, thing: object, from_state: str, to_state: str) -> None:
        super().__init__(f"{thing}: {from_state} > {to_state} is not allowed")
        self.thing = thing
        self.from_state = from_state
        self.to_state = to_state
