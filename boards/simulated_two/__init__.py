"""The simulator's board with two sockets."""
