"""The reader's page as the browser gets it: shell, style, scripts, words and key-derivation workers.

Sources are small plain ES modules; `reveal_web.assets` joins them and names them by their content.
Holds no secret and knows no drop: every visitor gets the same bytes.
"""
