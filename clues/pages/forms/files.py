"""What putting files to a lead asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clues.models import Lead
from clues.states import Channel, FilePurpose
from core.forms import FilesField, VerbForm


class AttachForm(VerbForm):
    purpose = forms.ChoiceField(label=gettext_lazy("材料种类"), widget=forms.RadioSelect, choices=FilePurpose.choices)
    upload = FilesField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("一次最多10个。文件名和内容里不要出现举报人的姓名、电话等身份信息。"),
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        usual = FilePurpose.TEST_REPORT if lead.channel == Channel.SAMPLING else FilePurpose.MATERIAL
        super().__init__(*args, initial={"purpose": usual}, **kwargs)
