"""The audit log's pages. What writes to it is ``articles.web.audit``."""
