"""Pages for signed-in readers: signing in and out, and adding articles by address or file, keys of the API.

``urls`` has their addresses, under those of the public site. Forms, batches and the limits on guesses are
shared with the admin: see ``articles.web``.
"""
