from django.utils.translation import gettext_lazy

from core.forms import VerbForm


class ArchiveForm(VerbForm):
    consequence = gettext_lazy("归档后本案的记录和文书都不能再办理或者更改。")
