"""Running a function that may hang, crash or eat all memory, in a process that can be killed.

In: a function that can be imported by its name from a module that knows no Django, its arguments, and limits.
Out: its result, or an ``IsolationError`` that says why there is none.

Parsers, XPath and regular expressions run in C: no signal handler, thread or exception stops one that is busy
for a minute with a hostile page or a pattern that an admin wrote. So each process of ours that needs it keeps
a *reader* beside it: a small process of its own, started when first wanted, that does one job after the other
and is killed and replaced when a job overruns a limit. Whatever strangers or admins make us compute goes
through here: pages, feeds, robots.txt, rules, address filters, imported archives.

Read ``reader.py`` first (our side), then ``child.py`` (the reader's side). ``doing`` is for the functions
themselves: it names the pattern at work, so that whoever is told of an overrun is told by which.
"""

from articles.isolation.child import doing
from articles.isolation.reader import IsolationError, isolated

__all__ = ["IsolationError", "doing", "isolated"]
