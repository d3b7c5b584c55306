"""Word templates of the standard forms: what one may hold, filling it, and the text of what came out.

A template is somebody's upload. It may print names, choose (``if``) and repeat rows (``for``), nothing else: whatever
could run, reach out or grow without end is refused before anything is rendered.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from core.errors import Invalid
from documents.file_refusals import refused_file
from documents.form_kinds import TICKED, UNTICKED, FormKind, common_fields
from documents.template_files import broken_template, refuse_broken, refuse_hostile, require_harmless_file

Row = Mapping[str, str]
Context = Mapping[str, str | Sequence[Row]]
Columns = Mapping[str, frozenset[str]]

# Local defaults: far above what a form of a few pages needs.
MOST_TAGS = 2000
LONGEST_TAG = 300
DEEPEST_LOOP = 2

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLAIN_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip
MARGINS = (DocxTemplate.HEADER_URI, DocxTemplate.FOOTER_URI)
OF_THE_ENGINE = ("self", "super", "caller", "varargs", "kwargs")
OF_THE_LOOP = frozenset({"index", "first", "last", "length"})
OPENERS = re.compile(r"\{\{|\{%|\{#")
TAG = re.compile(r"\{\{(?P<value>[^{}]+)\}\}|\{%(?P<word>[^{}]+?)%\}")
WORD = re.compile(r"(?:(?:p|tr|tc|r)\s+|\s*)(?:if|elif|else|endif|for|endfor)\b")
PLACED = re.compile(r"(?:p|tr|tc|r)\s")
UNPRINTABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What docxtpl, python-docx, lxml and the compiling of a template raise for a file that is not one.
UNREADABLE = (
    BadZipFile, zlib.error, etree.LxmlError, ValueError, KeyError, AttributeError, IndexError, TypeError, SyntaxError,
    RecursionError,
)  # fmt: skip


class _Unticked(str):
    """An empty box prints itself and yet is false, so that ``{% if 公开 %}`` asks what it seems to ask."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def fill(template: bytes, context: Context) -> bytes:
    """The filled document. Values are text as it stands, ``A & B <x>`` too; a line feed begins a new paragraph.

    :param template: a .docx; what :func:`check_template` calls hostile is never rendered here either.
    :param context: every name the template uses, '' for what is not known; row lists with all their columns.
    :raises Invalid: ``template_hostile``, ``template_broken``; ``template_unknown_field`` for a name without a value.
    """
    document, names = _read(template)
    _require_none(sorted(names - context.keys()))
    with BytesIO() as out:
        _answering(document.render, _values(context), _environment())
        document.save(out)
        return out.getvalue()


def names_in(template: bytes) -> set[str]:
    """Every name the template expects from outside, in body, headers and footers.

    :raises Invalid: ``template_hostile``, ``template_broken``.
    """
    return _read(template)[1]


def check_template(template: bytes, kind: FormKind) -> None:
    """Refuse what may not become a template of this form.

    :raises Invalid: ``template_unknown_field`` naming what the form does not have; ``template_hostile`` for macros,
        embedded or external content, fields and expressions that reach out, what bursts; ``template_broken`` for what
        is no whole document or comes out torn.
    """
    document, names = _read(template)
    common = common_fields(kind.subject)
    lists = {name: frozenset(field.columns) for name, field in common.items() if field.columns}
    texts = (common.keys() - lists.keys()) | {field.name for field in kind.fields}
    trees = [_parsed(source) for source in _sources(document)]
    _require_none(sorted({name for tree in trees for name in _unknown(tree, texts, lists, {})}))
    for filled, rows in ((TICKED, 2), ("", 0)):
        trial: dict[str, str | Sequence[Row]] = dict.fromkeys(names & texts, filled)
        trial |= {name: [dict.fromkeys(columns, filled)] * rows for name, columns in lists.items()}
        _answering(document.init_docx)  # anew: the second trial would find the first one rendered
        _answering(etree.fromstring, _answering(document.build_xml, _values(trial), _environment()))
        _answering(document.render, _values(trial), _environment())


