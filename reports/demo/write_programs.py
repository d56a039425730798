"""The outcomes of the demonstration's main program and what its figures add up. Both are invented."""

from decimal import Decimal

from grants.models import IndicatorVersion, ProgramIndicator, ProgramIndicatorPart, ProgramOutcome
from reports.demo.rows import Rows, make

# outcome: its figures: name, unit, target, and (grant, indicator) of what each adds up
OUTCOMES: tuple[tuple[str, tuple[tuple[str, str, int, tuple[tuple[str, str], ...]], ...]], ...] = (
    (
        "施設を離れる前の若者が、働くことと暮らすことを、信頼できる大人と試している。",
        (
            (
                "模擬面接・職場の体験",
                "回",
                120,
                (("ippo", "模擬面接"), ("bestsupport", "職場の見学・体験"), ("hakobune", "模擬面接")),
            ),
        ),
    ),
    (
        "施設を離れた若者が、地域のなかに居場所と仕事をもっている。",
        (
            (
                "居場所を利用した若者（実人数の合計）",
                "人",
                80,
                (("hakobune", "利用した若者（実人数）"), ("bestsupport", "居場所を利用した若者（実人数）")),
            ),
            (
                "働きはじめた若者",
                "人",
                33,
                (("bestsupport", "就職した若者"), ("ippo", "働きはじめた若者")),
            ),
        ),
    ),
    (
        "多くの団体が、ひとりの若者をいっしょに支える仕組みが根づいている。",
        (("協力して支えた事例", "件", 30, (("consortium", "協力モデルの事例"),)),),
    ),
)


def write_program_outcomes(rows: Rows) -> None:
    program = rows.programs["young"]
    for position, (text, figures) in enumerate(OUTCOMES, start=1):
        outcome = ProgramOutcome.objects.create(program=program, position=position, text=text)
        for place, (name, unit, target, parts) in enumerate(figures, start=1):
            whole = ProgramIndicator.objects.create(
                outcome=outcome, position=place, name=name, unit=unit, target_value=Decimal(target)
            )
            found = [
                IndicatorVersion.objects.filter(
                    indicator__grant=rows.grants[grant].grant, name=indicator
                ).latest("valid_from")
                for grant, indicator in parts
            ]
            make(
                ProgramIndicatorPart,
                [ProgramIndicatorPart(whole=whole, indicator_id=version.indicator_id) for version in found],
            )
