"""Urgency of a case: signals in what the customer wrote, and what solved cases taught; used only where it is proven."""