def text_of(docx: bytes) -> str:
    """The body as plain text in reading order: a line per paragraph, the cells of a row apart by tabs.

    :raises Invalid: ``template_broken``: no whole .docx.
    """
    body = _answering(Document, BytesIO(docx)).element.body
    return "\n".join(_lines(body))


def _lines(parent: Any) -> Iterator[str]:  # Any: lxml has no types
    for child in parent:
        if child.tag == f"{W}p":
            yield "".join(_words(child))
        elif child.tag == f"{W}tbl":
            for row in child.iterchildren(f"{W}tr"):
                yield "\t".join("\n".join(_lines(cell)) for cell in row.iterchildren(f"{W}tc"))
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins"):
            yield from _lines(child)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "br", "cr") and child.getparent().tag == f"{W}r":
            yield "\t" if name == "tab" else "\n"
        elif name not in ("del", "Fallback", "pPr", "rPr"):
            yield from _words(child)


def _read(template: bytes) -> tuple[Any, set[str]]:
    """The template opened, found harmless, and the names it expects."""
    require_harmless_file(template)
    document = DocxTemplate(BytesIO(template))
    _answering(document.init_docx)
    _require_plain_tags(document)
    names: set[str] = set()
    for source in _answering(_sources, document):
        tree = _parsed(source)
        _require_plain(tree, 0)
        names |= find_undeclared_variables(tree)
    return document, names


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    for reachable in (environment.globals, environment.filters, environment.tests):
        reachable.clear()
    return environment


def _values(context: Context) -> dict[str, Any]:
    return {
        name: _text(value)
        if isinstance(value, str)
        else [{key: _text(cell) for key, cell in row.items()} for row in value]
        for name, value in context.items()
    }


def _text(value: str) -> str:
    r"""Without what XML cannot hold; ``\a`` is how docxtpl writes a new paragraph of the same style."""
    if value == UNTICKED:
        return _Unticked(value)
    plain = UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\n", "\a")


def _parsed(source: str) -> nodes.Template:
    tree: nodes.Template = _answering(_environment().parse, source)
    return tree


def _sources(document: Any) -> list[str]:
    """Everything docxtpl hands to jinja2, as it hands it over."""
    parts = [document.get_xml()]
    for uri in MARGINS:
        parts += [document.get_part_xml(part) for _id, part in document.get_headers_footers(uri)]
    return [str(document.patch_xml(part)) for part in parts]


def _require_plain(node: nodes.Node, depth: int) -> None:
    """Only what :data:`PLAIN_NODES` names: no call, no filter, no arithmetic, no import, no assignment."""
    if isinstance(node, nodes.For):
        depth += 1
        if depth > DEEPEST_LOOP or not isinstance(node.iter, nodes.Name) or node.recursive or node.test:
            refuse_hostile(_("循环只能逐行列出清单，嵌套不超过两层"))
    name = node.attr if isinstance(node, nodes.Getattr) else _name_of(node)
    if not isinstance(node, PLAIN_NODES) or name.startswith("_") or name in OF_THE_ENGINE:
        refuse_hostile(_("占位中有程序代码（%(what)s）") % {"what": name or type(node).__name__})
    for child in node.iter_child_nodes():
        _require_plain(child, depth)


def _unknown(node: nodes.Node, texts: set[str], lists: Columns, rows: Columns) -> Iterator[str]:
    """What is used but not there, or not as what it is: ``rows`` are the variables of the loops around the node."""
    inner, children = rows, list(node.iter_child_nodes())
    if isinstance(node, nodes.For):
        listed, target = _name_of(node.iter), _name_of(node.target)
        if listed not in lists or not target:
            yield listed
            return
        inner = {**rows, target: lists[listed], "loop": OF_THE_LOOP}
        children = [*node.body, *node.else_]
    elif isinstance(node, nodes.If) and _name_of(node.test) in lists:
        children = [*node.body, *node.elif_, *node.else_]
    elif isinstance(node, nodes.Getattr):
        children = []
        if node.attr not in rows.get(_name_of(node.node), ()):
            yield f"{_name_of(node.node)}.{node.attr}"
    elif isinstance(node, nodes.Name) and (node.name not in texts or node.name in rows):
        yield node.name
    for child in children:
        yield from _unknown(child, texts, lists, inner)


