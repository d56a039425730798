"""One file per noun: funds, programs and grants, the logic model, the budget."""

from grants.models.budget import BudgetLine, Expenditure, Purpose
from grants.models.funds import Fund, LedgerEntry
from grants.models.logic import (
    Activity,
    ActivityVersion,
    Contribution,
    Indicator,
    IndicatorUnit,
    IndicatorVersion,
    LongTermOutcome,
    LongTermOutcomeVersion,
    Output,
    OutputVersion,
    PlanRevision,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
    YearTarget,
)
from grants.models.program_outcomes import ProgramIndicator, ProgramIndicatorPart, ProgramOutcome
from grants.models.programs import Grant, GrantReader, Program, ProgramApproach
from grants.models.proposals import PlanAgreement, PlanProposal, PlanProposalEvent, PlanProposalStep

__all__ = [
    "Activity",
    "ActivityVersion",
    "BudgetLine",
    "Contribution",
    "Expenditure",
    "Fund",
    "Grant",
    "GrantReader",
    "Indicator",
    "IndicatorUnit",
    "IndicatorVersion",
    "LedgerEntry",
    "LongTermOutcome",
    "LongTermOutcomeVersion",
    "Output",
    "OutputVersion",
    "PlanAgreement",
    "PlanProposal",
    "PlanProposalEvent",
    "PlanProposalStep",
    "PlanRevision",
    "Program",
    "ProgramApproach",
    "ProgramIndicator",
    "ProgramIndicatorPart",
    "ProgramOutcome",
    "Purpose",
    "ShortTermOutcome",
    "ShortTermOutcomeVersion",
    "YearTarget",
]
