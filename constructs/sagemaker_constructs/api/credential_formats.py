"""Lists the formats of credentials: one row each, for what is rejected in a request and for what is masked in a text.

Input: nothing. Output: `FORMATS`. `credential_search` applies them. To know another format is to add a row.

A pattern of a word begins and ends where letters and digits do. A pattern of a name is that of its end, in lower case
and with underscores: `database_password` ends in `password`. In the other patterns the group, where there is one, is
the credential. Repetitions before a group are bounded, so that the search takes no longer in a line that invites it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a credential of a format stands."""

    WORD = "a word of a text, or the whole value"
    NAME = "the value behind a name"
    RANDOM = "the value behind a name, where it is random: such names have ordinary values too"
    URL = "in a URL"
    COMMAND = "on a command line or in a header"
    BLOCK = "in a text of several lines"


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table."""

    kind: str
    place: Place
    pattern: str
    """A regular expression."""
    source: str
    """Where the format is documented."""
    mark: str = ""
    """In lower case: the pattern is tried only in a text that has it, because most have none."""


_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_AZURE = r"AIoT|APIM|AZDO|AzCa|AzFu|AzSe|JQQJ99|\+A(?:Ba|CR|EH|MC|RM|SB|ST)"
"""Signatures in the keys of Azure's services."""

