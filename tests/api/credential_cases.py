"""Credentials, and values that only look like some.

No credential stands here: each is made of a prefix and of letters that follow from it, so that nobody takes this file
for a leak.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import NamedTuple

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = {
    "a": _LOWER,
    "d": "0123456789",
    "h": "0123456789abcdef",
    "l": _LOWER + "0123456789",
    "u": _LOWER.upper() + "0123456789",
    "n": _LOWER + _LOWER.upper() + "0123456789",
}


class Case(NamedTuple):
    """A value under a name."""

    name: str
    value: str
    secret: str = ""
    """What of it is the credential. Default: all."""

    @property
    def hidden(self) -> str:
        """What must not be shown."""
        return self.secret or self.value


def _made(form: str) -> str:
    """`ghp_{n36}` with 36 letters and digits of alphabet `n` in the place of the braces, always the same ones."""
    head, *rest = form.split("{")
    text = head
    for number, part in enumerate(rest):
        kind, _, tail = part.partition("}")
        letters, wanted = _ALPHABETS[kind[0]], int(kind[1:])
        digest = b"".join(hashlib.sha256(f"{form}{number}{block}".encode()).digest() for block in range(20))
        text += "".join(letters[byte % len(letters)] for byte in digest[:wanted]) + tail
    return text


_UUID = "{h8}-{h4}-{h4}-{h4}-{h12}"
_DASHES = "-" * 5

WORDS = [
    _made(form)
    for form in (
        "AKIA{u16}", "ASIA{u16}", "ABIA{u16}", "IQoJb3JpZ2lu{n120}", "FwoGZXIvYXdz{n80}", "ABSK{n100}=",
        "bedrock-api-key-{n60}", f"amzn.mws.{_UUID}", "QVdTOmV5{n200}==", "eyJwYXlsb2FkIjoi{n300}", "AIza{n35}",
        "ya29.{n60}", "1//0{n60}", "GOCSPX-{n28}", "AQ.Ab{n50}", "AAAA{n7}:APA91b{n134}", "{n86}==", "{n76}AZDO{n4}",
        "{n42}AzSe{n6}", "{n32}+AST{n40}==", "{n3}8Q~{n34}", "LTAI{n20}", "AKID{n32}",
        "dop_v1_{h64}", "HRKU-{n60}", "SCW{u17}", "AQVN{n36}", "hf_{n34}", "api_org_{n34}", "sk-{n48}", "sk-proj-{n74}",
        "sk-svcacct-{n74}", "sk-ant-api03-{n95}", "sk-or-v1-{h64}", f"sk-lf-{_UUID}", "lsv2_pt_{h32}_{h10}",
        "ls__{h32}", "wandb_v1_{n60}", "local-{h40}", "eyJhcGlfYWRkcmVzcyI6{n80}", "KGAT_{h32}", "gsk_{n52}",
        "xai-{n80}",
        "pplx-{n48}", "r8_{n37}", "nvapi-{n64}", "fw_{n24}", "tgp_v1_{n43}", "csk-{l48}", "jina_{h32}{n28}",
        "tvly-{n32}",
        "tvly-dev-{n32}", "pcsk_{n70}", "sk_{h48}", "rpa_{n46}", "esecret_{n30}", "dapi{h32}", "dapi{h32}-2",
        "pnu_{n36}",
        "ghp_{n36}", "gho_{n36}", "ghu_{n36}", "ghs_{n36}", "ghr_{n36}", "github_pat_{n22}_{n59}", "glpat-{n20}",
        "gldt-{n20}", "glrt-{n20}", "GR1348941{n20}", "ATATT3{n180}", "ATBB{n32}", "sgp_{h40}", "npm_{n36}",
        "pypi-AgEIcHlwaS5vcmc{n150}", "rubygems_{h48}", "cio{n32}", "oy2{l43}", "CLOJARS_{h60}", "dckr_pat_{n27}",
        "AKCp{n69}", "cmVmdGtu{n56}", "squ_{h40}", "CCIPAT_{n22}_{h40}", "bkua_{h40}", "ico-{n32}", "hvs.{n90}",
        "s.1{n23}", "{n14}.atlasv1.{n67}", "pul-{h40}", "dp.pt.{n43}", "ops_eyJ{n200}",
        "A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}", "AGE-SECRET-KEY-1{u58}", "tskey-auth-{n12}-{n32}", "fo1_{n43}", "nfp_{n36}",
        "rnd_{n32}", "v1.0-{h24}-{h146}", "sbp_{h40}", "sb_secret_{n31}", "napi_{n64}", "npg_{n16}", "pscale_tkn_{n43}",
        "sha256~{n43}", "essu_{n60}", "glsa_{n32}_{h8}", "glc_eyJ{n100}", "eyJrIjoi{n80}", "NRAK-{u27}", "{h36}NRAL",
        "sntrys_eyJ{n120}", "sntryu_{h64}", "dt0c01.{u24}.{u64}", "hcaik_{l58}", "PMAK-{h24}-{h34}", f"sdk-{_UUID}",
        "xoxb-{d12}-{d13}-{n24}", "xoxp-{d12}-{d12}-{d13}-{h32}", "xapp-1-A{u10}-{d13}-{h64}", "xoxe-1-{n60}",
        "M{n25}.{n6}.{n38}", "mfa.{n84}", "{d10}:AA{n33}", "bot{d10}:AA{n33}", "SK{h32}", "SG.{n22}.{n43}",
        "key-{h32}", "{h32}-us12",
        "xkeysib-{h64}-{n16}", "re_{n8}_{n24}", "ntn_{d11}{n35}", "secret_{n43}", "pat{n14}.{h64}", "lin_api_{n40}",
        "figd_{n40}", "1/{d16}:{h32}", "sl.{n140}", f"pat-na1-{_UUID}", "sk.eyJ{n60}.{n22}", "CFPAT-{n43}",
        "sk_live_{n24}", "rk_test_{n24}", "whsec_{n32}", "sq0atp-{n22}", "sq0csp-{n43}", "EAAA{n60}", "shpat_{h32}",
        "access_token$production${l16}${h32}", "EAA{n120}", f"access-sandbox-{_UUID}", "eyJ{n33}.{n60}.{n43}",
    )
]  # fmt: skip
"""Credentials of a form that is known, whatever they are called."""

NAMED = [
    Case(name, _made(form))
    for name, form in {
        "AWS_SECRET_ACCESS_KEY": "{n20}/{n19}",
        "aws_secret_access_key": "{n10}+{n29}",
        "AWS_SESSION_TOKEN": "{n100}==",
        "password": "correct-horse",
        "DB_PASSWORD": "hunter{d2}",
        "db_password_prod": "hunter{d2}",
        "PASSWORD2": "hunter{d2}",
        "PGPASSWORD": "swordfish",
        "MYSQL_PWD": "swordfish",
        "SMTP_PASS": "swordfish",
        "redis-pass": "swordfish",
        "passphrase": "one-two-three",
        "pin_passcode": "{d8}",
        "spring.datasource.password": "swordfish",
        "dbPassword": "swordfish",
        "SECRET": "swordfish",
        "clientSecret": "swordfish",
        "SECRET_KEY_BASE": "{h128}",
        "WANDB_API_KEY": "{h40}",
        "COMET_API_KEY": "{n25}",
        "DD_API_KEY": "{h32}",
        "x-api-key": "{n40}",
        "apiKey": "{n40}",
        "AccountKey": "{n43}=",
        "SharedAccessKey": "{n43}=",
        "AZURE_OPENAI_KEY": "{h32}",
        "encryption_key": "{h64}",
        "signing-key": "{n43}=",
        "private_key": "{n64}",
        "license_key": "{u5}-{u5}-{u5}",
        "OPENAI_KEY": "{n40}",
        "session_key": "{h32}",
        "FERNET_KEY": "{n43}=",
        "HF_TOKEN": "{n34}",
        "token": "s3cr3t{n12}",
        "access_token": "{n40}",
        "GITLAB_TOKEN": "{n20}",
        "chat_token": "{n20}",
        "_authToken": _UUID,
        "DISCORD_TOKEN": "{n59}",
        "HEROKU_API_KEY": _UUID,
        "AZURE_DEVOPS_EXT_PAT": "{l52}",
        "COHERE_API_KEY": "{n40}",
        "session_cookie": "{h40}",
        "npm_config__auth": "{n30}=",
    }.items()
]
"""Credentials that their name gives away."""

_PASSWORD = _made("{n20}")
_BASIC = base64.b64encode(f"user:{_PASSWORD}".encode()).decode()
_KEY = f"{_DASHES}BEGIN RSA PRIVATE KEY{_DASHES}\n{_made('{n64}')}\n{_DASHES}END RSA PRIVATE KEY{_DASHES}"
_PUTTY = f"PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n{_made('{n64}')}\nPrivate-MAC: {_made('{h64}')}"

WITHIN = [
    Case("SETTING", text.replace("HERE", _PASSWORD), _PASSWORD)
    for text in (
        "postgres://trainer:HERE@db.internal:5432/features",
        "postgresql+psycopg2://trainer:HERE@db.internal/features?sslmode=require",
        "redis://:HERE@cache.internal:6379/0",
        "rediss://default:HERE@cache.internal",
        "mongodb+srv://trainer:HERE@cluster0.example.net/?retryWrites=true",
        "amqps://guest:HERE@queue.internal/vhost",
        "mysql://root:HERE@10.0.0.1/x",
        "https://user:HERE@example.com/simple",
        "https://x-access-token:HERE@github.com/acme/train.git",
        "git+https://oauth2:HERE@gitlab.com/acme/train.git@main",
        "--index-url https://aws:HERE@acme.d.codeartifact.eu-west-1.amazonaws.com/pypi/x/simple/",
        "https://HERE@o123.ingest.sentry.io/4501",
        "jdbc:oracle:thin:scott/HERE@db.internal:1521/x",
        "jdbc:postgresql://db.internal/x?user=trainer&password=HERE",
        "Server=tcp:db.internal,1433;User ID=trainer;Password=HERE;Encrypt=true",
        "host=db.internal user=trainer password=HERE",
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=HERE;EndpointSuffix=core.windows.net",
        "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=HERE",
        "https://acme.blob.core.windows.net/data?sv=2024-01-01&se=2030-01-01&sr=c&sig=HERE",
        "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=HERE",
        "https://storage.googleapis.com/b/k?X-Goog-Signature=HERE",
        "https://hooks.slack.com/services/T0000/B0000/HERE",
        "https://discord.com/api/webhooks/123456/HERE",
        "https://acme.webhook.office.com/webhookb2/HERE",
        "https://example.com/v1?api_key=HERE&x=1",
        '{"user": "trainer", "password": "HERE"}',
        r"{\"token\": \"HERE\", \"epochs\": 3}",
        "{'api_key': 'HERE'}",
        '["--epochs","3","--password","HERE"]',
        "python train.py --epochs 3 --password HERE",
        "python train.py --password=HERE --lr 0.1",
        "python train.py --db-password 'HERE'",
        "python train.py --wandb_api_key HERE",
        "python train.py --hf-token HERE",
        "PGPASSWORD=HERE psql -h db.internal",
        "curl -u trainer:HERE https://example.com",
        "curl --user trainer:HERE https://example.com",
        "curl -H 'Authorization: Bearer HERE' https://example.com",
        "Authorization: Token HERE",
        "Bearer HERE",
        "sshpass -p HERE ssh trainer@host",
        "mysql -h db.internal -u root -pHERE features",
        "redis-cli -h cache.internal -a HERE ping",
        "docker login -u acme -p HERE registry.example.com",
        "machine example.com login trainer password HERE",
        "//npm.example.com/:_authToken=HERE",
        "api key: HERE",
        "password: HERE",
        "epochs: 3\nsecret: HERE\n",
    )
]
"""Credentials within a value."""

BLOCKS = [
    Case("SETTING", f"Basic {_BASIC}", _BASIC),
    Case("SETTING", f"Authorization: Basic {_BASIC}", _BASIC),
    Case("SETTING", _KEY, _made("{n64}")),
    Case("SETTING", json.dumps({"type": "service_account", "private_key": _KEY}), _made("{n64}")),
    Case("SETTING", _KEY.replace("RSA", "OPENSSH"), _made("{n64}")),
    Case("SETTING", _KEY.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"), _made("{n64}")),
    Case("SETTING", _KEY.partition(f"\n{_DASHES}END")[0], _made("{n64}")),
    Case("SETTING", _PUTTY, _made("{n64}")),
]

CREDENTIALS = [*(Case("SETTING", word) for word in WORDS), *NAMED, *WITHIN, *BLOCKS]
"""Each is rejected in a request, and masked in a text."""

ORDINARY = [
    *(
        Case("setting", value)
        for value in (
            # Numbers and switches
            "0", "1", "-1", "0.001", "1e-5", "3.14159", "1_000_000", "1024", "20241126", "4294967295", "true", "False",
            "None", "yes", "auto", "[1, 2, 3]", "[0.1, 0.2]", "1,2,3", "50%", "16GB", "2h", "1:2", "224x224", "-inf",
            # Hyperparameters
            "reg:squarederror", "multi:softprob", "binary:logistic", "adamw_torch_fused", "cosine_with_restarts",
            "validation:accuracy", "train.py", "bfloat16", "fp16-mixed", "relu", "year,month,day_of_month",
            "max_depth=5", "lr=0.1 epochs=3", "loss=([0-9.]+)", "ddp_find_unused_parameters_true", "flash_attention_2",
            "--epochs 3 --lr 0.1 --batch-size 32", "--max_tokens 512 --max-tokens=512 --num-token 128",
            "--tokenizer bert-base --tokenizer=bert-base", "--token-file /opt/ml/input/token --password-file path",
            "--pad_token <pad> --mask-token [MASK] --use_auth_token true", "--key value --sort-key name -p 8080",
            "basic training with basic configuration", "bearer of good news", "the next token is sampled",
            "basic ResNet50", "sk-learn-random-forest-classifier", "sk-learn", "hf_hub", "hf_transfer_enabled_for_all",
            "r8_large", "re_small_base", "pat-baseline", "key-value-store", "sig=3", "fw_bw_overlap", "s.checkpoint",
            # Models and images
            "meta-llama/Llama-2-7b-hf", "mistralai/Mixtral-8x7B-Instruct-v0.1", "google/flan-t5-xxl", "gpt2",
            "bert-base",
            "huggingface-llm-mistral-7b-instruct", "stabilityai/stable-diffusion-xl-base-1.0", "sentence-transformers",
            "TheBloke/Llama-2-70B-Chat-GPTQ", "Qwen2.5-Coder-32B-Instruct-AWQ-Int4", "nvidia/Nemotron-4-340B-Instruct",
            "microsoft/Phi-3-mini-128k-instruct", "xlm-roberta-large-finetuned-conll03-english", "deepseek-coder-v2",
            "AKIRA-7B-chat", "ASIANetV2LargeModel", "eyJustAName", "xoxo-model", "pypi-mirror", "npm_lockfile",
            "hf-internal-testing/tiny-random-LlamaForCausalLM", "VGG16WithBatchNormalization2024", "efficientnet_b7_ns",
            "model-AbCdEfGhIjKlMnOpQrStUvWxYz", "run-9f86d081884c7d659a2feaa0c55ad015", "exp_20241126_153000_a1b2c3",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", "public.ecr.aws/docker/library/python:3.12",
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311-cu124-ubuntu22.04-sagemaker",
            "ghcr.io/acme/train@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "docker://ubuntu:22.04@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            # Addresses
            "s3://bucket/job/source/sourcedir.tar.gz", "s3://bucket/a/b=1/c=2/part-00000.snappy.parquet",
            "/opt/ml/code",
            "s3://bucket/data/2024-11-26T15:30:00Z/", "https://example.com/a/b?c=d&e=f#g", "http://localhost:8080/a@b",
            "https://bucket.s3.eu-west-1.amazonaws.com/key", "hdfs://namenode:8020/user/trainer",
            "file:///opt/ml/model",
            "abfss://container-2024-training-data-v2@account.dfs.core.windows.net/path",
            "ssh://git@github.com/acme/x.git",
            "git@github.com:acme/train.git", "git+https://github.com/acme/train.git@v1.2.3",
            "https://user@example.com/",
            "postgres://db.internal:5432/features", "redis://cache.internal:6379/0", "tcp://10.0.0.1:2379",
            "10.0.0.0/16",
            "postgres://trainer:${DB_PASSWORD}@db.internal/x", "https://user:<password>@example.com", "[::1]:8080",
            "smtp://mail.internal:587", "user@example.com", "db.internal:5432", "http://10.0.0.1:9000/", "..",
            "./train",
            "mongodb://h1:27017,h2:27017/x?replicaSet=rs0", "https://example.com/oauth2/token", "nccl://10.0.0.1:1234",
            "https://acme.blob.core.windows.net/data/train.csv?sv=2024-01-01&sr=c", "C:\\data\\train.csv",
            "https://mlflow.internal/#/experiments/1/runs/9f86d081884c7d659a2feaa0c55ad015",
            # ARNs and identifiers
            "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20200101T000001",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:wandb-AbCdEf",
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:sagemaker:eu-west-1:123456789012:training-job/model-9f86d081884c",
            "1234abcd-12ab-34cd-56ef-1234567890ab", "8f2e1c3b4a5d6e7f8091a2b3c4d5e6f708192a3b", "8f2e1c3",
            "v1.2.3-rc.1+5",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "d41d8cd98f00b204e9800998ecf8427e",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "subnet-0123456789abcdef0",
            "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
            "AIDACKCEVSQ6C2EXAMPLE", "AROAEXAMPLEID23456789:session", "2024-11-26", "2024-11-26T15:30:00.123456+01:00",
            "ml.p4d.24xlarge", "eu-west-1", "cpe:2.3:a:x:y", "fs-0123456789abcdef0", "01HZXJ8Q2R3S4T5V6W7X8Y9Z0A",
            # Structures
            '{"lr": 0.1, "layers": [64, 32], "dropout": null}', '["age", "income", "postal_code", "education"]',
            '{"tokenizer": "bert", "max_tokens": 512, "pad_token": "[PAD]"}', '{"keys": ["a", "b"]}', "{'a': 'b'}",
            "a: b\nc: d", '{"password_length": 12, "secret_name": "prod/wandb"}', "name=value;other=value", '"quoted"',
            "eyJsciI6IDAuMSwgImVwb2NocyI6IDN9", "SELECT token, key FROM t WHERE a = 'b'", "^(?P<key>[a-z]+)=(.*)$",
            "import os; print(os.environ)", "python -m train --config configs/base.yaml", "a/b/c", "*.parquet",
            "A photo of sks dog, 8k, highly detailed", "Réseau de neurones à convolution", "深度学习", "",
        )
    ),
    *(
        Case(name, value)
        for name, value in {
            "tokenizer": "bert-base-uncased", "tokenizer_name": "meta-llama/Llama-2-7b-hf", "tokenization": "fast",
            "tokenizer_revision": "8f2e1c3b4a5d6e7f8091a2b3c4d5e6f708192a3b", "max_tokens": "4096", "num_token": "128",
            "pad_token": "[PAD]", "eos_token": "<|endoftext|>", "bos_token": "<s>", "unk_token": "<unk>",
            "token": "word", "mask_token": "[MASK]", "image_token": "<image>", "placeholder_token": "<cat-toy>",
            "instance_token": "sks", "token_pooling": "mean_over_tokens", "eos_token_id": "50256",
            "token_type": "bert2",
            "use_auth_token": "true", "hf_token": "swordfish",
            "tokens_per_second": "51200", "special_tokens": "a1b2c3d4e5f6", "token_limit": "8192", "stop_token": "END",
            "secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:wandb-AbCdEf",
            "secret": "wandb/training",
            "secret_name": "wandb/training", "SECRET_ID": "prod-db-1", "client_secret": "${CLIENT_SECRET}",
            "password_file": "/opt/ml/input/data/password", "PASSWORD": "{{resolve:secretsmanager:db:SecretString}}",
            "password_column": "pw_hash", "password_policy": "strict", "password_min_length": "12", "password": "none",
            "DB_PASSWORD_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf",
            "PWD": "/opt/ml",
            "kms_key_id": "1234abcd-12ab-34cd-56ef-1234567890ab", "kms_key": "alias/training", "API_KEY": "${API_KEY}",
            "api_key_env": "WANDB_API_KEY", "API_KEY_PATH": "/run/secrets/key", "api_key_header": "X-Api-Key-2",
            "key": "label", "sort_key": "user_id_2023", "partition_keys": "year,month",
            "key_metric": "validation:accuracy",
            "primary_key": "customer_id", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample trainer@host",
            "cache_key": "9f86d081884c7d659a2feaa0c55ad015", "object_key": "data/2024/11/26/part-00000.parquet",
            "idempotency_key": "1234abcd-12ab-34cd-56ef-1234567890ab", "hotkey": "ctrl", "monkey": "george",
            "forward_pass": "backward", "single_pass": "true", "bypass": "on", "compass": "north",
            "key_pass_ratio": "0.5",
            "GOOGLE_APPLICATION_CREDENTIALS": "/opt/ml/credentials.json", "credentials_provider": "ec2",
            "AWS_ACCESS_KEY_ID_ENV": "AWS_ACCESS_KEY_ID", "auth": "iam", "authorization": "role", "author": "A. Turing",
            "cookie_policy": "lax", "jwt_audience": "training",
            "git_commit": "8f2e1c3b4a5d6e7f8091a2b3c4d5e6f708192a3b",
            "service_key": "svc-eu-west-1", "app_key": "training-app", "session_token": "$AWS_SESSION_TOKEN",
            "access_key": "%ACCESS_KEY%", "secret_key": "***", "private_key": "s3://bucket/keys/id", "dataset_sha256":
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "spatial": "true", "sasrec": "base",
        }.items()
    ),
]  # fmt: skip
"""Each is accepted in a request, and left alone in a text."""
