"""The net-hour label, pure: who counts, how the middle is found, and what an advert may say."""

from hypothesis import given
from hypothesis import strategies as st

from payments.pricing import NetHour, Sample, inputs_of, pay_label, run_again, supports

HOUR = 3600


def agents(many: int, *, hours: int = 10) -> list[Sample]:
    """The first got 10.00 an hour, each next one 10 cents more."""
    return [Sample((1000 + 10 * place) * hours, hours * HOUR) for place in range(many)]


def test_a_label_with_29_agents_shows_no_number() -> None:
    found = pay_label(agents(29), weeks=8)
    assert (found.n_agents, found.q1_minor, found.median_minor, found.q3_minor) == (29, None, None, None)
    assert not found.is_known


def test_thirty_agents_over_four_weeks_show_the_middle_and_both_quarters() -> None:
    found = pay_label(agents(31), weeks=4)
    assert (found.q1_minor, found.median_minor, found.q3_minor) == (1075, 1150, 1225)
    assert not pay_label(agents(31), weeks=3).is_known


def test_agents_with_less_than_five_hours_are_left_out() -> None:
    short = [Sample(99_999, 5 * HOUR - 1)] * 10
    assert pay_label([*agents(29), *short], weeks=8).n_agents == 29
    assert pay_label([*agents(29), Sample(5_000, 5 * HOUR)], weeks=8).is_known


def test_an_advert_may_state_a_typical_figure_up_to_the_median_and_an_up_to_figure_up_to_the_third_quarter() -> None:
    label = NetHour(31, 8, 1075, 1150, 1225)
    assert supports(label, 1150, is_most=False)
    assert not supports(label, 1151, is_most=False)
    assert supports(label, 1225, is_most=True)
    assert not supports(label, 1226, is_most=True)
    assert not supports(NetHour(29, 8), 1, is_most=True)


@given(
    samples=st.lists(
        st.builds(Sample, st.integers(-5_000, 5_000_000), st.integers(1, 400 * HOUR)), min_size=0, max_size=60
    )
)
def test_a_label_can_be_run_again_from_its_inputs_whatever_their_order(samples: list[Sample]) -> None:
    kept, inputs_hash = inputs_of(samples, weeks=8)
    assert run_again(kept) == (pay_label(samples, weeks=8), inputs_hash)
    assert inputs_of(reversed(samples), weeks=8) == (kept, inputs_hash)
    changed = [Sample(one.net_minor + 1, one.elapsed_seconds) for one in samples]
    assert inputs_of(changed, weeks=8)[1] != inputs_hash or not samples
    found = pay_label(samples, weeks=8)
    if found.q1_minor is not None and found.median_minor is not None and found.q3_minor is not None:
        assert found.q1_minor <= found.median_minor <= found.q3_minor
