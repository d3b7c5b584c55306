"""Which penalties carry the right to a hearing and which are decided on the spot, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.states.decision import PenaltyKind
from cases.states.matter import PartyKind
from cases.thresholds import FILE, Amounts, fits_summary, needs_hearing_right, parse_thresholds, summary_limit
from core.errors import Invalid

ON = date(2026, 3, 16)
CENT = Decimal("0.01")
HEARING = {PartyKind.PERSON: Decimal(10_000), PartyKind.ORGANISATION: Decimal(100_000)}
SUMMARY = {PartyKind.PERSON: Decimal(200), PartyKind.ORGANISATION: Decimal(3_000)}
K = PenaltyKind
NOTHING = Decimal()


def limb(
    *kinds: str, fine: Decimal = NOTHING, confiscated: Decimal = NOTHING, goods: Decimal | None = None,
    party: str = PartyKind.ORGANISATION, on: date = ON, local: Amounts | None = None,
) -> str:  # fmt: skip
    return needs_hearing_right(kinds, fine, confiscated, goods, party, on, local=local)


@pytest.mark.parametrize("party", PartyKind.values)
def test_the_figure_itself_reaches_the_threshold_and_a_cent_less_does_not(party: str) -> None:
    most = HEARING[PartyKind(party)]
    assert limb(K.FINE, fine=most, party=party) == "第三项"
    assert limb(K.FINE, fine=most - CENT, party=party) == ""
    assert limb(K.CONFISCATE_INCOME, confiscated=most, party=party) == "第四项"
    assert limb(K.CONFISCATE_INCOME, confiscated=most - CENT, party=party) == ""
    assert limb(K.CONFISCATE_GOODS, confiscated=most - 5, goods=Decimal(5), party=party) == "第四项"
    assert limb(K.CONFISCATE_GOODS, confiscated=most - 5, goods=5 - CENT, party=party) == ""
    assert limb(K.FINE, fine=most - CENT, confiscated=most - CENT, party=party) == "", (
        "fine and confiscation do not add up"
    )


@given(
    kinds=st.sets(st.sampled_from([K.WARNING, K.CRITICISM, K.FINE, K.CONFISCATE_INCOME, K.CONFISCATE_GOODS])),
    party=st.sampled_from(PartyKind.values), fine=st.decimals(0, 300_000, places=2),
    income=st.decimals(0, 300_000, places=2), goods=st.none() | st.decimals(0, 300_000, places=2),
)  # fmt: skip
def test_sums_alone_are_judged_by_their_party(
    kinds: set[str], party: str, fine: Decimal, income: Decimal, goods: Decimal | None
) -> None:
    most = HEARING[PartyKind(party)]
    expected = "第三项" if fine >= most else "第四项" if income + (goods or 0) >= most else ""
    assert needs_hearing_right(kinds, fine, income, goods, party, ON) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(K.SUSPEND_BUSINESS, "第一项"), (K.CLOSE_BUSINESS, "第一项"), (K.BAN_FROM_TRADE, "第一项"), (K.DOWNGRADE, "第二项"),
     (K.REVOKE_LICENCE, "第二项"), (K.WARNING, ""), (K.CRITICISM, ""), (K.SUSPEND_LICENCE, ""), (K.RESTRICT_BUSINESS, "")],
)  # fmt: skip
def test_some_kinds_need_it_whatever_the_sum(kind: str, expected: str) -> None:
    assert limb(kind) == expected


def test_a_province_may_set_other_sums() -> None:
    local = Amounts(Decimal(5_000), Decimal(50_000))
    assert limb(K.FINE, fine=Decimal(50_000), local=local) == "第三项"
    assert limb(K.FINE, fine=50_000 - CENT, local=local) == ""


def test_before_the_text_that_is_carried_nothing_is_computed() -> None:
    before = date(2021, 7, 14)
    assert limb(K.FINE, fine=Decimal(10**6), on=before) == ""
    assert limb(K.FINE, fine=Decimal(10**6), on=date(2021, 7, 15)) == "第三项"
    assert not fits_summary([K.WARNING], NOTHING, PartyKind.PERSON, before)
    assert summary_limit(PartyKind.PERSON, before) is None


@pytest.mark.parametrize("party", PartyKind.values)
def test_a_small_fine_or_a_warning_is_decided_on_the_spot(party: str) -> None:
    most = SUMMARY[PartyKind(party)]
    assert summary_limit(party, ON) == most
    assert fits_summary([K.FINE], most, party, ON)
    assert not fits_summary([K.FINE], most + CENT, party, ON)
    assert fits_summary([K.WARNING, K.FINE], most, party, ON)
    assert fits_summary([K.WARNING], NOTHING, party, ON)
    assert not fits_summary([], NOTHING, party, ON)
    assert not fits_summary([K.FINE, K.CONFISCATE_INCOME], most, party, ON)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("penalties: [downgrade,", "penalties: [jail,", "bad_value"), ("person: 200", "person: -1", "bad_value"),
     ("sources: [S2]", "sources: [S9]", "unknown_source"), ("  effective_from: 2021-07-15\n  kinds", "  kinds", "bad_value"),
     ("status: law\n  sources: [S2]", "status: law\n  extra: 1\n  sources: [S2]", "unknown_key")],
)  # fmt: skip
def test_a_faulty_file_is_refused_at_its_place(old: str, new: str, code: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Invalid) as caught:
        parse_thresholds(text.replace(old, new, 1))
    assert caught.value.code == code
