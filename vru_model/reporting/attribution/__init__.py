"""What each programme of a strategy adds, for the eye and for the spreadsheet."""
