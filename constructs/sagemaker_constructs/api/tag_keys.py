"""Defines the keys of the tags that the library adds to a training job.

Every key has the same prefix, which tells these tags from declared ones. Stacks that are deployed depend on the keys:
they must not change.
"""

OUR_TAGS = "sagemaker-constructs:"
"""The prefix."""
OWNER_TAG = f"{OUR_TAGS}owner"
"""The stack that started it, `organization/project/stack`: a name, which another backend may have too."""
STATE_TAG = f"{OUR_TAGS}state"
"""The state that owns it: the identity that a `StateIdentity` has made for it."""
RETAIN_TAG = f"{OUR_TAGS}on-delete"
"""On a job that is retained when its resource is deleted: `retain`."""
FINGERPRINT_TAG = f"{OUR_TAGS}fingerprint"
"""The fingerprint of the members that define the model."""
CONTENT_TAGS = {"data": f"{OUR_TAGS}data", "image": f"{OUR_TAGS}image"}
"""Digests of what lay behind the job's addresses when it was started, where that counts."""
SETTLED_TAG = f"{OUR_TAGS}settled"
"""On a job that ended without success: why no new run is due all the same, `accepted` or `continued`."""
CLAIM_TAG = f"{OUR_TAGS}claim-"
"""Prefix of the tags of the resources that have the job, one for each."""
SHARED_TAG = f"{OUR_TAGS}shared-with-"
"""Prefix of the tags of the stacks that adopted the job, one for each."""
CROWD_TAG = f"{SHARED_TAG}others"
"""On a job that more stacks and resources have than tags can name: it is never stopped or deleted."""
