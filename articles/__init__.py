"""The one app: watches articles, keeps their versions and shows what changed.

Rooms, from the ground up (an arrow may only point down this list):
``diff``, ``extract``, ``facts`` are pure libraries; ``fetch`` is the only door to the network;
``models`` holds the data; ``watch`` decides what happens to an article; ``pages`` and ``admin`` show it.
"""
