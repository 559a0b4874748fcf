"""The checks of labs whose exercises need more than a few lines to judge, one folder for a slug."""
