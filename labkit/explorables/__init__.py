"""The interactive figures: controls and a pure function from their values to a figure."""
