"""The three formats of a paper, made of one Markdown: a web page, a Word document and a PDF.

`pandoc` takes the Markdown to each (`conversion`), `page` finishes the HTML, `word` the DOCX, and
`print_ready` has Typst set the PDF and looks at its tags (`pdf_tags`). A format that would leave
a reader out is refused with PaperError, and the last good paper stays.
"""
