"""A provider plugin that stands in for pulumi-aws where the official one is not installed.

It serves the types and functions of a small AWS project, with the official property names, against an emulated AWS
only: it refuses to talk to the domains of AWS. One request's way through it: `provider` decodes the message (`values`),
`inputs` completes and checks what was declared, `diff` compares, a row of `resources` or `functions` calls AWS
(`aws`), and `errors` turns a refusal into one sentence.
"""

VERSION = "7.51.1"
"""The release of pulumi-aws whose property names are served."""


def sdk_version() -> str:
    """The installed release of pulumi-aws, which asks for a plugin of the same version; `VERSION` where there is none.

    A project whose own virtualenv has the SDK may be run by a `pulumilocal` that is installed without it.
    """
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  the plugin itself needs none of it

    try:
        return version("pulumi-aws")
    except PackageNotFoundError:
        return VERSION
