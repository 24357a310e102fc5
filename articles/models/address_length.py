"""How long addresses may be."""

ADDRESS_LENGTH = 2048
KEY_LENGTH = ADDRESS_LENGTH + 16
"""An address's key says https for http and www. for m., so it may be longer."""
