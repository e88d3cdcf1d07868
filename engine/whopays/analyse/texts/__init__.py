"""The texts of a contract over time: consolidated on a day, and told clause by clause."""
