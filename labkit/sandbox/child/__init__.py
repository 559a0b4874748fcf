"""What a Python child of a guarded process finds on its PYTHONPATH."""
