"""The phrase grammar of packs, and which of overlapping hits stay."""

from agents.extract.lexicon import Lexicon
from agents.extract.pack import Pack, parse_pack
from agents.extract.text import sentences
from tests.unit.agents.extract.test_pack import pack as smallest


def make(phrases: str, facts: str = "") -> Pack:
    return parse_pack(smallest(facts + phrases), "xx.toml")


def found(pack: Pack, text: str) -> set[tuple[str, str]]:
    lexicon = Lexicon(pack)
    out: set[tuple[str, str]] = set()
    for sentence in sentences(text, 0, pack.spelling, lexicon.forms):
        for hit in lexicon.scan(sentence):
            start, end = sentence.span(hit.first, hit.last)
            out.add((hit.concept, text[start:end]))
    return out


_PLAIN = "[morphology]\nlemmas = false\n"


def test_a_word_is_found_in_any_case_and_with_declared_endings() -> None:
    pack = make('[item]\ntank = ["tank"]\n', '[morphology]\nlemmas = false\nsuffixes = ["lar", "da"]\n')
    assert found(pack, "TANK tanklarda tankinda") == {("item.tank", "TANK"), ("item.tank", "tanklarda")}


def test_the_exact_form_the_written_form_and_the_stem() -> None:
    pack = make('[item]\ntank = ["=tank"]\nmine = ["^MINE"]\nbomb = ["bomb*"]\n', _PLAIN)
    assert found(pack, "Tank mine MINE bombardier") == {
        ("item.tank", "Tank"),
        ("item.mine", "MINE"),
        ("item.bomb", "bombardier"),
    }


def test_gaps_and_alternatives() -> None:
    pack = make('[item]\ntank = ["seize ~ camp|town"]\n', _PLAIN)
    assert found(pack, "seize camp") == {("item.tank", "seize camp")}
    assert found(pack, "seize the old hill town") == {("item.tank", "seize the old hill town")}
    assert found(pack, "seize one two three four town") == set()


def test_hyphens_and_quotation_marks_do_not_part_a_phrase() -> None:
    pack = make('[item]\ntank = ["cease fire"]\n', _PLAIN)
    assert found(pack, "cease-fire; “cease” fire") == {("item.tank", "cease-fire"), ("item.tank", "cease” fire")}


def test_a_phrase_with_an_elision_is_found_however_its_words_are_cut() -> None:
    facts = '[morphology]\nlemmas = false\n[spelling]\nelisions = ["l\'", "d\'"]\n'
    pack = make('[item]\ntank = ["char d\'assaut", "=d\'après", "aujourd\'hui"]\n', facts)
    assert found(pack, "Char d’assaut, d'après l'armée, aujourd'hui") == {
        ("item.tank", "Char d’assaut"),
        ("item.tank", "d'après"),
        ("item.tank", "aujourd'hui"),
    }


def test_the_longer_hit_of_a_family_wins_and_families_do_not_meet() -> None:
    pack = make('[item]\ntank = ["tank"]\ntruck = ["tank truck"]\n[group]\nguards = ["truck"]\n', _PLAIN)
    assert found(pack, "a tank truck") == {("item.truck", "tank truck"), ("group.guards", "truck")}


def test_a_mask_covers_everything_inside_it() -> None:
    pack = make('[item]\ntank = ["tank"]\n[mask]\nfixed = ["think tank"]\n', _PLAIN)
    assert found(pack, "think tank, tank") == {("mask.fixed", "think tank"), ("item.tank", "tank")}


def test_a_verb_inside_a_longer_noun_is_none() -> None:
    pack = make('[item]\nhouse = ["police strikeword"]\n', _PLAIN)
    assert found(pack, "the police strikeword") == {("item.house", "police strikeword")}
    assert found(pack, "a strikeword") == {("act.strike", "strikeword")}


def test_endless_repetition_stays_bounded() -> None:
    pack = make('[item]\ntank = ["a ~ a ~ a ~ a"]\n', _PLAIN)
    assert found(pack, "a " * 300)


def test_figures_take_no_room_in_a_gap_and_a_semicolon_ends_it() -> None:
    pack = make('[item]\ntank = ["seize ~ camp|town"]\n', _PLAIN)
    assert found(pack, "seize one two three 40 town") == {("item.tank", "seize one two three 40 town")}
    assert found(pack, "seize it; town") == set()
