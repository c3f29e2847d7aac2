"""Back again: asked for, agreed to, sent, received, looked at and settled."""

from orders.services.returns import can
from shop.processes.returns.approving import NotNow, approve, cancel, decline
from shop.processes.returns.checking import BadCount, inspect, receive
from shop.processes.returns.estimating import estimate
from shop.processes.returns.judging import Verdict, may_withdraw, verdicts
from shop.processes.returns.moving import expire, follow_exchanges, on_its_way
from shop.processes.returns.requesting import CannotReturn, request
from shop.processes.returns.settling import NotChecked, settle
from shop.processes.returns.wanted import Estimate, Found, Photo, Wanted
from shop.processes.returns.withdrawing import withdraw

__all__ = [
    "BadCount",
    "CannotReturn",
    "Estimate",
    "Found",
    "NotChecked",
    "NotNow",
    "Photo",
    "Verdict",
    "Wanted",
    "approve",
    "can",
    "cancel",
    "decline",
    "estimate",
    "expire",
    "follow_exchanges",
    "inspect",
    "may_withdraw",
    "on_its_way",
    "receive",
    "request",
    "settle",
    "verdicts",
    "withdraw",
]
