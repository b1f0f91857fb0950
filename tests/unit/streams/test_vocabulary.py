from streams.topics import TOPIC, language_partition
from streams.vocabulary import EVENT_TYPE_OF, PLOVER_TYPE_OF, SubEventType


def test_every_sub_event_type_has_its_event_type() -> None:
    assert set(EVENT_TYPE_OF) == set(SubEventType)
    assert len(SubEventType) == 25


def test_only_other_has_no_plover_type() -> None:
    assert set(SubEventType) - set(PLOVER_TYPE_OF) == {SubEventType.OTHER}


def test_each_supported_language_has_a_partition_of_its_own() -> None:
    languages = ["id", "en", "ru", "uk", "az", "hy", "tr", "ar", "fa", "he", "fr", "es", "ka"]
    own = {language_partition(language) for language in languages}
    assert len(own) == len(languages)
    others = {language_partition(language) for language in ("de", "ja", "und", "sw", "pl", "zh")}
    assert not own & others
    assert max(own | others) < TOPIC["articles.raw"].partitions
    more = {
        language: language_partition(language, 60) for language in (*languages, "de", "ja", "und", "sw", "pl", "zh")
    }
    assert [more[language] for language in languages] == [language_partition(language) for language in languages]
    assert len(own) <= min(set(more.values()) - own)
    assert max(more.values()) < 60
