"""The index of what was recorded by sound and picture, so that the whole process can be traced."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import user_named
from audit.actions import record
from cases.actions.moves import required
from cases.models import Case, Measure, Recording
from cases.queries.evidence import RECORDING, require_on_case
from cases.queries.matter import lock_case
from cases.states.evidence import INDEX_RECORDING, RecordedAct
from core.errors import Invalid
from documents.actions.files import Upload, store_file
from documents.file_types import EVIDENCE

HASH = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def index_recording(
    *,
    case_id: int,
    act: str,
    title: str,
    started_at: datetime,
    ended_at: datetime,
    device: str,
    operator_id: int,
    actor: User,
    at: datetime,
    measure_id: int | None = None,
    medium: str = "",
    sha256: str = "",
    sm3: str = "",
    upload: Sequence[Upload] = (),
) -> Recording:
    """Index one recording of the process: a file kept here, or a medium kept elsewhere by its number (程序规定第四十四条、第七十九条).

    :param sha256: and ``sm3``: of an outside medium, hexadecimal, where its register has them; of a file they are
        computed from the bytes.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: a time in the future or before its beginning, neither
        file nor medium or both, a malformed hash, a measure of another case, a file that may not be kept.
    """
    case = lock_case(actor, case_id)
    require_on_case(actor, case, INDEX_RECORDING)
    if act not in RecordedAct.values:
        raise Invalid(_("请选择记录的事项。"), code="unknown_act", field="act")
    _require_times(started_at, ended_at, at)
    recording = Recording(
        case=case, act=act, started_at=started_at, ended_at=ended_at, recorded_by=actor, recorded_at=at,
        title=required(title, "title", _("请填写记录的内容。"), limit=200),
        device=required(device, "device", _("请填写记录设备的编号。"), limit=60),
        operator=user_named(operator_id, field="operator"), measure=_measure(case, measure_id),
    )  # fmt: skip
    if upload and medium.strip():
        raise Invalid(
            _("上传了文件的，不再填写介质编号；存放在其他介质的，不上传文件。"), code="file_or_medium", field="medium"
        )
    if upload:
        (only,) = _one(upload)
        recording.file = store_file(
            upload=only, subject_kind=RECORDING, subject_id=case.pk, purpose=RECORDING, actor=actor, at=at,
            allowed=EVIDENCE,
        )  # fmt: skip
        recording.sha256, recording.sm3 = recording.file.sha256, recording.file.sm3
    else:
        recording.medium = required(medium, "medium", _("请上传文件，或者填写存放介质的编号。"), limit=120)
        recording.sha256, recording.sm3 = _hash(sha256, "sha256"), _hash(sm3, "sm3")
    recording.save()
    record(
        verb="cases.index_recording", actor=actor, at=at, subject_kind=RECORDING, subject_id=recording.pk,
        subject_label=f"{case.number} {recording.title}", case=case.pk, act=act, sha256=recording.sha256,
        sm3=recording.sm3,
    )  # fmt: skip
    return recording


def _require_times(started_at: datetime, ended_at: datetime, at: datetime) -> None:
    if ended_at > at:
        raise Invalid(_("结束时间在现在之后，请核对。"), code="future_date", field="ended_at")
    if ended_at <= started_at:
        raise Invalid(_("结束时间应在开始时间之后。"), code="ends_before_start", field="ended_at")


def _one(upload: Sequence[Upload]) -> Sequence[Upload]:
    if len(upload) > 1:
        raise Invalid(_("一条音像记录只能有一个文件，请分别登记。"), code="too_many_files", field="upload")
    return upload


def _hash(text: str, field: str) -> str:
    found = text.strip().lower()
    if found and not HASH.fullmatch(found):
        raise Invalid(_("校验值应为64位十六进制数字。"), code="bad_hash", field=field)
    return found


def _measure(case: Case, measure_id: int | None) -> Measure | None:
    if measure_id is None:
        return None
    found = case.measures.filter(pk=measure_id).first()
    if found is None:
        raise Invalid(_("本案没有这项措施，请从列表中选择。"), code="unknown_measure", field="measure")
    return found
