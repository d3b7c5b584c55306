"""The seal itself: it opens at its own place with its own key and nowhere else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from informants.sealing import (
    FIELDS,
    BadKeysError,
    Identity,
    KeyRing,
    Place,
    Unopenable,
    new_key,
    normalised_phone,
    read_keys,
)

RING = KeyRing({"k1": b"1" * 32})
KEY = base64.b64encode(b"0" * 32).decode()
HERE = Place("informants_informant", "row-1", "name")


@given(text=st.text(max_size=60), field=st.sampled_from(FIELDS))
def test_what_is_sealed_opens_unchanged_and_shows_nothing(text: str, field: str) -> None:
    place = HERE._replace(field=field)
    sealed = RING.seal(text, place)
    assert RING.open(sealed, place) == text
    assert (sealed == "") is (text == "")
    assert len(text) < 4 or text not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({RING.seal("张三", HERE) for _n in range(50)}) == 50


@pytest.mark.parametrize("place", [HERE._replace(table="x"), HERE._replace(row="row-2"), HERE._replace(field="phone")])
def test_a_seal_moved_to_another_table_row_or_field_does_not_open(place: Place) -> None:
    sealed = RING.seal("张三", HERE)
    with pytest.raises(Unopenable):
        RING.open(sealed, place)


@given(position=st.integers(0, 200), flip=st.integers(1, 255))
def test_a_seal_with_one_changed_byte_does_not_open(position: int, flip: int) -> None:
    version, key_id, body = RING.seal("示例路四一七号", HERE).split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[position % len(raw)] ^= flip
    with pytest.raises(Unopenable):
        RING.open(f"{version}.{key_id}.{base64.urlsafe_b64encode(raw).decode()}", HERE)


@pytest.mark.parametrize(
    "text", ["plain", "v1", "v1.k1", "v1.k1.", "v1.k1.%%%", "v2.k1.AAAA", "v1.k9.AAAA", "v1..AAAA"]
)
def test_what_is_no_seal_of_ours_does_not_open(text: str) -> None:
    with pytest.raises(Unopenable):
        RING.open(text, HERE)


def test_the_key_s_name_is_part_of_the_seal() -> None:
    both = KeyRing({"k1": b"1" * 32, "k2": b"1" * 32})
    sealed = both.seal("张三", HERE)
    with pytest.raises(Unopenable):
        both.open(sealed.replace("v1.k1.", "v1.k2."), HERE)


def test_a_new_first_key_seals_and_the_old_one_still_opens() -> None:
    turned = KeyRing({"k2": b"2" * 32, "k1": b"1" * 32})
    old = RING.seal("张三", HERE)
    assert turned.open(old, HERE) == "张三"
    assert not turned.is_current(old)
    assert turned.is_current(turned.seal("张三", HERE))
    with pytest.raises(Unopenable, match="no key k2"):
        RING.open(turned.seal("张三", HERE), HERE)


def test_the_blind_index_survives_a_new_first_key_and_can_have_a_key_of_its_own() -> None:
    turned = KeyRing({"k2": b"2" * 32, "k1": b"1" * 32})
    kept = KeyRing({"k2": b"2" * 32, "index": b"1" * 32})
    assert RING.phone_key("13800000417") == turned.phone_key("13800000417") == kept.phone_key("13800000417")
    assert RING.phone_key("13800000417") != KeyRing({"k2": b"2" * 32}).phone_key("13800000417")


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13800000417", "13800000417"), ("+86 138-0000-0417", "13800000417"), ("008613800000417", "13800000417"),
        ("8613800000417", "13800000417"), ("１３８００００００４１７"[:11], "13800000041"), ("(0532) 8888 0001", "053288880001"),
        ("+86 532 8888 0001", "053288880001"), ("86880001", "86880001"), ("12345", ""), ("00000000000", ""), ("无", ""), ("", ""),
    ],
)  # fmt: skip
def test_one_phone_is_one_phone_however_it_is_written(written: str, digits: str) -> None:
    assert normalised_phone(written) == digits
    assert bool(RING.phone_key(written)) is bool(digits)


@given(phone=st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_the_blind_index_tells_nothing_of_the_digits(phone: str) -> None:
    key = RING.phone_key(phone)
    assert key == RING.phone_key(f"+86 {phone}")
    assert len(key) == 64
    assert phone not in key


def test_an_identity_prints_as_nothing() -> None:
    identity = Identity("示例名", "13800000417", "示例路", "3702")
    for shown in (repr(identity), str(identity), f"{identity}", f"{[identity]}"):
        assert "Identity(…)" in shown
        assert "示例" not in shown and "138" not in shown and "3702" not in shown
    plain = RING.open(RING.seal("示例名", HERE), HERE)
    assert (f"{plain}", f"{plain!r}", repr({"name": plain})) == ("示例名", "'…'", "{'name': '…'}")
    assert "1111" not in repr(RING)


@pytest.mark.parametrize(
    "text",
    ["", ",", "k1", "k1:", "k1:AAAA", f"K1:{KEY}", f"k1:{KEY},k1:{KEY}", "k1:***", f"index:{KEY}"],
)
def test_keys_that_cannot_be_read_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(BadKeysError) as caught:
        read_keys(text)
    assert KEY[:10] not in str(caught.value)


def test_a_fresh_key_makes_a_ring() -> None:
    ring = read_keys(f"{new_key('b')}, {new_key('a')},")
    assert ring.first == "b"
    assert repr(ring) == "KeyRing(b, a)"
