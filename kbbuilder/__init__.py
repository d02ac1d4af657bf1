"""kbbuilder turns a company's raw documents into a reviewed, searchable FAQ library."""

__version__ = "0.1.0"
