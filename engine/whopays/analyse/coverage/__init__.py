"""What the decisions of tests touch: the items of a contract, and on what each hangs."""
