"""Tracking: what carriers tell of parcels moves the parcels, their orders, and mails.

News come by webhook or are asked for; late, early, repeated or unknown ones do no harm.
"""

from shop.processes.tracking.asking import ask, poll
from shop.processes.tracking.hearing import delivered_by_hand, heard

__all__ = ["ask", "delivered_by_hand", "heard", "poll"]
