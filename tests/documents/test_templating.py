"""Templates that office staff upload: what is taken, what is refused, what a filled one says."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from core.errors import Invalid
from documents.form_kinds import form_kind
from documents.layouts import docx_of
from documents.template_files import MOST_BYTES
from documents.templating import MOST_TAGS, check_template, fill, names_in, text_of
from tests.documents.made_files import DOC, PNG, archive, docx

KIND = form_kind("penalty_notice")
EMPTY = docx_of("", KIND)
MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BEGIN, END = (f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>' for mark in ("begin", "end"))
PART = '<?xml version="1.0"?><w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def changed(content: bytes, parts: Mapping[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    """A document with parts added, or put through a function."""
    with ZipFile(BytesIO(content)) as source, BytesIO() as out:
        names = [part.filename for part in source.infolist()]
        with ZipFile(out, "w", ZIP_DEFLATED) as target:
            for name in [*names, *(name for name in parts if name not in names)]:
                change = parts.get(name)
                old = source.read(name) if name in names else b""
                target.writestr(name, change if isinstance(change, bytes) else change(old) if change else old)
        return out.getvalue()


def in_body(xml: str) -> bytes:
    """A document with XML as its body."""
    return changed(EMPTY, {MAIN: lambda old: old.replace(b"<w:sectPr", f"{xml}<w:sectPr".encode(), 1)})


def word(*lines: str) -> bytes:
    """A document with a paragraph per line."""
    return in_body("".join(f"<w:p>{run(escape(line))}</w:p>" for line in lines))


def related(kind: str, target: str, *, external: bool) -> bytes:
    mode = ' TargetMode="External"' if external else ""
    row = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return changed(word("正文"), {RELATIONS: lambda old: old.replace(b"</Relationships>", row.encode())})


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(*codes: str) -> str:
    texts = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return f"<w:p>{BEGIN}{texts}{END}</w:p>"


def code_of(template: bytes) -> str:
    """The code of the refusal, which :func:`fill` shares where running the template would be the harm."""
    with pytest.raises(Invalid) as caught:
        check_template(template, KIND)
    assert caught.value.field == "upload"
    assert "。" in caught.value.detail
    assert not re.search(r"\b(Error|Exception|object at|jinja)\b", caught.value.detail)
    if caught.value.code == "template_hostile":
        with pytest.raises(Invalid) as again:
            fill(template, {})
        assert again.value.code == "template_hostile"
    return caught.value.code


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__ }}", "{{ 当事人名称.__class__.__mro__ }}", "{{ _x }}", "{{ self }}", "{{ self.x }}",
        "{% for i in range(10**9) %}x{% endfor %}", "{{ range(9) }}", "{{ 当事人名称.upper() }}", "{{ lipsum() }}",
        "{{ 当事人名称|safe }}", "{{ 当事人名称|attr('x') }}", "{{ 当事人名称[0] }}", "{{ '甲' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}", "{{ 当事人名称 is defined }}", "{{ 'a' ~ 当事人名称 }}", "{{ [1, 2] }}",
        "{% include 'a' %}", "{% import 'a' as b %}", "{% from 'a' import b %}", "{% extends 'a' %}", "{% set a = 1 %}",
        "{% macro a() %}{% endmacro %}", "{% block a %}{% endblock %}", "{% raw %}{% endraw %}", "{% call a() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}", "{% with %}{% endwith %}", "{% autoescape false %}{% endautoescape %}",
        "{% colspan 当事人名称 %}", "{% cellbg 当事人名称 %}", "{% hm %}", "{% vm %}", "{% for a in '甲' * 9 %}{% endfor %}",
        "{% for a in 物品清单 recursive %}{% endfor %}", "{% for a in 物品清单 if a %}{% endfor %}",
        "{% for a in 物品清单 %}{% for b in 物品清单 %}{% for c in 物品清单 %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ '" + "甲" * 400 + "' }}",
    ],
)  # fmt: skip
def test_a_template_that_would_run_something_is_refused_before_it_is_rendered(line: str) -> None:
    assert code_of(word(line)) == "template_hostile"


def test_what_jinja_offers_by_itself_is_no_field() -> None:
    for name in ("cycler", "lipsum", "namespace", "range", "dict", "joiner", "loop"):
        assert code_of(word(f"{{{{ {name} }}}}")) == "template_unknown_field"
        with pytest.raises(Invalid) as caught:
            fill(word(f"{{{{ {name} }}}}"), {})
        assert caught.value.code == "template_unknown_field"


@pytest.mark.parametrize(
    "line",
    [
        "{{ 不存在的字段 }}", "{% if 不存在的字段 %}x{% endif %}", "{{ 听证员 }}", "{{ 物品清单 }}", "{{ 当事人名称.名称 }}",
        "{% for 物 in 当事人名称 %}{% endfor %}", "{% for 物 in 物品清单 %}{{ 物.颜色 }}{% endfor %}",
        "{% for 物 in 物品清单 %}{{ 物 }}{% endfor %}", "{% for 物 in 物品清单 %}{% endfor %}{{ 物.名称 }}",
        "{% for 案由 in 物品清单 %}{{ 案由 }}{% endfor %}",
        "{% for 物 in 物品清单 %}{{ loop.cycle }}{% endfor %}",
    ],
)  # fmt: skip
def test_a_name_the_form_does_not_have_is_refused(line: str) -> None:
    assert code_of(word(line)) == "template_unknown_field"


def test_the_refusal_names_every_unknown_field_in_body_header_and_footer() -> None:
    document = Document()
    document.add_paragraph("{{ 甲字段 }}{{ 当事人名称 }}")
    document.sections[0].header.paragraphs[0].text = "{{ 乙字段 }}"
    document.sections[0].footer.paragraphs[0].text = "{{ 丙字段 }}"
    out = BytesIO()
    document.save(out)
    with pytest.raises(Invalid, match="丙字段、乙字段、甲字段"):
        check_template(out.getvalue(), KIND)
    assert names_in(out.getvalue()) == {"甲字段", "乙字段", "丙字段", "当事人名称"}
    filled = fill(out.getvalue(), dict.fromkeys(names_in(out.getvalue()), "值"))
    assert "值" in Document(BytesIO(filled)).sections[0].header.paragraphs[0].text


@pytest.mark.parametrize(
    "line",
    [
        "{{ 当事人名称", "当事人名称 }}", "{ 当事人名称 }", "{# 注释 #}", "{{ 当事人名称 }", "{{r 当事人名称 }}",
        "{{p 当事人名称 }}", "{% if 告知听证 %}", "{% endif %}", "{{ }}", "{{ 当事人 名称 }}", "{{ " + "(" * 140 + "1" + ")" * 140 + " }}",
        "{%- if 告知听证 %}x{% endif %}",
    ],
)  # fmt: skip
def test_a_placeholder_that_is_not_whole_is_refused(line: str) -> None:
    assert code_of(word(line)) in ("template_broken", "template_hostile")
    with pytest.raises(Invalid):
        fill(word(line), {"当事人名称": "", "告知听证": ""})


def test_a_choice_that_begins_outside_a_table_and_ends_in_it_is_refused() -> None:
    begin, end = (f"<w:p>{run(tag)}</w:p>" for tag in ("{% if 告知听证 %}", "{% endif %}"))
    table = f'<w:tbl><w:tblGrid><w:gridCol w:w="99"/></w:tblGrid><w:tr><w:tc>{end}</w:tc></w:tr></w:tbl>'
    assert code_of(in_body(begin + table)) == "template_broken"


def test_too_many_placeholders_are_refused() -> None:
    assert code_of(word("{{ 文号 }}" * (MOST_TAGS + 1))) == "template_hostile"


HOSTILE_FILES: dict[str, bytes] = {
    "macros": changed(word("x"), {"word/vbaProject.bin": b"x"}),
    "an embedded object": changed(word("x"), {"word/embeddings/oleObject1.bin": b"x"}),
    "an embedded workbook": changed(word("x"), {"word/embeddings/a.xlsx": b"x"}),
    "a script": changed(word("x"), {"word/a.js": b"x"}),
    "an archive within": changed(word("x"), {"word/media/a.png": archive({"a.txt": b"a"})}),
    "more than may be unpacked": changed(word("x"), {f"word/{i}.png": PNG + bytes(MOST_BYTES // 8) for i in range(9)}),
    "a part too large": changed(word("x"), {"word/extra.xml": b"<a>" + b"x" * 3 * 2**20 + b"</a>"}),
    "too many parts": changed(word("x"), {f"word/{i}.xml": b"<a/>" for i in range(250)}),
    "a remote template": related("attachedTemplate", "https://example.invalid/a.dotm", external=True),
    "a remote picture": related("image", "https://example.invalid/a.png", external=True),
    "a hyperlink": related("hyperlink", "https://example.invalid/", external=True),
    "a file to be included": related("aFChunk", "a.xml", external=False),
    "an object of another program": related("oleObject", "a.xml", external=False),
    "an alternative chunk": in_body('<w:altChunk xmlns:r="' + OFFICE + '" r:id="rId9"/>'),
    "an object in the text": in_body("<w:p><w:r><w:object/></w:r></w:p>"),
    "a control": in_body("<w:p><w:r><w:control/></w:r></w:p>"),
    "a subdocument": in_body("<w:p><w:subDoc/></w:p>"),
    "mail merge": changed(word("x"), {"word/extra.xml": PART.replace("w:x", "w:mailMerge").encode()}),
    "DDE": in_body(field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k"')),
    "DDE in pieces": in_body(field("D", "DEA", "UTO cmd")),
    "DDE in small letters": in_body(field(" dde cmd")),
    "DDE in one element": in_body('<w:p><w:fldSimple w:instr="DDE cmd"/></w:p>'),
    "DDE deleted in a revision": in_body("<w:p><w:r><w:delInstrText>DDE cmd</w:delInstrText></w:r></w:p>"),
    "DDE without a beginning": in_body("<w:p><w:r><w:instrText>DDE cmd</w:instrText></w:r></w:p>"),
    "a field within a field": in_body(field(" PAGE ").replace(END, f"{field(' PAGE ')[5:-6]}{END}")),
    "included text": in_body(field("INCLUDETEXT https://example.invalid/a")),
    "a quoted field": in_body(field("QUOTE 68 68 69")),
    "DDE in another namespace": changed(
        word("x"), {"word/extra.xml": b'<w:x xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:fldSimple w:instr="DDE cmd"/></w:x>'}
    ),
    "a picture elsewhere": in_body('<w:p><w:r><w:pict><w:x src="http://example.invalid/a.png"/></w:pict></w:r></w:p>'),
    "a picture on a share": in_body('<w:p><w:r><w:pict><w:x src="\\\\example.invalid\\a.png"/></w:pict></w:r></w:p>'),
    "XML called a picture": changed(word("x"), {"word/a.png": PART.encode()}),
    "a placeholder in a footnote": changed(
        word("x"),
        {
            RELATIONS: lambda old: old.replace(b"</Relationships>", f'<Relationship Id="rId98" Type="{OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>'.encode()),
            "[Content_Types].xml": lambda old: old.replace(b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{WORDS}.footnotes+xml"/></Types>'.encode()),
            "word/footnotes.xml": PART.replace("/>", f"><w:p>{run('{')}{run('{ 当事人名称 }}')}</w:p></w:x>").encode(),
        },
    ),
    "entities": changed(word("x"), {"word/extra.xml": b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'}),
    "entities in the text": changed(
        word("x"), {MAIN: lambda old: old.replace(b"<w:document", b'<!DOCTYPE w [<!ENTITY b "cc">]><w:document', 1)}
    ),
    "a placeholder in an attribute": in_body('<w:p><w:pPr><w:pStyle w:val="{{ 文号 }}"/></w:pPr></w:p>'),
    "a placeholder outside the text": in_body("<w:p><w:pPr><w:x>{{ 文号 }}</w:x></w:pPr></w:p>"),
    "a placeholder between elements": in_body("<w:p><w:pPr/>{{ 文号 }}</w:p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_file_that_reaches_out_or_bursts_is_refused(name: str) -> None:
    assert code_of(HOSTILE_FILES[name]) == "template_hostile"


def test_a_placeholder_in_the_properties_of_the_file_is_refused() -> None:
    document = Document()
    document.core_properties.title = "{{ 文号 }}"
    out = BytesIO()
    document.save(out)
    assert code_of(out.getvalue()) == "template_hostile"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not a document", DOC, word("x")[:-40], word("x") + b"more", archive({"a.txt": b"a"}), docx(),
        changed(word("x"), {MAIN: b"<w:document"}), changed(word("x"), {MAIN: b"<a/>"}), changed(word("x"), {"word/extra.xml": b"<a>"}),
        in_body('<w:hyperlink w:anchor="a">' + run("{{ 文号 }}") + "</w:hyperlink>"),
        in_body('<w:p><w:hyperlink w:anchor="a">' + run("{{ 文号 }}") + "</w:hyperlink></w:p>"),
        in_body('<w:p><w:ins w:id="1">' + run("{{ 文号 }}") + "</w:ins></w:p>"),
    ],
)  # fmt: skip
def test_what_is_no_whole_document_is_refused(content: bytes) -> None:
    assert code_of(content) == "template_broken"


def test_pages_may_be_counted() -> None:
    check_template(
        in_body(field(" PAGE ") + field(" NUMPAGES \\* MERGEFORMAT") + '<w:p><w:fldSimple w:instr="PAGE"/></w:p>'), KIND
    )


def test_what_word_cut_into_pieces_is_one_placeholder() -> None:
    template = in_body(
        "<w:p>"
        + run("{")
        + run("{ 当事")
        + "<w:proofErr w:type='spellStart'/>"
        + run("人名称 }")
        + run("}：")
        + "</w:p>"
    )
    check_template(template, KIND)
    assert names_in(template) == {"当事人名称"}
    assert text_of(fill(template, {"当事人名称": "示例商店"})) == "示例商店："


def test_values_are_text_whatever_they_look_like() -> None:
    value = "A & B <x> \"q\" 'q' {{ 7 * 7 }} {% if %} </w:t> &amp; 𠮷\x00\x0b\ud800\ufffe\a\f"
    filled = fill(word("甲{{ 当事人名称 }}乙"), {"当事人名称": value})
    assert text_of(filled) == "甲A & B <x> \"q\" 'q' {{ 7 * 7 }} {% if %} </w:t> &amp; 𠮷乙"
    constant = fill(word("{{ 当事人名称 or '<w:p/>' }}"), {"当事人名称": ""})
    assert text_of(constant) == "<w:p/>"


def test_a_line_feed_begins_a_paragraph_of_the_same_style() -> None:
    document = Document()
    document.add_paragraph("{{ 告知内容 }}", style="List Bullet")
    out = BytesIO()
    document.save(out)
    filled = fill(out.getvalue(), {"告知内容": "一\r\n二\r三\n四"})
    assert text_of(filled).split("\n") == ["一", "二", "三", "四"]
    assert {p.style.name for p in Document(BytesIO(filled)).paragraphs if p.style} == {"List Bullet"}


def test_an_empty_box_prints_itself_and_is_no() -> None:
    template = word("{{ 告知听证 }}听证{% if 告知听证 %}（可以要求）{% endif %}{% if 告知听证 == '□' %}无{% endif %}")
    assert text_of(fill(template, {"告知听证": "□"})) == "□听证无"
    assert text_of(fill(template, {"告知听证": "☑"})) == "☑听证（可以要求）"


def test_a_name_without_a_value_is_refused_and_names_beyond_are_not_asked_for() -> None:
    with pytest.raises(Invalid, match="案由") as caught:
        fill(word("{{ 案由 }}{{ 当事人名称 }}"), {"当事人名称": "示例商店"})
    assert caught.value.code == "template_unknown_field"
    with pytest.raises(Invalid, match="决定日期、案由"):
        fill(word("{% if 告知听证 %}{{ 案由 }}{{ 决定日期 }}{% endif %}"), {"告知听证": ""})
    assert text_of(fill(word("{{ 案由 }}"), {"案由": "甲", "当事人名称": "乙"})) == "甲"
    with pytest.raises(Invalid) as torn:
        fill(word("{% for 物 in 物品清单 %}{{ 物.名称 }}{% endfor %}"), {"物品清单": [{"规格": "x"}]})
    assert torn.value.code == "template_unknown_field"


def test_the_text_of_a_document_is_read_in_the_order_of_the_page() -> None:
    document = Document()
    document.add_paragraph("前\t一").add_run().add_break()
    table = document.add_table(2, 2)
    for index, cell in enumerate([*table.rows[0].cells, *table.rows[1].cells]):
        cell.text = str(index)
    table.cell(1, 1).add_paragraph("再")
    table.cell(0, 0).add_table(1, 1).cell(0, 0).text = "内"
    document.add_paragraph("后")
    out = BytesIO()
    document.save(out)
    assert text_of(out.getvalue()) == "前\t一\n\n0\n内\n\t1\n2\t3\n再\n后"
    inside = "<w:sdt><w:sdtContent><w:p>" + run("控件里") + "</w:p></w:sdtContent></w:sdt>"
    revised = f'<w:p><w:ins w:id="1">{run("增")}</w:ins><w:del w:id="2">{run("删")}</w:del></w:p>'
    assert text_of(in_body(inside + revised)) == "控件里\n增"
    with pytest.raises(Invalid) as caught:
        text_of(b"PK")
    assert caught.value.code == "template_broken"
