"""What stands between a stranger and an address."""

from enum import StrEnum


class Gate(StrEnum):
    """What stands between a stranger and an address."""

    NONE = "anybody, logged in or not"
    USER = "anybody logged in: shows what is theirs to see, or public law"
    LEAD = "whoever sees the lead"
    DISPUTE = "whoever sees one of the two offices"
    CASE = "whoever sees the case"
    EVIDENCE = "whoever sees the case of the exhibit"
    RECORDING = "whoever sees the case of the recording"
    MEASURE = "whoever sees the case of the measure"
    APPROVAL = "whoever sees the matter of the approval"
    CLOCK = "whoever sees the clock's office"
    OFFICE = "whoever sees the office's rows"
    NOTICE = "the recipient alone"
    DRAFT = "who typed it alone"
    INFORMANT = "whoever sees the office's rows sees that an informant exists"
    OPENING = "who asked, who decided, who may decide"
    IMPORT = "whoever may import for the office"
    REWARD = "whoever sees that the informant exists"
    POST = "whoever sees the office of the post"
    DELEGATION = "who lent, who holds, whoever sees the office of the post"
    PERSON = "the person, and whoever sees an office they work in"
    CERTIFICATE = "the holder, and whoever sees an office they work in"
