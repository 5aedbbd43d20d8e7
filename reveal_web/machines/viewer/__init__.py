"""The page of a record as the browser gets it: its own modules and words, beside the reader's that it shares.

`reveal_web.machines.viewer_page` joins them.  Holds no secret and knows no record: everybody gets the same bytes.
"""
