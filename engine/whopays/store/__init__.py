"""The store of the billing office: items, versions, check-outs, and an audit trail.

It keeps contents without looking into them; what judges them hands in its verdict.
"""
