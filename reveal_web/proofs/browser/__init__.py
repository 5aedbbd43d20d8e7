"""The receipt's page: its template, style, words, and what its one script checks in the browser.

Written by `reveal_web.proofs.receipt_page`; the script joins the modules here with some of the reader's page.
"""
