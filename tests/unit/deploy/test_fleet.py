"""How long a worker that fails is left alone."""

from deploy.local.fleet import pause_before_restart


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause_before_restart(failures) for failures in (1, 2, 3, 7, 100)] == [1, 2, 4, 60, 60]
