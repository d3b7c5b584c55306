"""A case file of three hundred scanned pages, bound by a worker of its own process: seconds and memory."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bench.database import named
from bench.figures import Figure, Goal, say
from bench.fill import ACTOR, NOW, TODAY
from cases.actions.casefile import request_file
from cases.models import Case, CaseFile, Evidence
from cases.states.evidence import EvidenceKind
from documents.actions.files import store_file
from documents.actions.templates import load_templates
from documents.queries.papers import content_of

PAGES_EACH = 10
SCAN = (1240, 1754)  # A4 at 150 dots per inch
MOST_SECONDS, MOST_MEGABYTES = 20, 300


def figures(scans: int) -> list[Figure]:
    """Scans of ten pages, with cover, catalogue and what the records say; the whole time of a fresh worker."""
    case = Case.objects.filter(state="investigating").select_related("owner").order_by("-id")[1]
    say("scanning")
    load_templates(actor=ACTOR, at=NOW, forms=["case_file_cover", "case_file_catalogue", "case_file_note"])
    for number in range(1, scans + 1):
        _add(case, number)
    file = request_file(case_id=case.pk, actor=case.owner, at=datetime.now(UTC))
    seconds, megabytes = _worker()
    made = CaseFile.objects.select_related("main").get(pk=file.pk)
    if made.main is None:
        raise AssertionError(f"no file: {made.failure}")
    pages = len(PdfReader(BytesIO(content_of(made.main))).pages)
    if pages < scans * PAGES_EACH:
        raise AssertionError(f"{pages} pages")
    name = f"case file of {pages} pages"
    return [
        Figure(f"{name}: bound in", seconds, "s", goal=Goal(at_most=MOST_SECONDS)),
        Figure(f"{name}: memory", megabytes, "MB", goal=Goal(at_most=MOST_MEGABYTES)),
    ]


def _add(case: Case, number: int) -> None:
    evidence = Evidence.objects.create(
        case=case, number=number, kind=EvidenceKind.values[0], title=f"进货票据{number}", proves="进货的时间和数量",
        source="当事人提供", obtained_on=TODAY, officer=case.owner, second_officer=case.second_officer,
        storage="档案室", recorded_by=case.owner, recorded_at=NOW,
    )  # fmt: skip
    store_file(
        upload=ContentFile(_scan(number), name=f"票据{number}.pdf"), subject_kind="evidence", subject_id=evidence.pk,
        purpose="evidence", actor=case.owner, at=NOW,
    )  # fmt: skip


def _scan(seed: int) -> bytes:
    """Ten pages, each a picture of some 170 kB, as office scanners make them."""
    chance, to = Random(seed), BytesIO()  # noqa: S311 - the same scans every time
    canvas = Canvas(to, pagesize=A4)
    for _ in range(PAGES_EACH):
        size = (SCAN[0] // 8, SCAN[1] // 8)
        grain = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
        page = BytesIO()
        grain.resize(SCAN).save(page, "JPEG", quality=50)
        canvas.drawImage(ImageReader(page), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return to.getvalue()


def _worker() -> tuple[float, float]:
    """Seconds on the wall and the most memory of a process that does nothing but bind what waits."""
    url = named(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-m", "bench.binder"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)
