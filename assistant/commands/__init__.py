"""The commands of the command line, a module for each part of the program."""
