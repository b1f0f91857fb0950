"""The evidence words of ids: those of the sentence as a whole, however its tokens cut it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.fold import fold_text
from agents.extract.ids import evidence_of
from agents.extract.text import MAX_FORM
from tests.support.extraction import cut

_LONG = "x" * MAX_FORM
_PIECES = (
    *(
        "33",
        "rd",
        "l'eau",
        "Kyiv",
        "de",
        "ßein",
        "Xankəndi",
        "ו",
        "400",
        "بال",
        "U.S.",
        "½",
        "e\u0301t",
        "一",
        "\ufb01t",
    ),
    *(" ", "  ", "'", "’", "-", "–", '"', "_", ",", "\u00a0", "\u200b", "\u200d", "\u200e", "\t", _LONG, _LONG + "Y"),
)


@settings(deadline=None)  # the first one loads a pack
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.sampled_from(("en", "fr", "he", "tr")))
def test_evidence_is_the_folded_sentence(text: str, language: str) -> None:
    for sentence in cut(text, language):
        assert evidence_of(text, sentence) == fold_text(text[sentence.start : sentence.end])
