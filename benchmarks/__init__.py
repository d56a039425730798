"""`make bench`: what pages and documents cost, as ratios. Not a test: nothing fails here."""