_WORDS = (
    # Cloud providers
    ("AWS access key", r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}", "IAM User Guide, unique identifiers"),
    ("AWS session token", r"(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|F[wQ]oDYXdz)[\w/+=%-]{8,}", "STS API reference"),
    ("Amazon Bedrock API key", r"ABSK[A-Za-z0-9+/]{60,}={0,2}|bedrock-api-key-[\w+/=-]{20,}", "Bedrock User Guide"),
    ("Amazon MWS token", rf"amzn\.mws\.{_UUID}", "Amazon MWS Developer Guide"),
    ("Amazon ECR password", r"QVdTOmV5[A-Za-z0-9+/]{60,}={0,2}|eyJwYXlsb2FkIjoi[\w+/=-]{200,}", "Amazon ECR API"),
    ("Google API key", r"AIza[\w-]{30,}", "Google Cloud, API keys"),
    ("Google OAuth token", r"ya29\.[\w-]{20,}|1//0[\w-]{30,}", "Google Identity, OAuth 2.0"),
    ("Google OAuth client secret", r"GOCSPX-[\w-]{20,}", "Google Identity, OAuth 2.0"),
    ("Google Gemini key", r"AQ\.Ab[\w-]{30,}", "Gemini API, API keys"),
    ("Firebase server key", r"AAAA[\w-]{7}:APA91b[\w-]{80,}", "Firebase Cloud Messaging, server key"),
    ("Azure key", r"(?<!sha512-)[A-Za-z0-9+/]{86}==", "Azure Storage, Cosmos DB, Batch: 512 bits in base 64"),
    ("Azure signed key", rf"[A-Za-z0-9+/]{{30,80}}(?:{_AZURE})[A-Za-z0-9+/]{{4,44}}={{0,2}}", "Microsoft"),
    ("Azure client secret", r"[\w~.-]{3}[78]Q~[\w~.-]{31,34}", "Microsoft Entra, application passwords"),
    ("Alibaba Cloud access key", r"LTAI[A-Za-z0-9]{12,26}", "Alibaba Cloud RAM, AccessKey pairs"),
    ("Tencent Cloud secret id", r"AKID[A-Za-z0-9]{32}", "Tencent Cloud CAM, access keys"),
    ("DigitalOcean token", r"do[oprt]_v1_[0-9a-f]{40,}", "DigitalOcean API reference"),
    ("Heroku token", r"HRKU-[\w-]{30,}", "Heroku Platform API"),
    ("Scaleway access key", r"SCW[A-Z0-9]{17}", "Scaleway IAM, API keys"),
    ("Yandex Cloud key", r"AQVN[\w-]{30,}|YC[A-Z][\w-]{38}", "Yandex Cloud IAM"),
    # Models, data and experiments
    ("Hugging Face token", r"hf_[A-Za-z0-9]{20,}|api_org_[A-Za-z0-9]{20,}", "Hugging Face Hub, user access tokens"),
    ("OpenAI or like key", r"sk-[A-Za-z0-9]{20,}|sk-(?:proj|svcacct|admin|None)-[\w-]{20,}", "OpenAI API reference"),
    ("Anthropic key", r"sk-ant-[\w-]{20,}", "Claude API, getting started"),
    ("OpenRouter key", r"sk-or-(?:v\d-)?[\w-]{20,}", "OpenRouter, authentication"),
    ("Langfuse key", rf"sk-lf-{_UUID}", "Langfuse, API keys"),
    ("LangSmith key", r"ls(?:v2_[a-z]{2}|__)_?[0-9a-f]{32}(?:_[0-9a-f]{10})?", "LangSmith, API keys"),
    ("Weights & Biases key", r"wandb_v\d_\w{30,}|local-[0-9a-f]{40}", "Weights & Biases, API keys"),
    ("Neptune token", r"eyJhcGlfYWRkcmVzcyI6[\w+/=]{20,}", "neptune.ai, API tokens"),
    ("Kaggle token", r"KGAT_[0-9a-zA-Z]{20,}", "Kaggle API, authentication"),
    ("Groq key", r"gsk_[A-Za-z0-9]{20,}", "Groq, API keys"),
    ("xAI key", r"xai-[A-Za-z0-9]{40,}", "xAI API reference"),
    ("Perplexity key", r"pplx-[A-Za-z0-9]{30,}", "Perplexity API"),
    ("Replicate token", r"r8_[A-Za-z0-9]{30,}", "Replicate, API tokens"),
    ("NVIDIA key", r"nvapi-[\w-]{30,}", "NVIDIA NGC, API keys"),
    ("Fireworks key", r"fw_[A-Za-z0-9]{20,}", "Fireworks AI, API keys"),
    ("Together key", r"tgp_v\d_[\w-]{30,}", "Together AI, API keys"),
    ("Cerebras key", r"csk-[a-z0-9]{30,}", "Cerebras Inference, API keys"),
    ("Jina key", r"jina_[0-9a-f]{32}\w{20,}", "Jina AI, API keys"),
    ("Tavily key", r"tvly-(?:dev-|prod-)?[A-Za-z0-9-]{20,}", "Tavily, API keys"),
    ("Pinecone key", r"pcsk_\w{40,}", "Pinecone, API keys"),
    ("ElevenLabs key", r"sk_[0-9a-f]{40,}", "ElevenLabs, API keys"),
    ("RunPod key", r"rpa_[A-Za-z0-9]{30,}", "RunPod, API keys"),
    ("Anyscale key", r"esecret_[A-Za-z0-9]{20,}", "Anyscale, API keys"),
    ("Databricks token", r"dapi[0-9a-f]{32}(?:-\d+)?|dose[0-9a-f]{32}", "Databricks, personal access tokens"),
    ("Prefect key", r"pn[ub]_[A-Za-z0-9]{30,}", "Prefect Cloud, API keys"),
    # Source code and packages
    ("GitHub token", r"gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}", "GitHub Docs, about authentication"),
    ("GitLab token", r"(?:gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|rtr|soat|wt)-|GR1348941)[\w.-]{18,}",
     "GitLab Docs, token overview"),
    ("Atlassian token", r"(?:ATATT3|ATCTT3|ATBB|ATSTT3)[\w=-]{24,}", "Atlassian, API tokens"),
    ("Sourcegraph token", r"sgp_(?:\w{16}_|local_)?[0-9a-f]{40}", "Sourcegraph, access tokens"),
    ("npm token", r"npm_[A-Za-z0-9]{30,}", "npm Docs, access tokens"),
    ("PyPI token", r"pypi-AgE[\w-]{16,}", "PyPI, API tokens"),
    ("RubyGems key", r"rubygems_[0-9a-f]{40,}", "RubyGems Guides, API keys"),
    ("crates.io token", r"cio[A-Za-z0-9]{32}", "crates.io, API tokens"),
    ("NuGet key", r"oy2[a-z0-9]{43}", "NuGet, API keys"),
    ("Clojars token", r"CLOJARS_[0-9a-f]{40,}", "Clojars, deploy tokens"),
    ("Docker token", r"dckr_[op]at_[\w-]{20,}", "Docker Docs, access tokens"),
    ("Artifactory key", r"AKCp[0-9A-Za-z]{50,}|cmVmdGtu[A-Za-z0-9+/=]{40,}", "JFrog, access tokens"),
    ("SonarQube token", r"sq[apu]_[0-9a-f]{40}", "SonarQube, user tokens"),
    ("CircleCI token", r"CCIP(?:AT|RJ)_[A-Za-z0-9]+_[0-9a-f]{40}", "CircleCI, API tokens"),
    ("Buildkite token", r"bk[a-z]{1,3}_[0-9a-f]{40}", "Buildkite, API access tokens"),
    ("Infracost key", r"ico-[A-Za-z0-9]{32}", "Infracost, API keys"),
    # Infrastructure
    ("HashiCorp Vault token", r"hv[bsr]\.[\w-]{24,}|s\.(?=[A-Za-z]*\d)[A-Za-z0-9]{24}", "Vault, tokens"),
    ("HCP Terraform token", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}", "HCP Terraform, API tokens"),
    ("Pulumi token", r"pul-[0-9a-f]{40}", "Pulumi Cloud, access tokens"),
    ("Doppler token", r"dp\.(?:audit|ct|pt|sa|scim|st)\.[\w.-]{40,}", "Doppler, token formats"),
    ("1Password token", r"ops_eyJ[\w+/=-]{40,}", "1Password, service accounts"),
    ("1Password key", r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}", "1Password"),
    ("age key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}", "age specification"),
    ("Tailscale key", r"tskey-[a-z]+-[\w-]{16,}", "Tailscale, key prefixes"),
    ("Fly.io token", r"fo1_[\w-]{30,}|fm[12][ar]?_[\w+/=-]{60,}", "Fly.io, access tokens"),
    ("Netlify token", r"nf[pcou]_[A-Za-z0-9]{36,}", "Netlify, personal access tokens"),
    ("Render key", r"rnd_[A-Za-z0-9]{28,}", "Render API"),
    ("Cloudflare key", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}|cf(?:at|k|ut)_[A-Za-z0-9]{40,}", "Cloudflare, API keys"),
    ("Supabase key", r"sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,}", "Supabase, API keys"),
    ("Neon key", r"n(?:api|pg)_[A-Za-z0-9]{12,}", "Neon, API keys"),
    ("PlanetScale credential", r"pscale_(?:oauth|pw|tkn)_[\w.-]{30,}", "PlanetScale, service tokens"),
    ("OpenShift token", r"sha256~[\w-]{40,}", "OpenShift, OAuth tokens"),
    ("Elastic key", r"essu_[\w+/=-]{30,}", "Elastic Cloud, API keys"),
    # Monitoring
    ("Grafana token", r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_eyJ[\w+/=-]{20,}|eyJrIjoi[\w+/=-]{30,}",
     "Grafana, service accounts"),
    ("New Relic key", r"NR(?:AK|II|JS)-[A-Za-z0-9]{20,}|[0-9a-f]{36}(?:FFFF)?NRAL", "New Relic, API keys"),
    ("Sentry token", r"sntry(?:s_eyJ|u_)[\w+/=-]{40,}", "Sentry, auth tokens"),
    ("Dynatrace token", r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{60,}", "Dynatrace, access tokens"),
    ("Honeycomb key", r"hc[a-z]i[ck]_[a-z0-9]{40,}", "Honeycomb, API keys"),
    ("Postman key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", "Postman API, authentication"),
    ("LaunchDarkly key", rf"(?:api|sdk)-{_UUID}", "LaunchDarkly, API access tokens"),
    # Messages and offices
    ("Slack token", r"xox[abeoprs](?:\.xox[bp])?-[\w-]{10,}|xapp-\d-[\w-]{10,}|xoxe-[\w-]{10,}", "Slack, token types"),
    ("Discord token", r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}|mfa\.[\w-]{60,}", "Discord Developer Portal"),
    ("Telegram token", r"(?:bot)?\d{8,10}:AA[\w-]{32,}", "Telegram Bot API"),
    ("Twilio key", r"SK[0-9a-f]{32}", "Twilio, API keys"),
    ("SendGrid key", r"SG\.[\w-]{16,}\.[\w-]{16,}", "SendGrid, API keys"),
    ("Mailgun key", r"key-[0-9a-f]{32}", "Mailgun, API keys"),
    ("Mailchimp key", r"[0-9a-f]{32}-us\d{1,2}", "Mailchimp Marketing API"),
    ("Brevo key", r"x(?:keysib|smtpsib)-[0-9a-f]{40,}-[A-Za-z0-9]{16}", "Brevo, API keys"),
    ("Resend key", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", "Resend, API keys"),
    ("Notion token", r"ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}", "Notion API, authentication"),
    ("Airtable token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", "Airtable, personal access tokens"),
    ("Linear key", r"lin_(?:api|oauth)_[A-Za-z0-9]{30,}", "Linear API"),
    ("Figma token", r"fig[dour]{1,2}_[\w-]{36,}", "Figma REST API"),
    ("Asana token", r"[12]/\d{10,}(?:/\d{10,})?:[0-9a-f]{32}", "Asana, personal access tokens"),
    ("Dropbox token", r"sl\.(?:u\.)?[\w-]{100,}", "Dropbox, OAuth guide"),
    ("HubSpot token", rf"pat-[a-z]{{2}}\d-{_UUID}", "HubSpot, private apps"),
    ("Mapbox token", r"[st]k\.eyJ[\w-]{20,}\.[\w-]{20,}", "Mapbox, access tokens"),
    ("Contentful token", r"CFPAT-[\w-]{40,}", "Contentful, personal access tokens"),
    # Payments and shops
    ("Stripe key", r"[rs]k_(?:live|prod|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{24,}", "Stripe, API keys"),
    ("Square token", r"sq0(?:atp|csp|idp)-[\w-]{22,}|EAAA[\w-]{60}", "Square, access tokens"),
    ("Shopify token", r"shp(?:at|ca|pa|ss|tka)_[0-9a-f]{32}", "Shopify, authentication"),
    ("Braintree token", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}", "Braintree, tokens"),
    ("Facebook token", r"EAA[A-Za-z0-9]{80,}", "Meta, access tokens"),
    ("Plaid token", rf"access-(?:development|production|sandbox)-{_UUID}", "Plaid, access tokens"),
    # Standards
    ("JSON Web Token", r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w.-]*", "RFC 7519"),
)  # fmt: skip


_KEYS = (
    "access|account|api|auth|authentication|encryption|hmac|license|priv|private|secret|shared|shared_access|signing|"
    "storage|subscription"
)
_OTHER_KEYS = (
    "admin|aes|anthropic|app|application|cipher|clearml|client|comet|consumer|crypto|database|datadog|db|dd|decryption|"
    "deploy|fernet|functions?|hf|host|ingest|integration|kaggle|master|mlflow|openai|registration|service|session|ssh|"
    "wandb|webhook|write"
)
_ACCOUNTS = (
    "account|admin|app|database|db|docker|email|ftp|git|http|jdbc|kafka|key|ldap|login|mail|master|mongo|my|mysql|pg|"
    "postgres|proxy|rabbitmq|redis|registry|root|server|service|smtp|ssh|user"
)

_NAMES = (
    (
        "password",
        Place.NAME,
        rf"passw(?:or)?d|passwort|pass_?(?:phrase|code)|pwd|contrase[nñ]a|(?:^|_)(?:{_ACCOUNTS})_?pass",
    ),
    ("secret", Place.NAME, "secret"),
    ("key", Place.NAME, rf"(?:{_KEYS})_?key(?:_secret)?"),
    ("key", Place.RANDOM, rf"(?:^|_)(?:{_OTHER_KEYS})_?key"),
    ("token", Place.RANDOM, "token"),
    ("credential", Place.RANDOM, "credentials?|(?:^|_)(?:authorization|cookie|jwt|pat|sas)|_auth"),
)

_SCHEMES = "apikey|basic|bearer|digest|negotiate|ssws|token"
_HTTP = "curl|http|https|wget"
_USER = r"[\s=]*[\"']?[^\s:\"']{1,200}:([^\s\"']+)"
_LABEL = "[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?"
_CLIENT = r"\b(?:{})\b[^\n|;]{{,1000}}?\s"
"""A command and its words before the one that matters."""

_TEXTS = (
    (
        "password in a URL",
        Place.URL,
        "://",
        r"[a-z][a-z0-9+.-]{,20}://[^\s/:@\"'<>]{,200}:(?!\d{1,5}(?:/|$))([^\s?\"'<>]{1,500})@(?!sha256:)",
        "RFC 3986, userinfo",
    ),
    ("token in a URL", Place.URL, "://", r"https?://([a-z0-9]{20,})@(?!sha256:)", "Sentry, data source names"),
    (
        "password in a URL",
        Place.URL,
        "jdbc:oracle:",
        r"jdbc:oracle:\w+:[^\s/@]{1,100}/([^\s@]{1,200})@",
        "Oracle, JDBC Developer's Guide",
    ),
    (
        "signature of a URL",
        Place.URL,
        "x-",
        r"\bX-(?:Amz|Goog)-(?:Credential|Security-Token|Signature)=([^&\s\"']+)",
        "Amazon S3, query parameters of Signature Version 4",
    ),
    (
        "signature of a URL",
        Place.URL,
        "sig",
        r"(?<![\w-])sig(?:nature)?=([\w%+/=~-]{20,})",
        "Azure Storage, shared access signatures; CloudFront, signed URLs",
    ),
    (
        "webhook",
        Place.URL,
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|triggers|workflows)/([\w/-]{10,})",
        "Slack API, webhooks",
    ),
    (
        "webhook",
        Place.URL,
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/(\d+/[\w-]+)",
        "Discord Developer Portal, webhooks",
    ),
    (
        "webhook",
        Place.URL,
        "/webhookb2/",
        r"\.webhook\.office\.com/webhookb2/([^\s\"']+)",
        "Microsoft Teams, incoming webhooks",
    ),
    (
        "authorization header",
        Place.COMMAND,
        "authorization",
        rf"authorization[\"']?\s*[:=]\s*[\"']?(?:{_SCHEMES})\s+([^\s\"',]+)",
        "RFC 9110, authorization",
    ),
    ("bearer token", Place.COMMAND, "bearer", r"\bbearer\s+(?=[\w+/.~-]*\d)([\w+/=.~-]{16,})", "RFC 6750"),
    (
        "basic credentials",
        Place.COMMAND,
        "basic",
        r"\bbasic\s+((?:[a-z0-9+/]{4}){2,}[a-z0-9+/]{2}(?:==|[a-z0-9+/]=))",
        "RFC 7617",
    ),
    ("password of a command", Place.COMMAND, " -u", _CLIENT.format(_HTTP) + rf"-u{_USER}", "curl, manual page"),
    (
        "password of a command",
        Place.COMMAND,
        "-user",
        _CLIENT.format(_HTTP) + rf"--(?:proxy-)?user{_USER}",
        "curl, manual page",
    ),
    ("password of a command", Place.COMMAND, "sshpass", r"\bsshpass\s+-p\s*(\S+)", "sshpass, manual page"),
    (
        "password of a command",
        Place.COMMAND,
        " -p",
        _CLIENT.format("mariadb|mysql|mysqladmin|mysqldump") + r"-p(\S+)",
        "MySQL Reference Manual, end-user guidelines for password security",
    ),
    ("password of a command", Place.COMMAND, "redis-cli", _CLIENT.format("redis-cli") + r"-a\s+(\S+)", "Redis, CLI"),
    (
        "password of a command",
        Place.COMMAND,
        " login",
        _CLIENT.format("(?:docker|podman) login") + r"-p\s+(\S+)",
        "Docker, CLI",
    ),
    (
        "password of .netrc",
        Place.COMMAND,
        "machine",
        r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)",
        "GNU inetutils, .netrc",
    ),
    (
        "private key",
        Place.BLOCK,
        "private key",
        rf"-----BEGIN {_LABEL}-----[\s\S]*?(?:-----END {_LABEL}-----|\Z)",
        "RFC 7468; OpenSSH; OpenPGP",
    ),
    (
        "private key",
        Place.BLOCK,
        "putty-user-key-file",
        r"PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-MAC: \S+|\Z)",
        "PuTTY, PPK file format",
    ),
)

FORMATS = (
    *(Format(kind, Place.WORD, pattern, source) for kind, pattern, source in _WORDS),
    *(Format(kind, place, pattern, "detect-secrets, names of its KeywordDetector") for kind, place, pattern in _NAMES),
    *(Format(kind, place, pattern, source, mark) for kind, place, mark, pattern, source in _TEXTS),
)
"""Every format. Of a word the first row that matches decides."""

FILES = (
    ".env", "*.env", ".envrc", ".env.*", "!.env.example", "!.env.sample", "!.env.template",
    "**/.aws/credentials", "**/.docker/config.json", ".boto", ".dockercfg", ".git-credentials", ".htpasswd", ".netrc",
    ".pgpass", ".pypirc", ".s3cfg", ".vault-token", "_netrc", "application_default_credentials.json", "kaggle.json",
    "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa",
    "*.jks", "*.kdbx", "*.key", "*.keystore", "*.p12", "*.pfx", "*.ppk",
)  # fmt: skip
"""Files that contain credentials by their names, as patterns of gitignore; a later `!` excepts."""
