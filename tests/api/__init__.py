"""Tests of the clients, directly and over real sockets."""
