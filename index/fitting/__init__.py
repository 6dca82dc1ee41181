"""Fitting a low-rank adapter to the packaged encoder, so that it understands how customers write.

This is set-up code: it imports PyTorch, which serving never does.
"""
