"""What is told of another year or as history: such acts and figures make no record."""

from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.text import Hit
from agents.extract.view import View

_FIRST_YEAR: Final = 1800
_ERA_SPAN: Final = 300
_VERBS: Final = ("act.", "say.verb", "term.", "move.", "cue.passive")
PROMISES: Final = ("cue.future", "cue.plan", "cue.threat", "cue.possible")
"""Words that tell of what has not happened yet."""


def history(analysis: Analysis, view: View, trigger: Hit) -> tuple[str, Hit | None] | None:
    """Why what a trigger tells is of another year or long past, and the cue that says so; None where it is not."""
    for hit in view.hits("cue.background"):
        fits = view.same_clause(hit.first, trigger.first) or _fronts(view, hit.first, trigger)
        if fits and not _is_condition(view, hit):
            return "told as history", hit
    tokens = view.sentence.tokens
    year = _published_year(analysis)
    for index in view.sentence.numbers:
        token = tokens[index]
        if len(token.text) == 4 and token.text.isdecimal():
            told = _common_year(analysis, int(token.text))
            other = _FIRST_YEAR <= told < (year or 2000) and (year is None or told != year)
            fits = view.same_clause(index, trigger.first) or _fronts(view, index, trigger)
            if other and fits and _is_date(analysis, view, index):
                return f"told of {told}", None
    return None


def _fronts(view: View, index: int, trigger: Hit) -> bool:
    """Whether a time opens the sentence in a phrase without a verb, set off by a comma: "In 1973, soldiers shelled"."""
    opening = view.clause[0]
    if view.clause[index] != opening or view.clause[trigger.first] != opening + 1:
        return False
    return not any(view.clause[h.first] == opening and h.concept.startswith(_VERBS) for h in view.sentence.hits)


def _is_condition(view: View, hit: Hit) -> bool:
    """Whether a word of the past ("once") opens a condition here: something is promised before it."""
    if not any(h.first == hit.first for h in view.hits("cue.after_condition")):
        return False
    return any(h.first < hit.first for h in view.hits_of(PROMISES))


def _common_year(analysis: Analysis, year: int) -> int:
    """A year of the common era; earlier ones are counted by the pack's own (`[dates] year_offset`: 1361 is 1982)."""
    offset = int(analysis.pack.data.get("dates", {}).get("year_offset", 0))
    return year + offset if year < _FIRST_YEAR - _ERA_SPAN else year


def _published_year(analysis: Analysis) -> int | None:
    published = analysis.article.published
    return int(published[:4]) if published and published[:4].isdecimal() else None


def _is_date(analysis: Analysis, view: View, index: int) -> bool:
    """Whether a year stands for itself: not beside a noun ("the 2016 accord") nor as a figure."""
    tokens = view.sentence.tokens
    if any(0 <= index - hit.last <= 1 for hit in view.hits("noun.agreement")):
        return False
    if index and tokens[index - 1].norm in analysis.pack.data.get("places", {}).get("at", ()):
        return True
    if index + 1 >= len(tokens) or any(h.last == index and h.concept.startswith("time.") for h in view.sentence.hits):
        return True
    following = tokens[index + 1]
    if not following.text[0].isalpha():
        return True
    return any(
        h.first == index + 1 and h.concept.startswith(("func.", "act.", "cue.", "say.")) for h in view.sentence.hits
    )
