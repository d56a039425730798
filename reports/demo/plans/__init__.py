"""One grant a module: what was agreed about it."""

from reports.demo.plans import bestsupport, consortium, hakobune, ippo, nagisa, shiokaze

GRANTS = (
    hakobune.GRANT,
    bestsupport.GRANT,
    ippo.GRANT,
    consortium.GRANT,
    nagisa.GRANT,
    shiokaze.GRANT,
)
NAMED = ("hakobune", "bestsupport", "ippo", "consortium")  # real grantees: nothing troubling is invented here
BY_KEY = {grant.key: grant for grant in GRANTS}
