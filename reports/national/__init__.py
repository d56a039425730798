"""A made-up country of foundations, to measure with. `manage.py seed_national` writes it; nobody in it exists."""
