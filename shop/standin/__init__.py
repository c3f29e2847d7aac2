"""A local stand-in for Stripe: the same HTTP protocol, a hosted payment page, no money.

It is a network peer of the shop, like Stripe itself. So nothing here imports an app of the shop,
and the shop reaches it through its address only.
"""
