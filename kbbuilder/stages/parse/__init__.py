"""What happens to a file before and after its reader: `gate.admit` and `mark.finish`."""
