"""The leave to keep a draft: what a page signs when it shows a form that may have one."""

from django.core import signing

from accounts.models import User
from drafts.actions import KEPT, DraftedForm

SALT = "drafts.leave"


def leave_for(user: User, form: DraftedForm) -> str:
    """What the browser shows when it brings something typed into this form."""
    given = [user.pk, form.address, form.query, form.title, form.subject]
    return signing.dumps(given, salt=SALT, compress=True)


def form_of(user: User, leave: str) -> DraftedForm | None:
    """The form this user was given leave for, None when nobody gave it: drafts start at a page of ours alone."""
    try:
        whose, *of = signing.loads(leave, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return DraftedForm(*of) if whose == user.pk else None
