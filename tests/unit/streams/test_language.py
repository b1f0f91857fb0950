import pytest

from streams import detector
from streams.language import decide, detect, primary_subtag
from tests.quality import corpus


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


def test_pieces_of_a_text_answer_as_its_whole() -> None:
    whole = detector.load()
    folders = [(folder, language) for folder in (corpus.PRESS, corpus.FRESH) for language in corpus.languages()]
    told = [one.article for folder, language in folders for one in corpus.articles(folder, language)]
    texts = [f"{one['title']}\n\n{one['body']}".strip()[:1000] for one in told]
    assert sum(len(text) > 300 for text in texts) > 100
    assert [detect(text) for text in texts] == [whole.classify(text)[0] for text in texts]


def test_the_beginning_does_not_speak_for_a_text_of_two_languages() -> None:
    english = "The ministry published the statement in two languages this morning. " * 3
    russian = "Армия вошла в село и заняла позиции на высотах, сообщил представитель министерства. "
    assert detect(english + 9 * russian) == "ru"


def test_a_short_text_has_the_declared_language() -> None:
    assert decide("id-ID", None) == "id"
    assert decide(None, None) == "und"


def test_the_detected_language_wins_unless_the_detector_confuses_the_two() -> None:
    assert decide("en", "ru") == "ru"
    assert decide("id", "ms") == "id"
