"""What a ruleset and a claim mean: names resolved, money in cents, dates as dates."""
