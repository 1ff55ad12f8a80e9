"""Money: what a strategy is worth to society, by dated rules, and who pays and who saves."""
