"""The validation document: tables, figures and words from one look at stored runs."""
