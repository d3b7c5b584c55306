"""GB/T 2260: every code of the carried files, its name, and what lies inside what."""

import pytest

from routing.regions import counties_of, full_name, is_within, prefix_of, regions, under


def test_every_code_has_six_digits_and_a_parent_that_is_known() -> None:
    for code, region in regions().items():
        assert code == region.code
        assert len(code) == 6
        assert code.isdigit()
        assert region.parent == "" or regions()[region.parent]
        assert region.parent or code.endswith("0000")


def test_the_file_is_carried_whole() -> None:
    provinces = [region for region in regions().values() if not region.parent]
    assert len(provinces) == 31
    assert len(regions()) == 3348


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("370000", "山东省"),
        ("370200", "山东省青岛市"),
        ("370202", "山东省青岛市市南区"),
        ("110101", "北京市东城区"),
        ("500229", "重庆市城口县"),
        ("429004", "湖北省仙桃市"),
        ("441900", "广东省东莞市"),
        ("999999", "999999"),
        ("", ""),
    ],
)
def test_a_region_is_named_from_its_province_down(code: str, name: str) -> None:
    assert full_name(code) == name


def test_a_region_lies_inside_its_city_its_province_and_itself() -> None:
    assert [prefix_of(code) for code in ("370202", "370200", "370000")] == ["370202", "3702", "37"]
    assert is_within("370202", "370000")
    assert is_within("370202", "370200")
    assert is_within("370202", "370202")
    assert not is_within("370200", "370202")
    assert not is_within("370302", "370200")


def test_what_lies_under_a_region_is_one_step_down() -> None:
    assert [region.name for region in under("370200")][:2] == ["市南区", "市北区"]
    assert {region.parent for region in under("370000")} == {"370000"}
    assert len(under("")) == 31
    assert under("370202") == []


def test_a_city_has_its_counties_and_a_municipality_too() -> None:
    assert len(counties_of("370200")) == 10
    assert len(counties_of("110000")) == 16
    assert counties_of("441900") == []  # a city without districts