def _name_of(node: nodes.Node) -> str:
    return node.name if isinstance(node, nodes.Name) else ""


def _require_plain_tags(document: Any) -> None:
    """Placeholders stand whole in one paragraph of plain text, and nowhere else in the file's inside.

    Not in a footnote either: docxtpl renders those once per section, what was filled in along with the rest.
    """
    count = 0
    main, package = document.docx.part, document.docx.part.package
    related = [part for uri in MARGINS for _id, part in document.get_headers_footers(uri)]
    notes = [part for part in package.parts if part.content_type.endswith(".footnotes+xml")]
    if any(OPENERS.search(_letters(part.blob)) for part in notes):
        refuse_hostile(_("脚注里有占位"))
    for part in (main, *related):
        root = _answering(etree.fromstring, part.blob)
        paragraphs: dict[Any, list[Any]] = {}
        for element in root.iter(etree.Element):
            if element.tag == f"{W}t":
                paragraphs.setdefault(next(element.iterancestors(f"{W}p"), None), []).append(element)
            elif OPENERS.search(element.text or ""):
                refuse_hostile(_("占位不在正文里"))
            if any(OPENERS.search(value) for value in element.attrib.values()) or OPENERS.search(element.tail or ""):
                refuse_hostile(_("占位不在正文里"))
        count += sum(_require_plain_paragraph(texts) for texts in paragraphs.values())
    if count > MOST_TAGS:
        refuse_hostile(_("占位超过%(most)s个") % {"most": MOST_TAGS})
    properties = document.docx.core_properties
    if any(
        OPENERS.search(str(getattr(properties, name)))
        for name in ("author", "comments", "identifier", "language", "subject", "title")
    ):
        refuse_hostile(_("文档属性里有占位"))


def _letters(part: bytes) -> str:
    """All text and attributes of a part, however its runs cut it."""
    root = _answering(etree.fromstring, part)
    return "".join(root.itertext()) + "".join(value for element in root.iter() for value in element.attrib.values())


def _require_plain_paragraph(texts: Sequence[Any]) -> int:
    """How many placeholders the paragraph holds."""
    line = "".join(element.text or "" for element in texts)
    if "{" not in line and "}" not in line:
        return 0
    for tag in TAG.finditer(line):
        _require_plain_tag(tag)
    if "{" in TAG.sub("", line) or "}" in TAG.sub("", line):
        refuse_broken(_("花括号没有配成占位：%(line)s") % {"line": line[:60]})
    for element in texts:
        if element.getparent().getparent().tag != f"{W}p":
            refuse_broken(_("占位不能放在超链接、内容控件或者修订标记里：%(line)s") % {"line": line[:60]})
    return len(TAG.findall(line))


def _require_plain_tag(tag: re.Match[str]) -> None:
    if len(tag[0]) > LONGEST_TAG:
        refuse_hostile(_("占位过长"))
    word = tag["word"]
    if word is not None and not WORD.match(word):
        refuse_hostile(_("只能用if和for两种指令，不能用%(word)s") % {"word": word.strip()[:20]})
    if tag["value"] is not None and PLACED.match(tag["value"]):
        refuse_broken(_("%(tag)s应写成两个花括号加字段名") % {"tag": tag[0][:40]})


def _answering(read: Callable[..., Any], *arguments: Any) -> Any:  # Any: jinja2's, docxtpl's and lxml's own things
    """:raises Invalid: ``template_unknown_field``, ``template_broken`` for what the libraries raise."""
    try:
        return read(*arguments)
    except UndefinedError as error:
        raise _unknown_fields([str(error.message)]) from error
    except TemplateError as error:
        raise broken_template(_("占位的写法不对，if和for要各有结束标记")) from error
    except UNREADABLE as error:
        raise broken_template(_("文档结构读不出来，或者占位放得不成对")) from error


def _require_none(unknown: Sequence[str]) -> None:
    if unknown:
        raise _unknown_fields(unknown)


def _unknown_fields(names: Sequence[str]) -> Invalid:
    return refused_file(
        _("本文书没有这些字段：%(names)s。请对照字段表改正后再上传。") % {"names": _("、").join(names)[:300]},
        code="template_unknown_field",
    )
