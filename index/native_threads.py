"""How many cores the arithmetic of one request takes: one, for requests run in parallel, not the parts of one."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def use_one_core() -> None:
    """Let matrix products of this process use one core each, from now on.

    They are small here. Threads that share one wait for each other busily, which takes the cores from the encoder and,
    on a machine with other work, costs many times what it saves. ``python -m assist serve`` sets the same by variables,
    which have no effect once NumPy is loaded.
    """
    threadpool_limits(limits=1, user_api="blas")
