"""How good the suggestions are: judged sets, metrics and reports. Nothing else imports it."""
