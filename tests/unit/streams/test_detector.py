from py3langid import langid

from streams import detector
from tests.quality import corpus

_ODD = ("", "a", "\x00", "1234 5678", "日本語のテキスト", "ไทยไทย", "A" * 50, "\ud800abc", "ab" * 3000)


def test_it_answers_as_the_library_that_it_is_made_of() -> None:
    theirs = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    ours = detector.load()
    texts = [
        one.article["body"][:cut]
        for language in corpus.languages()
        for one in corpus.load(language)[:6]
        for cut in (7, 60, 1000)
    ]
    for text in (*texts, *_ODD):
        language, sure = theirs.classify(text)
        assert ours.classify(text)[0] == language
        assert abs(ours.classify(text)[1] - sure) < 1e-4


def test_each_state_is_that_of_a_walk_byte_by_byte() -> None:
    ours = detector.load()
    text = "Ordu kasabaya girdi; армия вошла в село; ქართული ჯარი".encode()
    state, walked = 0, []
    for byte in text:
        state = ours.tk_nextmove[(ours.tk_row[state] << 8) + byte]
        walked.append(state)
    assert ours.states(text).tolist() == walked
