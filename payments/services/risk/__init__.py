"""What speaks for fraud in an order: signs, their points, and what a person made of them."""

from payments.services.risk.assessments import assess, decide, look_again
from payments.services.risk.rules import active_rules, policy, rules

__all__ = ["active_rules", "assess", "decide", "look_again", "policy", "rules"]
