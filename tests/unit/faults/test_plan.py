"""What a command line asks of the fault suite."""

from tests.faults.__main__ import parser, plan_of


def test_minutes_stand_for_articles_and_faults_at_their_rates() -> None:
    plan = plan_of(parser().parse_args(["--minutes", "10", "--rate", "50", "--pause", "2", "--seed", "7"]))
    assert (plan.articles, plan.faults, plan.entries, plan.seed) == (30_000, 300, 750, 7)


def test_numbers_are_taken_as_they_are() -> None:
    plan = plan_of(parser().parse_args(["--faults", "3", "--articles", "400", "--entries", "9"]))
    assert (plan.articles, plan.faults, plan.entries) == (400, 3, 9)
