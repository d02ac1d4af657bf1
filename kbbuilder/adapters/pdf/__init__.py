"""PDF files: pages by pdfium, structure by geometry.

calls      pdfium functions for calls by the thousand
streams    packed parts that would grow beyond measure are refused
pdfium     pages: pieces of text with place and style, rules; the outline; the metadata
furniture  running headers, footers, page numbers
contents   contents pages, indexes
tables     ruled, between lines, aligned
columns    reading order
blocks     paragraphs, list items, code
headings   outline, size, weight, numbering
assemble   the steps in order, joins over page breaks, elements
reader     the file: errors, title, warnings
scanned    pages whose text is recognised in their picture
second_opinion   pypdf, where pdfium finds no document or no text
"""

from kbbuilder.adapters.pdf.reader import PdfReader

__all__ = ["PdfReader"]
