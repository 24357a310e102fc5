"""What prints the figures in README.md and docs/; each module says at its top how it is run."""
