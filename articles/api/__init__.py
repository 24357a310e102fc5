"""The API, ``/api/v1/``: what readers see, as JSON for programs. Read-only.

In comes a request; out comes JSON as ``schemas`` describes it. Read ``endpoints`` first. Nothing that is
taken down stands in any answer, and whole texts only in those to keys that may read them.

    gate           before and after every answer: keys, limits, other sites' scripts, what caches may keep
    endpoints      what is asked of the database, and by which address
    schemas        the shapes of the answers, and how they are made of what is stored
    paging         pages by cursor, never by number
    problems       what went wrong, as RFC 9457 has it
    api            the whole, and its description (OpenAPI 3.1)
    documentation  the page that shows it, /api/docs
"""
