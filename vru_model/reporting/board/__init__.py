"""What the board papers share: the options, the runs and analyses of one case, the decision box."""
