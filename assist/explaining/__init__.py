"""Why a case is given what it is given: what was considered, what was shown of it, and what was held back."""
