"""The composer's page as the browser gets it: its own modules, words and style, beside the reader's that it shares.

`reveal_web.machines.composer_assets` joins them.  Holds no secret and knows no order: everybody gets the same bytes.
"""
