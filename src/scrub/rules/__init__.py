"""Rules of boilerplate as data: packs are read, their wordings looked up, their conditions asked.

What flows in is TOML (a user's) or the generated JSON (what ships); what flows out is a RuleSet.
"""
