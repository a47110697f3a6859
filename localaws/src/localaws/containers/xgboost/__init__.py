"""SageMaker's XGBoost as a program: `python -m localaws.containers.xgboost train`.

It reads and writes what SageMaker documents for a training container, below /opt/ml or SAGEMAKER_BASE_DIR, and refuses
what AWS's container refuses, in its words. `contract` has the folder, `data` reads channels, `hosts` connects several
hosts, `metrics` has what XGBoost itself lacks, `training` trains. Nothing here depends on the local AWS.
"""
