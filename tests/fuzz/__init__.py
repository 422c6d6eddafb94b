"""Long fuzzing by hand, outside of make test: see run.py."""
