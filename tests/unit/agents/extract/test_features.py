from agents.extract.features import story_features
from streams.records import StoryFeatures
from tests.unit.agents.extract.test_places import LANGUAGES, analysis_of


def features_of(body: str, language: str = "en") -> StoryFeatures:
    analysis, places = analysis_of(body, language)
    return story_features(analysis, places, LANGUAGES[language].places, (), ())


def test_groups_and_places_stand_under_their_english_names() -> None:
    english = features_of("Hamas fighters left Donetsk in Ukraine.")
    indonesian = features_of("Pejuang HAMAS meninggalkan Donetsk di Ukraina.", "id")
    assert "hamas" in english.names
    assert "hamas" in indonesian.names
    assert "donetsk" in english.places
    assert "donetsk" in indonesian.places


def test_numbers_are_digits_without_years_and_small_ones() -> None:
    assert features_of("In 2023, 1,250 people and 2 dogs left; 17 came.").numbers == ("1250", "17")


def test_a_long_article_carries_a_bounded_number_of_features() -> None:
    body = " ".join(f"He met Kwarl{chr(97 + i % 26)}{chr(97 + i // 26)} and {i + 3000} others." for i in range(200))
    found = features_of(body)
    assert len(found.names) == len(found.numbers) == 40
