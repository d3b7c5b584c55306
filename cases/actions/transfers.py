"""What another authority is told of a case that goes on there as a lead."""

from datetime import date

from cases.models import Case
from cases.queries.decision import current_proposal
from clues.actions.intake import Intake
from clues.states import Channel

MOST_FACTS, MOST_WORDS = 1600, 900  # together with the rest within what a lead holds
CUT = "……（其余见移送的材料）"


def case_as_lead(case: Case, handed_over: str, reason: str, on: date) -> Intake:
    """The case as the authority that takes it over receives it.

    Of the lead behind it its number and what verification found: what somebody told stays here, and so does who.
    """
    number = f"立案号{case.number}"
    told = [
        ("", f"{case.authority.name}移送的案件，{number}，{case.filed_on}立案，案由：{case.cause}。"),
        ("已查明的情况：", _cut(_facts(case), MOST_FACTS)),
        ("移送的理由：", _cut(reason, MOST_WORDS)),
        ("移送的材料和物品：", _cut(handed_over, MOST_WORDS)),
        ("移送机关的原线索编号：", case.lead.number if case.lead else ""),
    ]
    return Intake(
        channel=Channel.TRANSFER_IN, received_on=on, party_name=case.party_name, party_code=case.party_code,
        summary="\n".join(f"{label}{words}" for label, words in told if words), region_code=case.region_code,
        address=case.address, category=case.category, amount=case.amount, flags=case.flags,
        facts={"from_body": case.authority.name, "letter_no": number},
    )  # fmt: skip


def _facts(case: Case) -> str:
    proposal = current_proposal(case)
    if proposal is not None:
        return proposal.facts
    return case.lead.findings if case.lead else ""


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - len(CUT)]}{CUT}"
