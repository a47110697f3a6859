"""A provider plugin that stands in for pulumi-aws where the official one cannot be downloaded.

It serves the types and functions that the constructs and stacks use, with the official property names, against an
emulated AWS only: it refuses to talk to amazonaws.com. One request's way through it: `provider` decodes the message
(`values`), `inputs` completes and checks what was declared, `diff` compares, a row of `resources` or `functions`
calls AWS (`aws`), and `errors` turns a refusal into one sentence.
"""

VERSION = "7.51.1"
"""The release of pulumi-aws whose property names are served."""
