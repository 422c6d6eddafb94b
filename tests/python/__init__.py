"""pytest's tests: Python rooms, the built project, the house."""
