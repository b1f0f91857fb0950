import pytest

from streams.language import decide, detect, primary_subtag


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [("pt-BR", "pt"), ("en_US", "en"), (" ID ", "id"), ("", None), (None, None), ("english", None), ("x", None)],
)
def test_primary_subtag(tag: str | None, subtag: str | None) -> None:
    assert primary_subtag(tag) == subtag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ordu kasabaya girdi ve mevzileri ele geçirdi, bakanlık sözcüsü söyledi", "tr"),
        ("Azərbaycan ordusu kəndi azad etdi və yüksəklikləri tutdu, nazirlik bildirdi", "az"),
        ("ქართული ჯარი შევიდა სოფელში და დაიკავა პოზიციები", "ka"),
        ("short", None),
        ("12345 67890 12345 67890 12345 67890 12345 67890", None),
    ],
)
def test_detect(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_a_short_text_has_the_declared_language() -> None:
    assert decide("id-ID", None) == "id"
    assert decide(None, None) == "und"


def test_the_detected_language_wins_unless_the_detector_confuses_the_two() -> None:
    assert decide("en", "ru") == "ru"
    assert decide("id", "ms") == "id"
