"""The Django project: settings from the environment, addresses, the start-up command, the demo newsroom."""

__version__ = "0.1.0"
