"""One grant a module: what its months said. All of it is invented."""

from reports.demo.stories import bestsupport, consortium, hakobune, ippo, nagisa, shiokaze

STORIES = {
    "hakobune": hakobune.STORY,
    "bestsupport": bestsupport.STORY,
    "ippo": ippo.STORY,
    "consortium": consortium.STORY,
    "nagisa": nagisa.STORY,
    "shiokaze": shiokaze.STORY,
}
