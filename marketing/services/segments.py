"""Rules of segments, checked in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from marketing.queries.readers import Misread
from marketing.queries.segments import MOST_RULES, read_rule
from shop.lib.errors import Refused


class BadRules(Refused):
    """Raised when rules say nothing that could be looked up. `problems`: a sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def check(rules: object) -> None:
    """Raise BadRules unless every rule names a field and a value it takes."""
    if not isinstance(rules, list) or not rules:
        raise BadRules([_("A segment needs at least one rule.")])
    if len(rules) > MOST_RULES:
        raise BadRules([_("At most %(most)s rules.") % {"most": MOST_RULES}])
    problems = [
        _("Rule %(number)s: %(problem)s") % {"number": number, "problem": problem}
        for number, rule in enumerate(rules, 1)
        if (problem := _problem(rule))
    ]
    if problems:
        raise BadRules(problems)


def _problem(rule: object) -> str:
    """What is wrong with a rule, in words; empty when nothing is."""
    try:
        read_rule(rule)
    except Misread as problem:
        return str(problem)
    return ""
