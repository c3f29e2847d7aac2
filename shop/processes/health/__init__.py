"""How the shop's machines are: what waits, what broke, what is full, what is old."""

from shop.processes.health.again import again
from shop.processes.health.lights import Light, State, is_red
from shop.processes.health.looking import look
from shop.processes.health.queues import given_up, pulse
from shop.processes.health.software import versions

__all__ = ["Light", "State", "again", "given_up", "is_red", "look", "pulse", "versions"]
