"""A pretend Slack workspace over real sockets, for trying the product and for its tests.

It speaks Slack's Web API and Socket Mode and refuses what Slack refuses. It knows nothing of the
product: to it the bot is just an app that holds two tokens. Everything lives in memory.
"""
