"""What readers see: addresses, views, syndication feeds, template tags.

Reads the models; writes only what a form asks for: a takedown request, a batch of addresses.
"""
