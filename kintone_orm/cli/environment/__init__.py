"""The settings of a command's connection: options, variables of the environment, and questions."""
