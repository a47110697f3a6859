"""Dispatches the console script `pulumilocal`: its own commands, and every Pulumi command."""

import sys

from localaws import commands
from localaws.console import LocalawsError, say
from localaws.stacks import read_words

HELP = """\
pulumilocal runs Pulumi against an AWS on this machine: no account, nothing to sign up for.

  pulumilocal <pulumi command>   any Pulumi command, such as `up --stack local`; starts the local AWS if needed
  pulumilocal start | stop       start or stop the local AWS; it is kept in memory: stopping it loses what is deployed
  pulumilocal status             show the server, engine, plugin and stacks (exit code 3: the local AWS is not running)
  pulumilocal env                print the environment for a shell: eval "$(pulumilocal env)"
  pulumilocal setup              find or build the Pulumi engine

Each runs in the folder that -C names, as a Pulumi command does.

up, preview, refresh, destroy and config create the stack that --stack names. Without --stack, and with no stack
selected, the stack `local` is created and selected when the project has a Pulumi.local.yaml.

Everything is kept in .localaws/ beside Pulumi.yaml, a copy of the stack's configuration too: the file of the stack is
changed only by `config set` and `config rm` of plain values. Your ~/.pulumi and ~/.aws are not written, and no
credentials of yours are read.

  PULUMI_SKIP_CHECKPOINTS  `true`: write the state once, when a command ends; for hundreds of resources
  LOCALAWS_FOLDER        another folder than .localaws, which several projects can share
  LOCALAWS_PORT          the port of the local AWS (default: any free port)
  LOCALAWS_CACHE         where the built engine is kept (default: your cache folder)
  LOCALAWS_AWS_PLUGIN    `emulated`, or the path of an official pulumi-resource-aws
                         (default: the official one of your Pulumi folder or PATH if it can work, else `emulated`)
"""

INTERRUPTED = 130


def main() -> int:
    """Run the command that was given; return the exit code."""
    words = sys.argv[1:]
    if not words or words[0] in {"-h", "--help"}:
        sys.stdout.write(HELP)
        return 0
    own = {"start": commands.start, "stop": commands.stop, "status": commands.status, "env": commands.env}
    own["setup"] = commands.setup
    try:
        read = read_words(words)
        return own[read.command](read.folder) if read.command in own else commands.pulumi(words)
    except LocalawsError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
