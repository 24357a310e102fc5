"""What the public pages and the admin share: neither knows the other, both may know this room.

Who asks and how often (``visitors``, ``limits``, ``sign_in``), what every answer carries (``headers``), when
there can be none (``unavailable``), adding articles by address or file (``adding``, ``address_file``), the
audit log (``audit``), what the last check or reading came to in
words (``reasons``, ``feed_report``), and the reader's language (``language``).
"""
