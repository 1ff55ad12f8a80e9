"""The report on one run, or on a run against its baseline: tables, spreadsheet, charts."""
