"""The carried tree and tags, and what is refused in a file of an office's own."""

import pytest
from django.utils import translation

from core.errors import Invalid
from routing.categories import category_tree, in_subtree, key_case_tags, parse_categories, parse_tags

SUBJECTS = [
    "食品",
    "药品",
    "化妆品",
    "医疗器械",
    "特种设备",
    "产品质量",
    "计量",
    "认证认可检验检测",
    "标准化",
    "价格",
    "广告",
    "不正当竞争",
    "反垄断",
    "知识产权",
    "网络交易",
    "消费维权",
    "登记注册",
    "直销和传销",
    "其他",
]


def test_the_carried_tree_has_two_levels_and_all_subjects() -> None:
    tree = category_tree()
    assert [node.zh for node in tree.values() if not node.parent] == SUBJECTS
    assert all(tree[node.parent].parent == "" for node in tree.values() if node.parent)
    assert len({node.zh for node in tree.values()}) == len(tree)
    assert len({node.en for node in tree.values()}) == len(tree)


def test_a_subtree_is_a_node_and_what_stands_below_it() -> None:
    assert in_subtree("food-sale", "food")
    assert in_subtree("food", "food")
    assert not in_subtree("food", "food-sale")
    assert not in_subtree("foodstuff", "food")


def test_the_key_case_tags_are_eight_four_two_and_say_they_are_defaults() -> None:
    groups = {
        code: [tag for tag in key_case_tags().values() if tag.parent == code] for code in ("key8", "key4", "key2")
    }
    assert [len(tags) for tags in groups.values()] == [8, 4, 2]
    assert all(tag.is_default for tag in key_case_tags().values())


def test_names_follow_the_reader() -> None:
    node = category_tree()["ip-trademark"]
    with translation.override("en"):
        assert node.name == "Trade marks"
    with translation.override("zh-hans"):
        assert node.name == "商标"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("categories: [{code: a, zh: 甲, en: A}, {code: a, zh: 乙, en: B}]", "duplicate_code", "categories[1].code"),
        ("categories: [{code: A, zh: 甲, en: A}]", "bad_code", "categories[0].code"),
        (
            "categories: [{code: a, zh: 甲, en: A, children: [{code: b-c, zh: 乙, en: B}]}]",
            "bad_code",
            "categories[0].children[0].code",
        ),
        ("categories: [{code: a, zh: 甲, en: A, color: red}]", "unknown_key", "categories[0].color"),
        ("categories: [{code: a, zh: 甲}]", "missing_key", "categories[0].en"),
        ("categories: [", "malformed_yaml", "file"),
    ],
)
def test_a_wrong_tree_is_refused_at_its_place(text: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_categories(text)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_wrong_tags_are_refused_at_their_place() -> None:
    with pytest.raises(Invalid) as caught:
        parse_tags("groups: [{code: k, zh: 组, en: G, status: local_default, tags: [{code: k, zh: 甲, en: A}]}]")
    assert (caught.value.code, caught.value.field) == ("bad_code", "groups[0].tags[0].code")
