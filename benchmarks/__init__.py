"""How fast it is: each part of the service timed on this machine, beside its goal."""
