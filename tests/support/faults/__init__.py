"""The matrix of faults: operations, their ends, and forged answers."""
