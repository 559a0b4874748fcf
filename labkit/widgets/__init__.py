"""The JupyterLab faces of explorables and questions."""
