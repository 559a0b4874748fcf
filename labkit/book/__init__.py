"""The Sphinx extension: the directives, roles and page scripts of the published book."""
